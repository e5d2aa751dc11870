import Foundation
import Glibc

/// What the suite of faults tried and what came of it: lines of a file, of which `make test-faults` prints a table at
/// its end (`table.awk`). Equal lines are added up.
package enum FaultFigures {
  /// Faults take minutes: they are tried where somebody asks for them.
  package static let isAsked = ProcessInfo.processInfo.environment["MNEME_SLOW_TESTS"] != nil

  /// Counts `number` more of an outcome of `fault`.
  package static func count(_ fault: String, _ outcome: String, _ number: Int = 1) throws {
    try add([fault, outcome, "\(number)"])
  }

  /// For conditions of tests: `isPossible`; where it is false, the table tells that `fault` was not tried, and why.
  ///
  /// - Parameter needs: what this machine or this user lacks.
  package static func canTry(_ fault: String, _ isPossible: Bool, needs: String) throws -> Bool {
    if isAsked, !isPossible { try add([fault, "NOT RUN: needs \(needs)", "-"]) }
    return isPossible
  }

  /// One write a line: tests of two processes and many threads add theirs at once.
  private static func add(_ columns: [String]) throws {
    guard let path = ProcessInfo.processInfo.environment["MNEME_FAULT_FIGURES"] else { return }
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
    defer { close(file) }
    let line = Array((columns.joined(separator: "\t") + "\n").utf8)
    let written = unsafe line.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    guard written == line.count else { throw CocoaError(.fileWriteUnknown) }
  }
}
