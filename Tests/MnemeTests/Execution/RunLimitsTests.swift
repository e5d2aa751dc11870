import Archive
import Foundation
import Glibc
import Harness
import Subprocess
import Testing

@Suite struct RunLimitsTests {
  @Test func `of two invocations at once one survives the death of the other, and all runs are done`()
    async throws
  {
    let bench = try Workbench(examples: 400, seeds: [1, 2, 3, 4])
    try bench.whenBegun { kill($0, SIGKILL) }
    async let one = bench.mneme(["run", bench.manifest, "--jobs", "1"])
    async let other = bench.mneme(["run", bench.manifest, "--jobs", "1"])
    let both = try await [one, other]
    #expect(both.contains { $0.status == .exited(0) })
    #expect(
      both.allSatisfy { [.exited(0), .signaled(SIGKILL)].contains($0.status) }, "\(both.map(\.errors))")
    for specification in try bench.specifications() {
      #expect(try bench.opened().run(specification.run).state(verifying: true) == .done)
    }
    #expect(try bench.opened().check(deep: true).isEmpty)
  }

  @Test func `SIGUSR1 asks how far it is, and disturbs nothing`() async throws {
    let bench = try Workbench(examples: 400_000)
    try bench.whenBegun {
      kill($0, SIGUSR1)
      sleep(2)
      kill($0, SIGHUP)
    }
    let run = try await bench.mneme(["run", bench.manifest])
    #expect(run.status == .exited(3))
    #expect(run.errors.contains("\n0/1 done, 1 running, "))
  }

  @Test func `what it is to heed is in the line that continues, and in what stops it`() async throws {
    let bench = try Workbench(seeds: [1, 2, 3], resources: "{slots: {gpu: 1}}")
    let refused = try await bench.mneme(["run", bench.manifest])
    #expect(refused.status == .exited(2))
    #expect(refused.errors.contains("resources.slots.gpu is 1, --slots offers none"))
    #expect(!FileManager.default.fileExists(atPath: bench.store), "nothing is written for what is refused")
    #expect(try bench.place().attempts().isEmpty)
    let strange = try await bench.mneme(["run", bench.manifest, "--only", "sead=1"])
    #expect(strange.status == .exited(2) && strange.errors.contains("--only, column 1: "))
    let options = [
      "--slots", "gpu=1", "--memory", "64GiB", "--timeout", "30m", "--time-budget", "2h", "--retry-oom",
      "--max-runs", "1", "--no-wait",
    ]
    let stopped = try await bench.mneme(
      ["run", bench.manifest, "--only", "seed>=2", "-k", "--json"] + options)
    #expect(stopped.status == .exited(3))
    #expect(stopped.errors.contains("tiny: 2 runs: 1 computed, 0 reused, 1 left"))
    let continuation =
      "mneme run \(bench.manifest) --only 'seed>=2' --keep-going \(options.joined(separator: " ")) --store \(bench.store)"
    #expect(stopped.errors.contains("To continue: \(continuation)\n"))
    #expect(stopped.output.contains("\"\(continuation)\""))
  }
}
