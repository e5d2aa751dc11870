import Foundation
import Glibc
import Records
import Synchronization

/// What is to go wrong, and where: `MNEME_FAULT=<point>[#<passing>]:<deed>`.
///
///     MNEME_FAULT=publish.after-fsync:kill          at the first passing of that step in every process
///     MNEME_FAULT=publish.after-fsync#3:error=EIO   at the third
///
/// Every build has it: what is tested is what is used. Without the variable a passing costs a look at a task's local value, which is nil.
package final class Fault: Sendable {
  /// What happens at the point.
  package enum Deed: Sendable, Equatable {
    /// Death without a chance to tidy up.
    case kill
    /// A trap, as a mistake in the program would be.
    case trap
    /// An exit that claims success, whatever was published.
    case leave
    /// No step forward any more.
    case hang
    /// No step forward as long as a file is there, unless this process is asked to leave: what is held is where a test
    /// wants it, however fast the machine is.
    case hold(String)
    /// Another rounding from there on, as a library that was loaded might set.
    case round
    /// The call fails with this `errno`.
    case error(Int32)

    fileprivate static let words: [(word: String, deed: Deed)] =
      [("kill", .kill), ("trap", .trap), ("leave", .leave), ("hang", .hang), ("round", .round)]
      + [
        ("ENOSPC", ENOSPC), ("EIO", EIO), ("EDQUOT", EDQUOT), ("EROFS", EROFS), ("EACCES", EACCES),
        ("EMFILE", EMFILE),
      ].map { ("error=\($0.0)", .error($0.1)) }
  }

  /// `hold=<file>` has a file in place of a word.
  private static let hold = "hold="

  package let point: FaultPoint
  package let deed: Deed
  /// The passing that it happens at, from 1.
  package let passing: Int
  private let passed = Atomic<Int>(0)

  /// The name of the variable.
  package static let variable = "MNEME_FAULT"

  /// What this process's environment asks for; tests of the library give another one to a task.
  @TaskLocal package static var planned: Fault? = try? Fault.ofEnvironment()

  private static let isAskedToLeave = Mutex<@Sendable () -> Bool>({ false })

  /// Tells what `hold` heeds besides its file: whether somebody asked this process to leave.
  package static func heed(_ isAskedToLeave: @escaping @Sendable () -> Bool) {
    Fault.isAskedToLeave.withLock { $0 = isAskedToLeave }
  }

  package init(_ point: FaultPoint, _ deed: Deed, passing: Int = 1) {
    (self.point, self.deed, self.passing) = (point, deed, passing)
  }

  /// Reads what the environment asks for; nil where it asks for nothing.
  ///
  /// - Throws: `FaultError` for what is no fault.
  package static func ofEnvironment() throws(FaultError) -> Fault? {
    guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
    return try Fault(text)
  }

  /// Reads `<point>[#<passing>]:<deed>`.
  package convenience init(_ text: String) throws(FaultError) {
    let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2 else { throw FaultError.malformed(text) }
    let places = words[0].split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    guard let point = FaultPoint(rawValue: places[0]) else { throw FaultError.unknownPoint(places[0]) }
    guard let passing = places.count == 1 ? 1 : Int(places[1]), passing > 0 else {
      throw FaultError.unknownPassing(places[1])
    }
    self.init(point, try Fault.deed(words[1]), passing: passing)
  }

  private static func deed(_ word: String) throws(FaultError) -> Deed {
    if let deed = Deed.words.first(where: { $0.word == word })?.deed { return deed }
    guard "\(word)=".hasPrefix(hold) else { throw FaultError.unknownDeed(word) }
    let file = String(word.dropFirst(hold.count))
    // Workers may be in another folder than whoever asks for them.
    guard file.hasPrefix("/") else { throw FaultError.noFullPath(file) }
    return .hold(file)
  }

  /// The points that can be asked for, in the order in which a run passes them.
  package static var points: [String] { FaultPoint.allCases.map(\.rawValue) }

  /// The deeds that can be asked for.
  package static var deeds: [String] { Deed.words.map(\.word) + ["\(hold)<file>"] }

  /// Does the deed, if `point` is its place and this the passing.
  func strike(at point: FaultPoint, _ path: String) throws(ArchiveError) {
    guard point == self.point,
      passed.wrappingAdd(1, ordering: .relaxed).newValue == passing
    else { return }
    switch deed {
    case .kill: kill(getpid(), SIGKILL)
    case .trap: fatalError("\(Fault.variable) asked for a trap at \(point.rawValue)")
    case .leave: _exit(0)
    case .hang: while true { sleep(3600) }
    case .hold(let file):
      while Folder.exists(file), !Fault.isAskedToLeave.withLock({ $0() }) { usleep(10_000) }
    case .round: fesetround(FE_UPWARD)
    case .error(let code): throw ArchiveError.system(path, "\(Fault.variable) at \(point.rawValue)", code)
    }
  }
}

/// Why a text is no fault.
package enum FaultError: Error, Equatable, CustomStringConvertible {
  case malformed(String)
  case unknownPoint(String)
  case unknownPassing(String)
  case unknownDeed(String)
  case noFullPath(String)

  package var description: String {
    switch self {
    case .malformed(let text):
      "\(Fault.variable) is \"\(text)\"; expected a point, a colon and a deed, such as publish.after-fsync:kill. "
        + FaultError.remedy
    case .unknownPoint(let word):
      "\(Fault.variable): there is no point \"\(word)\"\(FaultError.guess(word, Fault.points)) "
        + FaultError.remedy
    case .unknownPassing(let word):
      "\(Fault.variable): \"#\(word)\" is no passing; expected #1 for the first, #2 for the second, and so on."
    case .unknownDeed(let word):
      "\(Fault.variable): there is no deed \"\(word)\"\(FaultError.guess(word, Fault.deeds)) Expected one of "
        + "\(Fault.deeds.joined(separator: ", "))."
    case .noFullPath(let text):
      "\(Fault.variable) holds as long as \"\(text)\" is there; expected a file by its full path, from / on."
    }
  }

  private static let remedy = "`mneme torture --points` lists them."

  private static func guess(_ word: String, _ known: [String]) -> String {
    nearest(word, among: known).map { "; did you mean \($0)?" } ?? "."
  }
}
