import Archive
import Foundation
import Harness
import Records
import Subprocess
import Testing

@Suite struct StatusTests {
  @Test func `a manifest that was never run is pending, and nothing is made`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    let status = try await bench.mneme(["status", bench.manifest])
    #expect(status.status == .exited(0))
    #expect(status.output.hasPrefix("2 runs: 2 pending\n"))
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test func `states are counted, and what is not done is listed`() async throws {
    let bench = try Workbench(seeds: [1, 2, 3])
    let store = try bench.opened()
    let places = try bench.specifications().map { try store.add($0.storedSettings) }
    let provenance = Provenance(arguments: [], threads: 1)
    guard case .claimed(let failing) = try places[0].claim(provenance),
      case .claimed(let going) = try places[1].claim(provenance)
    else { throw Unexpected(what: "the runs of a new store are taken") }
    try failing.end(
      .failed, failure: .diverged, message: "at step 3, the loss was not a finite number any more")
    try going.say("step", ["step": .integer(45), "steps": .integer(90), "loss": .real(1.25)])
    let status = try await bench.mneme(["status", bench.manifest])
    #expect(status.output.hasPrefix("3 runs: 1 running, 1 pending, 1 failed\n"))
    #expect(status.output.contains("seed=1  failed   diverged ×1: at step 3"))
    #expect(status.output.contains("seed=2  running  step 45/90, 50 %, loss 1.25, process"))
    let json = try await bench.mneme(["status", "--json"])
    #expect(json.output.contains("\"state\" : \"running\""))
    // No manifest was run here, so each is called by what tells most.
    #expect(
      json.output.contains(
        "\"label\" : \"task.kind=sorting model.kind=memoria model.memory=long-term seed=1\""))
    try going.end(.stopped)
  }

  @Test func `a damaged result is a state, and no pass`() async throws {
    let bench = try Workbench()
    _ = try await bench.mneme(["run", bench.manifest])
    let place = try bench.place()
    try FileManager.default.removeItem(atPath: place.resultPath)
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: place.resultPath))
    let status = try await bench.mneme(["status", bench.manifest])
    #expect(status.status == .exited(1))
    #expect(status.output.hasPrefix("1 run: 1 corrupt\n"))
    let run = try await bench.mneme(["run", bench.manifest])
    #expect(run.status == .exited(1))
    #expect(run.errors.contains("corrupt"))
  }

  @Test func `one bit of a result is enough for status, plan and run to tell, by the name of the file`()
    async throws
  {
    let bench = try Workbench(seeds: [1, 2])
    _ = try await bench.mneme(["run", bench.manifest])
    let path = try bench.place().resultPath
    try bench.flip(path)
    for command in ["status", "plan", "run"] {
      let answer = try await bench.mneme([command, bench.manifest])
      let text = answer.output + answer.errors
      #expect(text.contains("corrupt") && text.contains("result.h5 is damaged: its digest is "), "\(text)")
      #expect(text.contains(": mneme fsck --deep --store \(bench.store)\n"), "\(text)")
      #expect(answer.status == .exited(command == "plan" ? 0 : 1), "\(command)")
    }
  }

  @Test func `a hash takes no --set, and a failed run is a finding`() async throws {
    let bench = try Workbench()
    let failed = try await bench.mneme(["run", bench.manifest], fault: "after-claim:trap")
    #expect(failed.status == .exited(1))
    #expect(try await bench.mneme(["status", bench.manifest]).status == .exited(1))
    let hash = try Manifest(reading: bench.manifest).hash.short
    #expect(try await bench.mneme(["status", hash]).output.contains("crash ×1"))
    let refused = try await bench.mneme(["status", hash, "--set", "seed=2"])
    #expect(refused.status == .exited(2))
    #expect(refused.errors.contains("is a hash, and what a hash names never changes"))
  }

  @Test func `logs of a run that was never begun, or of another attempt, are refused`() async throws {
    let bench = try Workbench()
    let hash = try bench.place().id.short
    let never = try await bench.mneme(["logs", hash])
    #expect(never.status == .exited(2))
    #expect(never.errors.contains("was never begun"))
    _ = try await bench.mneme(["run", bench.manifest])
    let other = try await bench.mneme(["logs", hash, "--attempt", "7"])
    #expect(other.status == .exited(2))
    #expect(other.errors.contains("it has 1"))
    let ended = try await bench.mneme(["logs", hash, "-f"])
    #expect(ended.status == .exited(0))
    #expect(ended.errors.contains("attempt 1 done after"))
  }
}
