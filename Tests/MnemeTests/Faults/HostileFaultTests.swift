import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// Clocks, neighbours, hangs and memory.
@Suite(.enabled(if: FaultSuite.isAsked, "slow: `make test-faults`"))
struct HostileFaultTests {
  @Test(
    .timeLimit(.minutes(5)), .enabled(if: BackwardClock.isPossible, "needs cc; clocks were NOT turned back"))
  func `a clock that goes backwards changes nothing but the times that are written down`() async throws {
    let undisturbed = try Workbench(seeds: [1, 2])
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
    let bench = try Workbench(seeds: [1, 2])
    let clock = try BackwardClock()
    let variables = ["LD_PRELOAD": clock.library]
    _ = try bench.opened().add(try #require(try bench.specifications().first).storedSettings)
    let killed = try await bench.mneme(
      ["worker", "--run", try bench.place().id.hex, "--checkpoint-seconds", "0"],
      fault: "before-weights:kill", variables: variables)
    #expect(killed.status == .signaled(SIGKILL))
    let run = try await bench.mneme(["run", bench.manifest], variables: variables)
    #expect(run.status == .exited(0), "\(run.errors)")
    let isSame = try bench.published() == undisturbed.published()
    #expect(isSame)
    #expect(try bench.damage().isEmpty)
    let attempts = try bench.place().attempts()
    // The clock did go backwards, the order of attempts is that of their numbers, and no time is negative.
    let starts = attempts.compactMap { $0.start?.started }
    #expect(starts.count == 2 && starts[0] > starts[1], "\(starts)")
    #expect(attempts.last?.end?.resumedFrom != nil)
    #expect(attempts.allSatisfy { ($0.end?.seconds ?? 0) >= 0 })
    #expect(try await bench.mneme(["status", bench.manifest], variables: variables).status == .exited(0))
    try FaultSuite.add("clock going backwards", "\(starts.joined(separator: " then ")), same bytes")
  }

  @Test(.timeLimit(.minutes(5)))
  func `of two schedulers on one store one is killed, and the other finishes everything`() async throws {
    let seeds = [1, 2, 3]
    let undisturbed = try Workbench(examples: 400, seeds: seeds)
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
    let bench = try Workbench(examples: 400, seeds: seeds)
    try bench.whenBegun { kill($0, SIGKILL) }
    async let one = bench.mneme(["run", bench.manifest, "--jobs", "2"])
    async let other = bench.mneme(["run", bench.manifest, "--jobs", "1"])
    let both = try await [one, other]
    #expect(both.count { $0.status == .signaled(SIGKILL) } == 1)
    #expect(both.count { $0.status == .exited(0) } == 1, "\(both.map(\.errors))")
    let difference = try FaultSuite.firstDifference(bench, undisturbed)
    #expect(difference == nil)
    #expect(try bench.damage().isEmpty)
    try FaultSuite.add("two schedulers, one killed", "the other finished \(seeds.count) runs, same bytes")
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["after-claim", "before-checkpoint", "publish.after-fsync#4"])
  func `a worker that hangs is ended when its time is up, and the next one finishes`(point: String)
    async throws
  {
    let undisturbed = try Workbench()
    #expect(try await undisturbed.work().status == .exited(0))
    let bench = try Workbench(resources: "{retries: 0, timeout: 2s}")
    let manifest = try Manifest(reading: bench.manifest)
    // SIGTERM is not heeded by who hangs: SIGKILL follows after the grace.
    let surroundings = Surroundings(
      output: { _ in }, errors: { _ in }, surface: .quiet, interruptions: { 0 },
      executor: { store, manifest in
        LocalExecutor(
          program: Workbench.program, store: store, manifest: manifest, parent: getpid(),
          grace: .milliseconds(300), variables: [Fault.variable: "\(point):hang"])
      })
    var options = RunOptions()
    options.checkpointSeconds = 0
    let hung = try await Campaign(manifest, in: try bench.opened(), options: options).run(surroundings)
    #expect(hung.status != .done)
    #expect(try bench.place().state() == .failed(.timeout, attempts: 1))
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    let isSame = try bench.published() == undisturbed.published()
    #expect(isSame)
    try FaultSuite.count("hangs", "ended, and finished by the next worker")
  }

  @Test(.timeLimit(.minutes(5)))
  func `a worker without memory costs its run alone, and with memory the same bits come out`() async throws {
    let undisturbed = try Workbench()
    #expect(try await undisturbed.work().status == .exited(0))
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
      let isSame = try bench.published() == undisturbed.published()
      #expect(isSame, "\(mebibytes) MiB")
    }
    #expect(deaths > 0)
    try FaultSuite.add("workers without memory", "\(deaths) of 10 limits were too small, all finished later")
  }

  @Test(.timeLimit(.minutes(10))) func `torture finds nothing`() async throws {
    let bench = try Workbench(examples: 40, seeds: [1, 2, 3])
    let tortured = try await bench.mneme(["torture", bench.manifest, "--kills", "20", "--seed", "3"])
    #expect(tortured.status == .exited(0), "\(tortured.output)\(tortured.errors)")
    try FaultSuite.add("torture of a tiny manifest", "20 kills, every byte the same")
  }
}

/// A library for LD_PRELOAD in which the time of day goes back by a second with every millisecond.
private final class BackwardClock {
  static let isPossible = access("/usr/bin/cc", X_OK) == 0
  let library: String

  private static let source = """
    #define _GNU_SOURCE
    #include <time.h>
    #include <sys/time.h>
    #include <sys/syscall.h>
    #include <unistd.h>

    static time_t back(time_t now) {
      struct timespec up;
      syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &up);
      return now - 7200 - (up.tv_sec * 1000 + up.tv_nsec / 1000000);
    }

    int clock_gettime(clockid_t clock, struct timespec *time) {
      int status = (int)syscall(SYS_clock_gettime, clock, time);
      if (status == 0 && clock == CLOCK_REALTIME) time->tv_sec = back(time->tv_sec);
      return status;
    }

    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
      struct timespec now;
      (void)zone;
      clock_gettime(CLOCK_REALTIME, &now);
      time->tv_sec = now.tv_sec;
      time->tv_usec = now.tv_nsec / 1000;
      return 0;
    }

    """

  init() throws {
    let base = NSTemporaryDirectory() + "mneme-clock-" + UUID().uuidString
    try Data(Self.source.utf8).write(to: URL(fileURLWithPath: base + ".c"))
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
    compiler.arguments = ["-shared", "-fPIC", "-O1", "-o", base + ".so", base + ".c"]
    try compiler.run()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else { throw Unexpected(what: "the clock did not compile") }
    try FileManager.default.removeItem(atPath: base + ".c")
    library = base + ".so"
  }

  deinit { try? FileManager.default.removeItem(atPath: library) }
}

extension FaultSuite {
  /// The first run of two benches whose published bytes differ.
  static func firstDifference(_ one: Workbench, _ other: Workbench) throws -> String? {
    for run in try one.specifications().map(\.run) {
      for path in [\RunDirectory.resultPath, \.weightsPath] {
        let files = try [one, other].map { try $0.opened().run(run)[keyPath: path] }
        guard FileManager.default.contentsEqual(atPath: files[0], andPath: files[1]) else { return files[0] }
      }
    }
    return nil
  }
}
