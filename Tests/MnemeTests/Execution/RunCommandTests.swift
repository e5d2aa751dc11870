import Archive
import Foundation
import Glibc
import Harness
import Subprocess
import Testing

@Suite struct RunCommandTests {
  @Test func `everything is computed once, and the second time nothing is touched`() async throws {
    let bench = try Workbench(seeds: [1, 2, 3])
    let first = try await bench.mneme(["run", bench.manifest, "--jobs", "2"])
    #expect(first.status == .exited(0))
    #expect(first.output == "")
    #expect(first.errors.contains("tiny: 3 runs: 3 computed, 0 reused, in"))
    #expect(first.errors.contains("The tables: mneme table"))
    let before = try bench.times()
    let second = try await bench.mneme(["run", bench.manifest, "--json"])
    #expect(second.status == .exited(0))
    #expect(second.output.contains("\"reused\" : 3"))
    #expect(second.errors.contains("0 computed, 3 reused"))
    #expect(try bench.times() == before)
  }

  @Test func `the kernels it is told of compute every run`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    let done = try await bench.mneme(["run", bench.manifest, "--jobs", "2", "--instructions", "portable"])
    #expect(done.status == .exited(0))
    for specification in try bench.specifications() {
      let attempts = try bench.opened().run(specification.run).attempts()
      #expect(attempts.map(\.start?.instructions) == ["portable"])
    }
  }

  @Test func `a worker that says it is done and published nothing has failed`() async throws {
    let bench = try Workbench()
    let failed = try await bench.mneme(["run", bench.manifest], fault: "before-weights:leave")
    #expect(failed.status == .exited(1))
    #expect(failed.errors.contains("failed (no-result): its process said it was done, and published nothing"))
    #expect(try bench.place().state() == .failed(.noResult, attempts: 1))
    let again = try await bench.mneme(["run", bench.manifest])
    #expect(again.status == .exited(1))
    #expect(again.errors.contains("--retry-failed"))
    let retried = try await bench.mneme(["run", bench.manifest, "--retry-failed"])
    #expect(retried.status == .exited(0))
  }

  @Test func `a trap costs one run, and the others go on`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    let failed = try await bench.mneme(["run", bench.manifest, "--jobs", "1"], fault: "after-claim:trap")
    #expect(failed.status == .exited(1))
    #expect(failed.errors.contains("2 failed"))
    #expect(failed.errors.contains("MNEME_FAULT asked for a trap at after-claim"))
    #expect(failed.errors.contains("mneme logs"))
    let first = try await Workbench(seeds: [1, 2]).mneme(
      ["run", bench.manifest, "--jobs", "1", "--fail-fast"], fault: "after-claim:trap")
    #expect(first.status == .exited(1))
    #expect(first.errors.contains("1 failed (1 crash), 1 left"))
  }

  @Test func `asked once, it lets runs save a checkpoint, leaves with 3 and says how to continue`()
    async throws
  {
    let bench = try Workbench(examples: 400_000, seeds: [1, 2])
    try bench.whenBegun { kill($0, SIGINT) }
    let stopped = try await bench.mneme(["run", bench.manifest, "--jobs", "2"])
    #expect(stopped.status == .exited(3))
    #expect(stopped.errors.contains("To continue: mneme run \(bench.manifest)"))
    #expect(try bench.place().state() == .interrupted)
    let step = try #require(try bench.place().checkpoints().first?.step)
    #expect(stopped.errors.contains("seed=1: stopped at step \(step)\n"))
    let status = try await bench.mneme(["status", bench.manifest])
    #expect(status.output.contains("interrupted"))
    #expect(status.output.contains("goes on from step \(step)\n"))
  }

  @Test func `asked twice, it leaves at once with 130`() async throws {
    let bench = try Workbench()
    try bench.whenBegun(andWalking: false) {
      // Not before the worker hangs: one that is asked earlier leaves.
      sleep(1)
      kill($0, SIGINT)
      sleep(1)
      kill($0, SIGINT)
    }
    let stopped = try await bench.mneme(["run", bench.manifest], fault: "after-claim:hang")
    #expect(stopped.status == .exited(130))
    #expect(try bench.place().state() == .interrupted)
  }

  @Test func `workers whose scheduler was killed save themselves, and the next run continues`() async throws {
    let bench = try Workbench(examples: 400_000)
    try bench.whenBegun { kill($0, SIGKILL) }
    let killed = try await bench.mneme(["run", bench.manifest])
    #expect(killed.status == .signaled(SIGKILL))
    var state = try bench.place().state()
    for _ in 0..<100 where state != .interrupted {
      try await Task.sleep(for: .milliseconds(50))
      state = try bench.place().state()
    }
    #expect(state == .interrupted)
    #expect(try !bench.place().checkpoints().isEmpty)
    let again = Once()
    let next = try await bench.mneme(["run", bench.manifest]) { line, process in
      if line.contains("goes on from step"), again.first() { kill(process, SIGINT) }
    }
    #expect(next.errors.contains("goes on from step"))
    #expect(next.status == .exited(3))
  }

  @Test func `the advice about damage is right, word for word`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    _ = try await bench.mneme(["run", bench.manifest])
    let before = try bench.published()
    try bench.flip(try bench.place().resultPath)
    let damaged = try await bench.mneme(["run", bench.manifest])
    #expect(damaged.status == .exited(1))
    #expect(damaged.errors.contains("result.h5 is damaged: its digest is "))
    #expect(!damaged.errors.contains("mneme logs") && !damaged.errors.contains("--retry-failed"))
    let lines = damaged.errors.split(separator: "\n")
    #expect(lines.contains("What is damaged: mneme fsck --deep --store \(bench.store)"))
    let check = try await bench.mneme(["fsck", "--deep"])
    let next = try #require(check.output.split(separator: "\n").first { $0.hasPrefix("  next: ") })
    let words = next.dropFirst("  next: ".count).split(separator: " ").prefix { $0 != "&&" }.map(String.init)
    #expect(words == ["rm", "-f", try bench.place().resultPath])
    let remover = Process()
    remover.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    remover.arguments = words
    try remover.run()
    remover.waitUntilExit()
    #expect(lines.contains { $0.hasPrefix("To continue: mneme run \(bench.manifest)") })
    let again = try await bench.mneme(["run", bench.manifest])
    #expect(again.status == .exited(0))
    #expect(again.errors.contains("1 computed, 1 reused"))
    #expect(try bench.published() == before)
    #expect(try bench.opened().check(deep: true).isEmpty)
  }

  @Test func `settings that were lost or damaged are written anew, of finished runs too`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    _ = try await bench.mneme(["run", bench.manifest])
    let specs = try bench.opened().runs().map { try bench.opened().run($0).path + "/spec" }
    try bench.flip(specs[0])
    try FileManager.default.removeItem(atPath: specs[1])
    let status = try await bench.mneme(["status", bench.manifest])
    #expect(status.status == .exited(0) && status.output == "2 runs: 2 done\n")
    let table = try await bench.mneme(["ls"])
    #expect(
      table.errors.contains("spec is damaged: ") && table.errors.contains("spec is missing; the result"))
    let mended = try await bench.mneme(["run", bench.manifest])
    #expect(mended.status == .exited(0))
    for spec in specs { #expect(mended.errors.contains("mended: \(spec) was missing or damaged")) }
    #expect(mended.errors.contains("0 computed, 2 reused"))
    #expect(try bench.opened().check(deep: true).isEmpty)
    #expect(try await bench.mneme(["status", bench.manifest]).status == .exited(0))
  }

  @Test func `jobs are asked for as make has it`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    #expect(try await bench.mneme(["run", bench.manifest, "-j2"]).status == .exited(0))
    #expect(try await bench.mneme(["run", bench.manifest, "-j", "2"]).status == .exited(0))
    #expect(try await bench.mneme(["run", bench.manifest, "-j0"]).status == .exited(2))
  }

  @Test func `results that nobody can read are no success, a closed pipe is`() async throws {
    let bench = try Workbench()
    _ = try bench.place()
    func status(_ shell: String) throws -> (Int32, String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", shell, Workbench.program, bench.manifest, bench.store]
      let pipe = Pipe()
      process.standardError = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, text)
    }
    let full = try status(#""$0" status "$1" --store "$2" > /dev/full"#)
    #expect(full.0 == 2)
    #expect(full.1 == "standard output cannot be written: No space left on device. Not all results were.\n")
    let closed = try status(
      #"trap '' PIPE; { sleep 0.3; "$0" status "$1" --store "$2"; echo "left with $?" >&2; } | true"#)
    #expect(closed.1 == "left with 0\n")
  }

  @Test func `a dry run makes nothing`() async throws {
    let bench = try Workbench()
    let plan = try await bench.mneme(["run", bench.manifest, "-n"])
    #expect(plan.status == .exited(0))
    #expect(plan.output.contains("missing"))
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test(arguments: [
    (["run", "missing.yaml"], "missing.yaml"), (["run"], "Missing expected argument"),
    (["run", "x.yaml", "--jobs", "0"], "expected 1 to 1024"), (["run", "x.yaml", "y.yaml"], "y.yaml"),
    (["run", "x.yaml", "-k", "--fail-fast"], "say the opposite"),
    (["run", "x.yaml", "--slots", "gpu"], "--slots is gpu; expected names with numbers from 1 to 1024"),
    (["run", "x.yaml", "--memory", "8GB"], "--memory is 8GB; expected an amount such as 512MiB or 8GiB"),
    (["run", "x.yaml", "--time-budget", "2"], "--time-budget is 2; expected a time such as 90s, 30m or 2h"),
    (["run", "x.yaml", "--timeout", "0s"], "--timeout is 0s; expected a time"),
    (["run", "x.yaml", "--max-runs", "0"], "--max-runs is 0; expected 1 or more"),
  ])
  func `what cannot be done leaves with 2 and a sentence`(arguments: [String], words: String) async throws {
    let bench = try Workbench()
    let refused = try await bench.mneme(arguments)
    #expect(refused.status == .exited(2))
    #expect(refused.output == "")
    #expect(refused.errors.contains(words))
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test(arguments: ["run", "status", "logs", "rerun", "worker"])
  func `every command helps with an example`(command: String) async throws {
    let help = try await Workbench().mneme([command, "--help"])
    #expect(help.status == .exited(0))
    #expect(help.output.contains("mneme \(command) "))
  }
}

extension Workbench {
  /// Does something to the process of a command on this store, as soon as it runs and `condition` holds.
  ///
  /// From a thread of its own: tasks of tests wait for each other, and what they watch waits for nobody.
  func when(
    _ condition: @escaping @Sendable () -> Bool, _ command: String,
    _ deed: @escaping @Sendable (pid_t) -> Void
  ) {
    let store = store
    Thread.detachNewThread {
      for _ in 0..<30_000 {
        if condition(), let process = Self.processes(of: command, on: store).first { return deed(process) }
        usleep(20_000)
      }
    }
  }

  /// The processes of a command on a store.
  static func processes(of command: String, on store: String) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
      let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.dropFirst().first == command && words.contains { $0.hasPrefix(store) }
    }
  }

  /// Does something to the process that runs the manifest once the first run has been claimed, and by default once it
  /// has said where it is.
  func whenBegun(andWalking isWalking: Bool = true, _ deed: @escaping @Sendable (pid_t) -> Void) throws {
    let place = try place()
    when(
      {
        isWalking
          ? (try? !place.live().records.isEmpty) ?? false
          : (try? place.attempts().last?.start != nil) ?? false
      }, "run", deed)
  }
}
