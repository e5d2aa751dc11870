import Archive
import FaultSuite
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// Workers that are killed for memory: by the kernel, in a control group, and by themselves, at a limit.
@Suite(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
struct MemoryFaultTests {
  /// A run that holds some 300 MiB, nearly all of it weights.
  private static func large(seeds: [Int] = [1]) throws -> Workbench {
    try Workbench(examples: 2, seeds: seeds, width: 512)
  }

  @Test(
    .timeLimit(.minutes(10)),
    .enabled(
      if: try FaultFigures.canTry(
        "worker killed for memory by the kernel", MemoryGroup.isPossible,
        needs: "the right to make a control group with the memory controller"),
      "NOT RUN; the table of figures says what it needs"))
  func `a worker that the kernel kills for memory is oom, not tried again unasked, and finishes with more`()
    async throws
  {
    let undisturbed = try Self.large()
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
    let needed = try #require(try undisturbed.place().attempts().last?.end?.peakBytes)
    for share in [0.4, 0.8] {
      let bench = try Self.large()
      let group = try MemoryGroup(mebibytes: Int(Double(needed) * share) >> 20)
      let short = try await bench.mneme(["run", bench.manifest], in: group)
      let kills = try group.kills()
      #expect(short.status == .exited(1) && kills == 1, "\(share): \(short)")
      #expect(try bench.place().state() == .failed(.outOfMemory, attempts: 1))
      let end = try #require(try bench.place().attempts().last?.end)
      let sentence = "killed for want of memory: the kernel ended a process for that meanwhile"
      #expect(end.failure == .outOfMemory && end.message == sentence)
      #expect(short.errors.contains("failed (oom): \(sentence)"))
      #expect(short.errors.contains(" --retry-failed --retry-oom\n"), "\(short.errors)")
      #expect(try bench.damage().isEmpty)
      // Unasked it is left alone.
      let unasked = try await bench.mneme(["run", bench.manifest], in: group)
      #expect(unasked.status == .exited(1))
      #expect(try group.kills() == kills)
      try group.change(mebibytes: needed >> 19)
      let retried = try await bench.mneme(
        ["run", bench.manifest, "--retry-failed", "--retry-oom"], in: group)
      #expect(retried.status == .exited(0), "\(share): \(retried.errors)")
      let difference = try bench.firstDifference(from: undisturbed)
      try #require(difference == nil)
      #expect(try bench.damage().isEmpty)
      try FaultFigures.count(
        "worker killed for memory by the kernel", "class oom; with more memory finished, same bytes", kills)
    }
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: MemoryGroup.isPossible, "needs a control group"))
  func `where three runs are too many at a time, the one that is killed is tried again alone`() async throws {
    let undisturbed = try Self.large(seeds: [1, 2, 3])
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest, "--jobs", "1"]).status == .exited(0))
    let needed = try #require(try undisturbed.place().attempts().last?.end?.peakBytes)
    let bench = try Self.large(seeds: [1, 2, 3])
    let group = try MemoryGroup(mebibytes: (needed + needed / 5) >> 20)
    let run = try await bench.mneme(["run", bench.manifest, "--jobs", "3", "--retry-oom"], in: group)
    #expect(run.status == .exited(0), "\(run.errors)")
    let kills = try group.kills()
    #expect(kills >= 1)
    #expect(run.errors.contains("oom: killed for want of memory"), "\(run.errors)")
    let difference = try bench.firstDifference(from: undisturbed)
    try #require(difference == nil)
    #expect(try bench.damage().isEmpty)
    try FaultFigures.count(
      "worker killed for memory by the kernel", "three at a time: tried again alone, same bytes", kills)
  }

  @Test(.timeLimit(.minutes(5)))
  func `a worker without memory costs its run alone, and with memory the same bits come out`() async throws {
    let calm = try await Workbench.calm.value
    var deaths = 0
    for mebibytes in stride(from: 60, through: 600, by: 60) {
      let bench = try Workbench()
      let run = try bench.place().id.hex
      let result = try await Subprocess.run(
        .path("/bin/sh"),
        arguments: [
          "-c", "ulimit -v \(mebibytes * 1024); exec \"$0\" worker --run \(run) --store \"$1\"",
          Workbench.program, bench.store,
        ],
        environment: .inherit.updating(["SWIFT_BACKTRACE": "enable=no"]), input: .none,
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      if result.terminationStatus == .exited(0) { continue }
      deaths += 1
      #expect(try bench.damage().isEmpty, "\(mebibytes) MiB")
      #expect(try await bench.work().status == .exited(0), "\(mebibytes) MiB")
      let isSame = try bench.published() == calm
      try #require(isSame, "\(mebibytes) MiB")
    }
    #expect(deaths > 0)
    try FaultFigures.count(
      "worker refused memory (ulimit -v)", "died; with more memory finished, same bytes", deaths)
  }
}
