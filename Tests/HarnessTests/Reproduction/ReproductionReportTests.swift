import Archive
import Foundation
import Harness
import Records
import Testing

@Suite struct ReproductionReports {
  private let run = Digest.sha256([1])
  private let other = Digest.sha256([2])

  private func start(code: String, threads: Int = 1) throws -> AttemptStart {
    let text = """
      {"attempt": 1, "started": "", "monotonic": 1, "host": "a", "pid": 1, "arguments": [], "code": "\(code)",
       "toolchain": "Swift 6.3", "cpu": "c", "kernel": "Linux 6", "hdf5": "1.10.8", "threads": \(threads)}
      """
    return try JSONDecoder().decode(AttemptStart.self, from: Data(text.utf8))
  }

  private func code(_ published: String, _ again: String, threads: Int = 1) throws -> CodeComparison {
    CodeComparison(published: try start(code: published), again: try start(code: again, threads: threads))
  }

  private let comparison = ResultComparison(
    first: ResultDifference("train.loss at step 3", .metric("train.loss", step: 3), 1.0, 1.0.nextUp),
    tensor: ResultDifference("tensor a, element 0", .weight(tensor: "a", element: 0), Float(1), Float(2)),
    parameters: ParameterComparison(
      [NamedArray(name: "a", shape: [], values: [1])], [NamedArray(name: "a", shape: [], values: [2])]))

  @Test func `what computed them is compared part by part, and what nobody wrote down is named`() throws {
    let one = try code("00ff", "00fe", threads: 2)
    #expect(one.text == "executable 00ff → 00fe, threads 1 → 2")
    #expect(one.unrecorded == ["source commit", "kernels"])
    #expect(CodeComparison(published: nil, again: nil).unrecorded.count == 9)
    let hash = String(repeating: "a", count: 64)
    #expect(try code(hash, "b").text == "executable aaaaaaaaaaaa → b")
  }

  @Test func `the same bits from other code are told to be that`() throws {
    let line = ReproductionReport.Line(
      run: run, label: "seed=1", finding: .identical(other), code: try code("1", "2"))
    let report = ReproductionReport(manifest: nil, sample: nil, lines: [line])
    #expect(report.status == .done)
    #expect(
      report.text == """
        identical     \(run.short)  seed=1  result \(other.short)
          the same bits from other code: executable 1 → 2

        """)
    let same = ReproductionReport.Line(
      run: run, label: "", finding: .identical(other), code: try code("1", "1"))
    #expect(
      ReproductionReport(manifest: nil, sample: nil, lines: [same]).text
        == "identical     \(run.short)  result \(other.short)\n")
  }

  @Test func `a difference is told with step, weight, parameters and code`() throws {
    let line = ReproductionReport.Line(
      run: run, label: "seed=1", finding: .differs(comparison), code: try code("1", "2"))
    let report = ReproductionReport(manifest: nil, sample: nil, lines: [line])
    #expect(report.status == .finding)
    let digests = comparison.parameters?.differences.first
    #expect(
      report.text == """
        differs       \(run.short)  seed=1  first in train.loss at step 3: published 1.0 (0x3ff0000000000000), now \
        1.0000000000000002 (0x3ff0000000000001), 1 ulp apart
          first in tensor a, element 0: published 1.0 (0x3f800000), now 2.0 (0x40000000), 8,388,608 ulps apart
          1 of 1 parameters differ, by digest: a \(digests?.published?.short ?? "") → \(digests?.again?.short ?? "")
          from other code: executable 1 → 2

        """)
    let object = try #require(
      (JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [[String: Any]])?.first)
    #expect(object["verdict"] as? String == "differs")
    #expect(object["metric"] as? String == "train.loss" && object["step"] as? Int == 3)
    #expect(object["published_bits"] as? String == "0x3ff0000000000000" && object["ulps"] as? Int == 1)
    #expect(object["tensor.name"] as? String == "a" && object["tensor.element"] as? Int == 0)
    #expect(object["tensor.again_bits"] as? String == "0x40000000")
    #expect((object["parameters.differing"] as? [[String: Any]])?.first?["name"] as? String == "a")
    #expect((object["code.differences"] as? [[String: Any]])?.first?["part"] as? String == "executable")
    #expect(object["code.unrecorded"] as? [String] == ["source commit", "kernels"])
  }

  @Test func `the same program that gives other bits is told to be in the wrong`() throws {
    let line = ReproductionReport.Line(
      run: run, label: "", finding: .differs(comparison), code: try code("1", "1"))
    #expect(
      ReproductionReport(manifest: nil, sample: nil, lines: [line]).text.contains(
        "  from the same code, machine and options, which should have given the same bits\n"))
  }

  @Test func `code that is other for all runs alike is told once, and a sample by its seed`() throws {
    let manifest = try Sample.project().manifest()
    let sample = RunSample(2, of: manifest, seed: 5)
    let lines = try sample.runs.map {
      ReproductionReport.Line(
        run: $0.run, label: "x", finding: .identical(other), code: try code("1", "2"))
    }
    let report = ReproductionReport(manifest: manifest.hash, sample: sample, lines: lines)
    #expect(
      report.text.hasSuffix(
        """
        the same bits from other code: executable 1 → 2
        2 runs: identical; 2 of 4 runs of manifest \(manifest.hash.short), sample seed 5

        """))
    #expect(report.text.components(separatedBy: "other code").count == 2)
    let objects = try #require(
      JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [[String: Any]])
    #expect(objects.allSatisfy { $0["sample.of"] as? Int == 4 && $0["sample.seed"] as? String == "5" })
    #expect(objects.allSatisfy { $0["manifest"] as? String == manifest.hash.hex })
  }

  @Test func `what could not be compared is never a pass`() {
    let same = ReproductionReport.Line(run: run, label: "", finding: .identical(other), code: nil)
    let unable = ReproductionReport.Line(
      run: other, label: "", finding: .incomparable("it is gone"), code: nil)
    let report = ReproductionReport(manifest: nil, sample: nil, lines: [same, unable])
    #expect(report.status == .unable)
    #expect(report.text.hasSuffix("not compared  \(other.short)  it is gone\n1 of 2 runs are identical\n"))
    #expect(ReproductionReport(manifest: nil, sample: nil, lines: [same], isStopped: true).status == .stopped)
  }
}
