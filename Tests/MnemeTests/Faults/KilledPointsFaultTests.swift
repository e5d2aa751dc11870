import Archive
import FaultSuite
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// Every point that can be named, one death each, at every passing of it.
@Suite(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
struct KilledPointsFaultTests {
  @Test(.timeLimit(.minutes(20)), arguments: FaultPoint.allCases)
  func `a worker killed at any passing of a point leaves a store that the next one finishes`(
    point: FaultPoint
  ) async throws {
    let calm = try await Workbench.calm.value
    var passing = 0
    while true {
      passing += 1
      let bench = try Workbench()
      let killed = try await bench.work(fault: "\(point.rawValue)#\(passing):kill")
      if killed.status == .exited(0) { break }
      #expect(killed.status == .signaled(SIGKILL), "passing \(passing)")
      #expect(try bench.damage().isEmpty)
      let wasDone = try bench.place().state(verifying: true) == .done
      #expect(try await bench.work(checkpointSeconds: 60).status == .exited(0), "passing \(passing)")
      let isSame = try bench.published() == calm
      try #require(isSame, "passing \(passing)")
      #expect(try bench.place().state(verifying: true) == .done)
      #expect(try bench.damage().isEmpty)
      try FaultFigures.count(
        "worker killed at a fault point",
        wasDone ? "its result was published and stayed" : "the next worker finished it, same bytes")
    }
    #expect(passing > 1 || Self.isNotOfWorkers(point), "\(point.rawValue) was never passed")
    if passing > 1 {
      try FaultFigures.count("worker killed at a fault point", "(points, each at every passing)")
    }
  }

  @Test(.timeLimit(.minutes(20)), arguments: FaultPoint.allCases)
  func `a scheduler killed at any passing of a point leaves a store that the next one finishes`(
    point: FaultPoint
  ) async throws {
    let calm = try await Workbench.calm.value
    var passing = 0
    while true {
      passing += 1
      let bench = try Workbench(resources: "{retries: 0}")
      // Workers inherit the fault: where one comes to this passing, the scheduler will not.
      let killed = try await bench.mneme(
        ["run", bench.manifest], fault: "\(point.rawValue)#\(passing):kill",
        watch: { line, scheduler in if line.contains("Retry 1") { kill(scheduler, SIGINT) } })
      guard killed.status == .signaled(SIGKILL) else { break }
      let resumed = try await bench.mneme(["run", bench.manifest])
      #expect(resumed.status == .exited(0), "passing \(passing): \(resumed.errors)")
      let isSame = try bench.published() == calm
      try #require(isSame, "passing \(passing)")
      #expect(try bench.damage().isEmpty)
      try FaultFigures.count("scheduler killed at a fault point", "the next one finished, same bytes")
    }
    #expect(passing > 1 || point != .placeAfterFolder, "no worker comes there")
  }

  @Test(.timeLimit(.minutes(5)), arguments: FaultPoint.allCases.filter { $0.rawValue.hasPrefix("publish.") })
  func `a table killed while it keeps its index leaves a store of which the next one prints the same`(
    point: FaultPoint
  ) async throws {
    let bench = try Workbench()
    #expect(try await bench.work().status == .exited(0))
    let table = ["table", "--rows", "seed", "--cell", "test.accuracy,test.loss"]
    let calm = try await bench.mneme(table)
    #expect(calm.status == .exited(0))
    var passing = 0
    while true {
      passing += 1
      // What was read before is not read again, and then not kept.
      try FileManager.default.removeItem(atPath: "\(bench.store)/index")
      let killed = try await bench.mneme(table, fault: "\(point.rawValue)#\(passing):kill")
      guard killed.status == .signaled(SIGKILL) else { break }
      #expect(try bench.damage().isEmpty)
      try #require(try await bench.mneme(table).output == calm.output)
      try FaultFigures.count("table killed at a fault point", "the next one printed the same")
    }
    #expect(passing > 1 || point != .publishAfterRename, "nobody else replaces a file")
  }

  @Test(.timeLimit(.minutes(20)), arguments: FaultPoint.allCases, ["ENOSPC", "EIO"])
  func `a call that fails at any passing of a point is of class io, and nothing is lost`(
    point: FaultPoint, code: String
  ) async throws {
    let calm = try await Workbench.calm.value
    var passing = 0
    while true {
      passing += 1
      let bench = try Workbench()
      let failed = try await bench.work(fault: "\(point.rawValue)#\(passing):error=\(code)")
      // An end that could not be written down is told, and changes no status.
      if failed.status == .exited(0), !failed.output.contains("could not be written") { break }
      #expect(failed.status != .signaled(SIGKILL))
      #expect(failed.output.contains("\"failure\":\"io\"") || failed.output.contains("could not be written"))
      if case .failed(let failure, _) = try bench.place().state() { #expect(failure == .io) }
      if let end = try bench.place().attempts().last?.end, end.outcome == .failed {
        #expect(end.failure == .io && end.message != nil)
      }
      #expect(try bench.damage().isEmpty)
      let before = try bench.place().checkpoints().map(\.step)
      let next = try await bench.work(checkpointSeconds: 60)
      #expect(next.status == .exited(0), "passing \(passing): \(next.errors)")
      #expect(next.output.contains("\"step\":\(before.first ?? 0)}}") || next.output.isEmpty)
      let isSame = try bench.published() == calm
      try #require(isSame, "passing \(passing)")
      try FaultFigures.count(
        "\(code) at a fault point", "the run failed as io or went on; finished later, same bytes")
    }
  }
  /// Steps of schedulers, and of tables.
  private static func isNotOfWorkers(_ point: FaultPoint) -> Bool {
    point == .placeAfterFolder || point == .publishAfterRename
  }
}
