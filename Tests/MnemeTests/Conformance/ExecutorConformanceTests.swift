import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// What holds however runs come to be computed: by processes of this machine, by a fake Slurm and by a real one. What only
/// one of them can show stands in the suites of submissions and executors.
@Suite struct ExecutorConformanceTests {
  @Test(
    .enabled(
      if: RealSlurm.absence == nil,
      "Slurm is not installed here (\(RealSlurm.absence ?? "")), so NO statement was examined with a real one; `make test-setup` installs it"
    ))
  func `every way is examined, a real Slurm among them`() {
    #expect(Set(Way.deaths.map { $0.0 }) == Set(Way.allCases))
  }

  @Test(arguments: Way.here)
  func `every run is computed once, to the bytes of a lone worker, and status, logs and wait say so`(way: Way)
    async throws
  {
    try await Site.with(way) { site in
      let finished = try await site.compute()
      #expect(finished.status == .exited(0), "\(finished.output)\(finished.errors)")
      for place in try site.places() {
        let attempts = try place.attempts()
        #expect(attempts.count == 1 && attempts.first?.end?.outcome == .done)
        let start = try #require(attempts.first?.start)
        #expect((start.job?.hasPrefix("slurm ") ?? false) == way.isSlurm)
        // Locks reach as far as a machine does.
        #expect(start.leaseSeconds == (way.isSlurm ? 10 : nil))
        let log = try await site.mneme(["logs", place.id.short])
        #expect(log.status == .exited(0) && log.errors.hasPrefix("attempt 1 done after "), "\(log)")
      }
      for command in ["status", "wait"] {
        let said = try await site.mneme([command, site.bench.manifest])
        #expect(said.status == .exited(0) && said.output == "2 runs: 2 done\n", "\(command): \(said)")
      }
      try await site.untilQuiet()
      let before = try site.bench.times().filter { $0.key.hasPrefix("runs/") }
      #expect(try await site.compute().status == .exited(0))
      #expect(try site.bench.times().filter { $0.key.hasPrefix("runs/") } == before, "nothing is touched")
    }
  }

  @Test(arguments: Way.here)
  func `a worker that is killed is begun again, and goes on from its checkpoint to the same bytes`(way: Way)
    async throws
  {
    try await Site.with(way, seeds: [1]) { site in
      let (going, places) = try await site.beginHeld()
      let saved = try places[0].checkpoints().map(\.path)
      kill(try #require(try places[0].attempts().last?.start).pid, SIGKILL)
      site.letGo()
      let finished = try await going.finished
      #expect(finished.status == .exited(0), "\(finished.output)\(finished.errors)")
      let attempts = try places[0].attempts()
      #expect(attempts.map { $0.end?.failure } == [.killed, nil])
      #expect(attempts.last?.end?.outcome == .done)
      #expect(attempts.last?.end?.resumedFrom.map { ["\(places[0].path)/\($0)"] } == saved)
      let said = try await site.narration(of: places[0], by: going)
      #expect(said.contains("killed: ended by signal 9 (Killed). Retry 1 of 3 in "), "\(said)")
    }
  }

  @Test(arguments: Way.here)
  func `a machine that is lost costs the work since the last checkpoint`(way: Way) async throws {
    try await Site.with(way, seeds: [1]) { site in
      let (going, places) = try await site.beginHeld()
      let saved = try places[0].checkpoints().map(\.path)
      try await site.loseMachine(of: try #require(try places[0].attempts().last?.start))
      site.letGo()
      try await site.bringToEnd(going)
      let attempts = try places[0].attempts()
      #expect(attempts.map { $0.end?.outcome } == [nil, .done])
      #expect(attempts.last?.end?.resumedFrom.map { ["\(places[0].path)/\($0)"] } == saved)
    }
  }

  @Test(arguments: Way.here)
  func `a run that fails has a reason, is left alone afterwards, and the others are computed`(way: Way)
    async throws
  {
    try await Site.with(way, rate: "[1e-2, 1e18]") { site in
      let finished = try await site.compute()
      #expect(finished.status == .exited(1), "\(finished.output)\(finished.errors)")
      try await site.untilQuiet()
      let status = try await site.mneme(["status", site.bench.manifest])
      #expect(status.status == .exited(1) && status.output.hasPrefix("4 runs: 2 done, 2 failed\n"))
      #expect(status.output.components(separatedBy: "failed  diverged ×1: step ").count == 3, "\(status)")
      let failed = try site.places().filter { try $0.state() == .failed(.diverged, attempts: 1) }
      #expect(failed.count == 2)
      let log = try await site.mneme(["logs", try #require(failed.first).id.short])
      #expect(log.errors.hasPrefix("attempt 1 failed (diverged) after "), "\(log)")
      #expect(try await site.compute().status == .exited(1))
      #expect(try failed.allSatisfy { try $0.attempts().count == 1 })
    }
  }

  @Test(arguments: Way.here)
  func `a second copy waits for the first, and every run is computed once`(way: Way) async throws {
    try await Site.with(way) { site in
      let (first, places) = try await site.beginHeld()
      let second = try await site.duplicate()
      try await site.untilElsewhere(places, by: second)
      // Of all ways: somebody who only waits.
      let third = site.wait()
      site.letGo()
      for copy in [first, second, third] {
        let finished = try await copy.finished
        #expect(finished.status == .exited(0), "\(finished.output)\(finished.errors)")
      }
      try await site.untilQuiet()
      #expect(try places.allSatisfy { try $0.attempts().count == 1 })
    }
  }

  @Test(arguments: Way.here)
  func `a copy that was overtaken publishes nothing`(way: Way) async throws {
    try await Site.with(way, seeds: [1]) { site in
      let (overtaken, places) = try await site.beginHeld()
      let other = try await site.duplicate()
      try await site.untilElsewhere(places, by: other)
      #expect(try places[0].attempts().count == 1, "the lock holds")
      // As on a file system that keeps locks to one machine, and with a lease that was given up.
      try FileManager.default.removeItem(atPath: "\(places[0].path)/lock")
      try await site.until("another attempt is begun", of: other) {
        try places[0].attempts().count == 2
      }
      site.letGo()
      for copy in [overtaken, other] {
        let finished = try await copy.finished
        #expect(finished.status == .exited(0), "\(finished.output)\(finished.errors)")
      }
      try await site.untilQuiet()
      let attempts = try places[0].attempts()
      #expect(attempts.map { $0.end?.outcome } == [.stopped, .done])
      #expect(attempts.first?.end?.message?.contains("attempt 2") == true)
    }
  }

  @Test(arguments: Way.deaths)
  func `whoever asks for runs and is killed loses nothing and doubles nothing`(way: Way, fault: String)
    async throws
  {
    try await Site.with(way) { site in
      let killed = try await site.begin(fault: "\(fault):kill").finished
      #expect(killed.status == .signaled(SIGKILL), "\(killed)")
      try await site.bringToEnd(try await site.begin())
      try await site.untilQuiet()
      #expect(try site.places().allSatisfy { try $0.attempts().count == 1 })
    }
  }

  @Test(arguments: Way.here)
  func `what is stopped leaves checkpoints, is told as stopped, and goes on from them`(way: Way) async throws
  {
    try await Site.with(way) { site in
      let (going, places) = try await site.beginHeld()
      let meanwhile = try await site.mneme(["status", site.bench.manifest])
      #expect(meanwhile.status == .exited(0))
      #expect(meanwhile.output.contains("seed=1  running  step "), "\(meanwhile.output)")
      // Who is held heeds it.
      try await site.stop()
      let stopped = try await going.finished
      #expect(stopped.status == .exited(3), "\(stopped.output)\(stopped.errors)")
      try await site.untilQuiet()
      #expect(try places.allSatisfy { try $0.state() == .interrupted })
      let status = try await site.mneme(["status", site.bench.manifest])
      #expect(status.output.hasPrefix("2 runs: 2 interrupted\n"))
      #expect(status.output.contains("interrupted  goes on from step "), "\(status.output)")
      let saved = try places.map { try #require(try $0.checkpoints().first).path }
      try await site.bringToEnd(try await site.begin())
      for (place, saved) in zip(places, saved) {
        let ends = try place.attempts().map(\.end)
        #expect(ends.map { $0?.outcome } == [.stopped, .done])
        #expect(ends.last??.resumedFrom.map { "\(place.path)/\($0)" } == saved)
      }
    }
  }

  @Test(arguments: Way.here)
  func `an attempt whose time is up saves a checkpoint, and the next goes on from it by itself`(way: Way)
    async throws
  {
    // Which time is enough for a process to come to its first step, only the machine knows.
    for seconds in [3, 15, 75] {
      if try await Site.goesOn(after: seconds, way) { return }
    }
    throw Unexpected(what: "no attempt was followed by one that went on, with 75 s for each")
  }
}

extension Site {
  /// Whether an attempt of so many seconds was followed by one that goes on; false where the time was not enough for a
  /// checkpoint, and nobody begins another.
  fileprivate static func goesOn(after seconds: Int, _ way: Way) async throws -> Bool {
    try await with(way, seeds: [1], resources: "{timeout: \(seconds)s}") { site in
      let going = try await site.begin("--checkpoint-seconds", "0", fault: site.hold(), isForWorkers: true)
      let place = try #require(try site.places().first)
      try await site.until("another attempt goes on, or nobody begins one") {
        if going.isOver { return true }
        guard let newest = try place.attempts().last, newest.number > 1 else { return false }
        return try place.live().records.contains { $0.event == "resumed" }
      }
      guard !going.isOver else { return false }
      try await site.stop()
      _ = try await going.finished
      try await site.untilQuiet()
      let attempts = try place.attempts()
      // Later ones go on the same way until the stop arrives; a slow one may come after the run's last step.
      #expect(attempts[0].end?.outcome == .stopped)
      let origin = attempts[1].end?.resumedFrom
      #expect(origin?.hasPrefix("attempts/0001/checkpoint-") == true, "\(origin ?? "from nothing")")
      return true
    }
  }

  /// Until a copy has found that another process has all the runs.
  fileprivate func untilElsewhere(_ places: [RunDirectory], by copy: Going) async throws {
    try await until("the copy finds that another process has every run", of: copy) {
      var said = ""
      // A job writes of one run, and who runs a manifest of all.
      for place in way.isSlurm ? places[...] : places.prefix(1) {
        said += try await self.narration(of: place, by: copy)
      }
      return said.components(separatedBy: ": another process has it\n").count > places.count
    }
  }
}
