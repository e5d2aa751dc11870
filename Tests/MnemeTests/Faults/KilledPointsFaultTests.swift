import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// Every point that can be named, one death each, at every passing of it.
@Suite(.enabled(if: FaultSuite.isAsked, "slow: `make test-faults`"))
struct KilledPointsFaultTests {
  @Test(.timeLimit(.minutes(20)), arguments: FaultPoint.allCases)
  func `a worker killed at any passing of a point leaves a store that the next one finishes`(
    point: FaultPoint
  ) async throws {
    let undisturbed = try Workbench()
    #expect(try await undisturbed.work().status == .exited(0))
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
      let isSame = try bench.published() == undisturbed.published()
      #expect(isSame, "passing \(passing)")
      #expect(try bench.place().state(verifying: true) == .done)
      #expect(try bench.damage().isEmpty)
      try FaultSuite.count("points", "worker killed")
      if wasDone { try FaultSuite.count("points", "result was published before the death") }
    }
    #expect(passing > 1 || FaultSuite.isNotOfWorkers(point), "\(point.rawValue) was never passed")
  }

  @Test(.timeLimit(.minutes(20)), arguments: FaultPoint.allCases)
  func `a scheduler killed at any passing of a point leaves a store that the next one finishes`(
    point: FaultPoint
  ) async throws {
    let undisturbed = try Workbench()
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
    var passing = 0
    while true {
      passing += 1
      let bench = try Workbench(resources: "{retries: 0}")
      let killed = try await bench.mneme(
        ["run", bench.manifest], fault: "\(point.rawValue)#\(passing):kill")
      guard killed.status == .signaled(SIGKILL) else { break }
      let resumed = try await bench.mneme(["run", bench.manifest])
      #expect(resumed.status == .exited(0), "passing \(passing): \(resumed.errors)")
      let isSame = try bench.published() == undisturbed.published()
      #expect(isSame, "passing \(passing)")
      #expect(try bench.damage().isEmpty)
      try FaultSuite.count("points", "scheduler killed")
    }
  }

  @Test(.timeLimit(.minutes(20)), arguments: FaultPoint.allCases, ["ENOSPC", "EIO"])
  func `a call that fails at any passing of a point is of class io, and nothing is lost`(
    point: FaultPoint, code: String
  ) async throws {
    let undisturbed = try Workbench()
    #expect(try await undisturbed.work().status == .exited(0))
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
      let isSame = try bench.published() == undisturbed.published()
      #expect(isSame, "passing \(passing)")
      try FaultSuite.count("points", "call failed with \(code)")
    }
  }
}

/// What the suite of faults has in common.
enum FaultSuite {
  static let isAsked = ProcessInfo.processInfo.environment["MNEME_SLOW_TESTS"] != nil

  /// Steps of schedulers, and of tables.
  static func isNotOfWorkers(_ point: FaultPoint) -> Bool {
    point == .placeAfterFolder || point == .publishAfterRename
  }

  /// Counts one more of something, for the table at the end of `make test-faults`.
  static func count(_ group: String, _ what: String, _ number: Int = 1) throws {
    try add("\(group): \(what)", "+\(number)")
  }

  /// A figure of its own.
  static func add(_ what: String, _ figure: String) throws {
    guard let path = ProcessInfo.processInfo.environment["MNEME_FAULT_FIGURES"] else { return }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let line = Array("\(what)\t\(figure)\n".utf8)
    _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
  }
}

extension Workbench {
  /// What `fsck --deep` calls damage.
  func damage() throws -> [Finding] {
    try opened().check(deep: true).filter { $0.kind != .leftover }
  }
}
