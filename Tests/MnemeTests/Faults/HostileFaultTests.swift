import Archive
import FaultSuite
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// Clocks, neighbours and hangs.
@Suite(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
struct HostileFaultTests {
  @Test(
    .timeLimit(.minutes(5)),
    .enabled(
      if: try FaultFigures.canTry(
        "clock going backwards", BackwardClock.compiler != nil, needs: "a C compiler"),
      "NOT RUN; the table of figures says what it needs"))
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
    try #require(isSame)
    #expect(try bench.damage().isEmpty)
    let attempts = try bench.place().attempts()
    // The clock did go backwards, the order of attempts is that of their numbers, and no time is negative.
    let starts = attempts.compactMap { $0.start?.started }
    #expect(starts.count == 2 && starts[0] > starts[1], "\(starts)")
    #expect(attempts.last?.end?.resumedFrom != nil)
    #expect(attempts.allSatisfy { ($0.end?.seconds ?? 0) >= 0 })
    #expect(try await bench.mneme(["status", bench.manifest], variables: variables).status == .exited(0))
    try FaultFigures.count("clock going backwards", "killed, resumed hours \"earlier\", same bytes")
  }

  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func `of two schedulers on one store each run is computed by one, also where one of them is killed`(
    isKilled: Bool
  ) async throws {
    let seeds = [1, 2, 3]
    let undisturbed = try Workbench(examples: 400, seeds: seeds)
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
    let bench = try Workbench(examples: 400, seeds: seeds)
    if isKilled { try bench.whenBegun { kill($0, SIGKILL) } }
    async let one = bench.mneme(["run", bench.manifest, "--jobs", "2"])
    async let other = bench.mneme(["run", bench.manifest, "--jobs", "1"])
    let both = try await [one, other]
    #expect(both.count { $0.status == .signaled(SIGKILL) } == (isKilled ? 1 : 0))
    #expect(both.count { $0.status == .exited(0) } == (isKilled ? 1 : 2), "\(both.map(\.errors))")
    let difference = try bench.firstDifference(from: undisturbed)
    try #require(difference == nil)
    #expect(try bench.damage().isEmpty)
    if !isKilled {
      let attempts = try bench.specifications().map { try bench.opened().run($0.run).attempts().count }
      #expect(attempts == [1, 1, 1], "nothing is computed twice")
    }
    try FaultFigures.count(
      "two schedulers at once",
      isKilled
        ? "one killed; the other finished its runs, same bytes" : "no run computed twice, same bytes",
      seeds.count)
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [("after-claim", false), ("before-checkpoint", false), ("publish.after-fsync#4", true)])
  func `a worker that hangs is ended when its time is up, and goes on while it comes further`(
    point: String, comesFurther: Bool
  ) async throws {
    let calm = try await Workbench.calm.value
    let bench = try Workbench(resources: "{retries: 0, timeout: 5s}")
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
    let attempts = try bench.place().attempts()
    #expect(attempts.first?.end?.failure == .timeout)
    if comesFurther {
      // Two checkpoints are saved before it hangs: the next attempt goes on from there by itself.
      try #require(hung.status == .done && attempts.count > 1)
    } else {
      #expect(hung.status == .finding)
      #expect(try bench.place().state() == .failed(.timeout, attempts: 1))
      try #require(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    }
    let isSame = try bench.published() == calm
    try #require(isSame)
    try FaultFigures.count(
      "worker that hangs",
      comesFurther
        ? "ended when its time was up; went on from its checkpoint, same bytes"
        : "ended when its time was up; the next finished it, same bytes")
  }
}

/// A library for LD_PRELOAD in which the time of day goes back by a second with every millisecond.
private final class BackwardClock {
  /// The first compiler of C on PATH; that of the Swift toolchain will do.
  static let compiler: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let programs = folders.flatMap { folder in ["cc", "clang"].map { "\(folder)/\($0)" } }
    return programs.first { access($0, X_OK) == 0 }
  }()
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
    compiler.executableURL = URL(fileURLWithPath: try #require(BackwardClock.compiler))
    compiler.arguments = ["-shared", "-fPIC", "-O1", "-o", base + ".so", base + ".c"]
    try compiler.run()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else { throw Unexpected(what: "the clock did not compile") }
    try FileManager.default.removeItem(atPath: base + ".c")
    library = base + ".so"
  }

  deinit { try? FileManager.default.removeItem(atPath: library) }
}
