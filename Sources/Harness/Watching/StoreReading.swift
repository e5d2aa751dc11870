package import Archive
import Foundation
import Records

/// Looks at runs again and again: the one reading of the store that `mneme status` and `mneme watch` share.
///
/// Takes no lock but to see whether somebody holds one, and writes nothing. A finished run is verified byte by byte when
/// it is first seen, and again whenever its files are other ones than then.
package struct StoreReading: Sendable {
  private let store: Store
  private let limit: Int
  private var verified: [Digest: RunDirectory.Files] = [:]
  private var histories: [Digest: LiveHistory] = [:]

  /// - Parameter limit: how many bytes at the end of a live log are read at first: all there is to draw, or little more
  ///   than the last line.
  package init(_ store: Store, limit: Int) { (self.store, self.limit) = (store, limit) }

  /// Bytes of a live log that curves are drawn from; some forty thousand lines.
  package static let drawing = 4 << 20
  /// Bytes of a live log that tell where a run is.
  package static let position = 1 << 14

  private enum Look: Sendable {
    case unchanged
    case found(RunState, step: Int?, identity: RunDirectory.Files?)
  }

  /// How these runs stand now, in their order.
  ///
  /// What cannot be read at this moment is `corrupt` in the next standing alone: the next look begins anew.
  package mutating func look(at subjects: [Standing.Subject]) -> [Standing] {
    let (store, verified) = (store, verified)
    let looks = inParallel(subjects) { subject in
      StoreReading.look(at: subject, in: store, verified: verified[subject.run])
    }
    let now = Date().timeIntervalSince1970
    var standings: [Standing] = []
    for (subject, look) in zip(subjects, looks) {
      guard case .found(let state, let step, let identity) = look else {
        var standing = Standing(subject, .done)
        standing.published = verified[subject.run]?.result.modified
        standings.append(standing)
        continue
      }
      var standing = Standing(subject, state, step: step)
      self.verified[subject.run] = state == .done ? identity : nil
      switch state {
      case .done: standing.published = identity?.result.modified
      case .running(let owner): read(&standing, attempt: owner.attempt, at: now)
      case .failed:
        let end = try? store.run(subject.run).attempts().last?.end
        (standing.message, standing.failed) = (end?.message, end?.ended)
      case .interrupted, .pending, .corrupt: break
      }
      if standing.live == nil { histories[subject.run] = nil }
      standings.append(standing)
    }
    return standings
  }

  private static func look(
    at subject: Standing.Subject, in store: Store, verified: RunDirectory.Files?
  ) -> Look {
    let directory = store.run(subject.run)
    // Before the bytes are read: what changes while they are is seen by the next look.
    let identity = directory.identity
    if let identity, identity == verified { return .unchanged }
    do throws(ArchiveError) {
      let progress = try store.progress(of: subject.run, known: subject.known)
      return .found(progress.state, step: progress.step.map { Int($0) }, identity: identity)
    } catch {
      return .found(.corrupt(error.description), step: nil, identity: nil)
    }
  }

  private mutating func read(_ standing: inout Standing, attempt: Int?, at now: Double) {
    guard let attempt else { return }
    var history = histories[standing.run] ?? LiveHistory(limit: limit)
    // A log that cannot be read says nothing: the run goes on all the same.
    standing.live = (try? history.read(store.run(standing.run), upTo: attempt, at: now)) ?? nil
    standing.curve = history.curve
    histories[standing.run] = history
    if let step = standing.live?.step { standing.step = step }
  }
}
