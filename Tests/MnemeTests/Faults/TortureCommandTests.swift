import Archive
import Foundation
import Harness
import Records
import Subprocess
import Testing

@Suite struct TortureCommandTests {
  @Test(.timeLimit(.minutes(5))) func `kills are counted, and every byte is that of the undisturbed run`()
    async throws
  {
    let bench = try Workbench(examples: 40, seeds: [1, 2])
    let tortured = try await bench.mneme(["torture", bench.manifest, "--kills", "4"])
    #expect(tortured.status == .exited(0), "\(tortured.output)\(tortured.errors)")
    let lines = tortured.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    func figure(_ label: String) -> String? {
      let words = label.split(separator: " ").map(String.init)
      return lines.first { $0.dropLast() == words[...] }?.last
    }
    #expect(figure("kills") == "4")
    let byKind = ["of a worker", "of the scheduler", "of the scheduler and its workers"].map {
      figure($0).flatMap { Int($0) } ?? -1
    }
    #expect(byKind.reduce(0, +) == 4)
    #expect(figure("files that differ") == "0" && figure("finished runs lost") == "0")
    #expect(figure("wrong numbers read") == "0")
    #expect(figure("numbers read meanwhile").flatMap { Int($0) } ?? 0 > 0)
    // Settings, results and weights of two runs, their manifest, and VERSION, in every store.
    let (files, rounds) = (figure("files compared byte by byte"), figure("stores brought to the end"))
    #expect(files.flatMap { Int($0) } == (rounds.flatMap { Int($0) } ?? 0) * 8)
    #expect(tortured.output.hasSuffix("Every byte is that of the undisturbed runs.\n"))
    #expect(tortured.errors.contains("2 runs undisturbed\n"))
    // It leaves nothing behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.store) == ["VERSION"])
  }

  @Test func `a difference is a finding, with the file and the bytes`() throws {
    var report = TortureReport()
    #expect(report.status == .unable && report.text.contains("Nothing was compared."))
    report.add(files: 3, differences: ["runs/ab/result.h5, element 600: expected 0x01, found 0x00"])
    #expect(report.status == .finding)
    #expect(report.text.contains("element 600: expected 0x01"))
    #expect(report.json.contains("\"files.different\" : 1"))
  }

  @Test func `points and deeds are listed`() async throws {
    let listed = await (try Shelf()).mneme(["torture", "--points"])
    #expect(listed.status == 0)
    for point in FaultPoint.allCases {
      #expect(listed.output.contains(point.rawValue + (point.passers == nil ? "\n" : "  (")))
    }
    #expect(listed.output.contains("error=ENOSPC") && listed.output.contains("hold=<file>"))
    let json = await (try Shelf()).mneme(["torture", "--points", "--json"])
    #expect(json.output.contains("\"publish.after-fsync\""))
  }

  @Test func `a point that no worker passes is passed by those that are named`() async throws {
    let bench = try Workbench()
    let fault = "publish.after-rename:kill"
    #expect(try await bench.work(fault: fault).status == .exited(0))
    let table = ["table", "--rows", "model.kind", "--cell", "test.accuracy"]
    #expect(try await bench.mneme(table, fault: fault).status == .signaled(SIGKILL))
    try bench.flip("\(try bench.place().path)/spec")
    #expect(try await bench.mneme(["run", bench.manifest], fault: fault).status == .signaled(SIGKILL))
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
  }

  @Test(arguments: [
    (["torture"], "There is no manifest"), (["torture", "x.yaml"], "--kills is missing"),
    (["torture", "x.yaml", "--kills", "0"], "expected 1 to 100000"),
    (["torture", "x.yaml", "--kills", "1"], "x.yaml"),
  ])
  func `what cannot be done leaves with 2 and a sentence`(arguments: [String], words: String) async throws {
    let refused = await (try Shelf()).mneme(arguments)
    #expect(refused.status == 2)
    #expect(refused.errors.contains(words), "\(refused.errors)")
  }

  @Test func `runs that fail by themselves cannot be compared`() async throws {
    let bench = try Workbench()
    let refused = try await bench.mneme(
      ["torture", bench.manifest, "--kills", "1"], fault: "after-claim:trap")
    #expect(refused.status == .exited(2))
    #expect(refused.errors.contains("the runs fail without any kill"))
  }
}
