import Foundation
import Harness
import Testing

@Suite struct BitsReportTests {
  private static let difference = BitsDifference("parameter w, element 3", expected: "0x00", found: "0x01")

  private static func report(_ cells: BitsCell...) -> BitsReport {
    BitsReport(
      [
        BitsTable(
          "varied", columns: cells.indices.map { "model\($0)" }, rows: [BitsTable.Row("3 threads", cells)])
      ],
      remarks: [])
  }

  @Test func `a difference is told under the table, and the status is 1`() {
    let report = Self.report(.same, .different(Self.difference), .notRun("no avx512"))
    #expect(report.status == .finding)
    let lines = report.text.split(separator: "\n").map { String($0) }
    #expect(lines.contains("varied     model0  model1         model2"))
    #expect(lines.contains("3 threads  same    DIFFERENT (1)  not run: no avx512"))
    #expect(lines.contains("(1) 3 threads, model1: parameter w, element 3: expected 0x00, found 0x01"))
    #expect(lines.last == "1 same, 1 different, 1 not run")
    #expect(lines[0].contains("kernels") && lines[0].contains(BitsReport.build))
  }

  @Test func `what was not run is no difference, and never a pass`() {
    #expect(Self.report(.same, .notRun("no avx512")).status == .done)
    #expect(Self.report(.same, .notRun("no avx512")).counts.same == 1)
    #expect(Self.report(.notRun("no avx512")).status == .unable)
  }

  @Test func `what failed is no pass`() {
    let report = Self.report(.same, .failed("there is no such program"))
    #expect(report.status == .unable)
    #expect(report.text.contains("(1) 3 threads, model1: there is no such program"))
    #expect(report.text.hasSuffix("1 same, 0 different, 0 not run, 1 failed\n"))
    #expect(Self.report(.different(Self.difference), .failed("")).status == .finding)
  }

  @Test func `programs get one object a comparison`() throws {
    let report = Self.report(.same, .different(Self.difference), .notRun("no avx512"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect(object["same"] as? Int == 1 && object["different"] as? Int == 1 && object["not_run"] as? Int == 1)
    let comparisons = try #require(object["comparisons"] as? [[String: String]])
    #expect(comparisons.map { $0["outcome"] } == ["same", "different", "not run"])
    #expect(comparisons[1]["place"] == "parameter w, element 3" && comparisons[1]["found"] == "0x01")
    #expect(comparisons[2]["reason"] == "no avx512")
  }
}
