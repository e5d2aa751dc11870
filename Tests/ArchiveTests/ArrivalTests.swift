import Archive
import Foundation
import Glibc
import Records
import Testing

/// Runs of one store brought into another.
@Suite struct Arrivals {
  let folder: TemporaryFolder
  let there: Store
  let here: Store
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    (there, run) = try Sample.store(in: folder)
    here = try Store(at: folder["here"], creating: true)
  }

  /// An attempt that was stopped with two checkpoints, then one that finished.
  private func finish(accuracy: Double = 0.559, in store: Store? = nil) throws {
    let place = try (store ?? there).add(Sample.settings)
    var claim = try #require(try claimed(place))
    try claim.save(Sample.checkpoint(step: 100))
    try claim.end(.stopped)
    claim = try #require(try claimed(place))
    _ = try claim.newestCheckpoint()
    try claim.publish(Sample.result(accuracy: accuracy), weights: Sample.parameters)
    try place.removeCheckpoints()
    try claim.end(.done)
  }

  private func bring(isDry: Bool = false) throws -> Arrival {
    try here.bring(Sample.run, from: there, isDry: isDry)
  }

  /// Every published file and record by its name.
  private func files(of store: Store) throws -> [String: [UInt8]] {
    let root = store.run(Sample.run).path
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) where name != "lock" {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { found[name] = try bytes("\(root)/\(name)") }
    }
    return found
  }

  @Test func `a finished run comes in with the same bytes, once`() throws {
    try finish()
    let before = try files(of: there)
    #expect(try bring(isDry: true) == .arrived)
    #expect(try here.runs().isEmpty, "a dry run writes nothing")
    #expect(try bring() == .arrived)
    #expect(try files(of: here) == before && files(of: there) == before)
    #expect(try here.check(deep: true).isEmpty)
    #expect(try here.run(Sample.run).record().cost == there.run(Sample.run).record().cost)
    #expect(try bring() == .present && bring(isDry: true) == .present)
    #expect(try files(of: here) == before)
  }

  @Test func `an unfinished run comes in with its checkpoints, and goes on from them`() throws {
    let claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    try claim.save(Sample.checkpoint(step: 200))
    #expect(try bring() == .busy("somebody works on it in \(there.root)"))
    try claim.end(.stopped)
    #expect(try bring() == .arrived)
    #expect(try bring() == .arrived, "the same attempts are not brought twice")
    #expect(try here.run(Sample.run).attempts().count == 1)
    #expect(try files(of: here) == files(of: there) && here.check(deep: true).isEmpty)
    let again = try #require(try claimed(here.run(Sample.run)))
    #expect(try again.newestCheckpoint().checkpoint?.step == 200)
    #expect(try bring() == .busy("somebody works on it in \(here.root)"))
    try again.end(.stopped)
    #expect(try bring() == .unfinished, "this store has gone on with it")
  }

  @Test func `a run that is unfinished here gets the result, its own attempts stay`() throws {
    let mine = try #require(try claimed(try here.add(Sample.settings)))
    try mine.save(Sample.checkpoint(step: 50))
    try mine.end(.failed, failure: .killed, message: "mine")
    try finish()
    #expect(try bring() == .arrived)
    let place = here.run(Sample.run)
    #expect(try place.result() == Sample.result() && place.weights() == Sample.parameters)
    let attempts = try place.attempts()
    #expect(attempts.map(\.number) == [1, 2, 3] && attempts.map { $0.start?.attempt } == [1, 2, 3])
    #expect(attempts.map { $0.end?.outcome } == [.failed, .stopped, .done])
    #expect(attempts[2].end?.resumedFrom == "attempts/0002/checkpoint-00000100.h5")
    #expect(try here.check(deep: true).isEmpty)
    #expect(try bring() == .present)
  }

  @Test func `the same bits are here already, other bits are a conflict, and nothing is overwritten`() throws
  {
    try finish()
    try finish(in: here)
    let before = try files(of: here)
    #expect(try bring() == .present)
    #expect(try files(of: here) == before, "attempts of another machine are no attempts at this one's")
    try Folders.remove(here.run(Sample.run).path)
    try finish(accuracy: 0.25, in: here)
    let other = try files(of: here)
    guard case .conflict(let sentence) = try bring() else {
      Issue.record("another result is no conflict")
      return
    }
    #expect(sentence.contains("is another result of the same settings than"))
    #expect(try files(of: here) == other)
  }

  @Test func `weights that were not kept here come in`() throws {
    try finish()
    #expect(try bring() == .arrived)
    try FileManager.default.removeItem(atPath: here.run(Sample.run).weightsPath)
    #expect(try bring(isDry: true) == .completed && bring() == .completed && bring() == .present)
    #expect(try here.run(Sample.run).weights() == Sample.parameters)
  }

  @Test(arguments: [
    "result.h5", "weights.h5", "spec", "attempts/0001/end.json", "attempts/0002/attempt.json",
  ])
  func `one flipped bit anywhere refuses the run by name`(name: String) throws {
    try finish()
    let path = "\(run.path)/\(name)"
    let whole = try bytes(path)
    for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 5)) {
      var spoilt = whole
      spoilt[place] ^= 4
      try put(spoilt, at: path)
      guard case .refused(let sentences) = try bring() else {
        Issue.record("\(name) with byte \(place) changed came in")
        continue
      }
      #expect(sentences.contains { $0.contains(name) }, "\(sentences)")
      #expect(try here.runs().isEmpty)
    }
    try put(whole, at: path)
    #expect(try bring() == .arrived)
  }

  @Test func `links are not followed`() throws {
    try finish()
    try put([1, 2, 3], at: folder["secret"])
    try FileManager.default.removeItem(atPath: "\(run.attemptPath(1))/live.jsonl")
    try FileManager.default.createSymbolicLink(
      atPath: "\(run.attemptPath(1))/live.jsonl", withDestinationPath: folder["secret"])
    guard case .refused(let sentences) = try bring() else {
      Issue.record("a link came in")
      return
    }
    #expect(sentences.count == 1 && sentences[0].contains("live.jsonl is a link, pipe or device"))
    #expect(try here.runs().isEmpty)
  }

  /// Each step of each publication of an import fails once; the next import completes it.
  @Test(
    arguments: FaultPoint.allCases.filter { $0.rawValue.hasPrefix("publish.") && $0 != .publishAfterRename })
  func `an import that fails at any step is completed by the next`(point: FaultPoint) throws {
    try finish()
    var (passing, failures) = (1, 0)
    while passing < 40 {
      let store = try Store(at: folder["here \(passing)"], creating: true)
      let arrival = Fault.$planned.withValue(Fault(point, .error(EIO), passing: passing)) {
        try? store.bring(Sample.run, from: there, isDry: false)
      }
      if arrival == nil {
        failures += 1
        #expect(!store.run(Sample.run).hasResult || store.run(Sample.run).damage(verifying: true) == nil)
        #expect(try store.check(deep: true).allSatisfy { $0.kind == .leftover })
        let next = try store.bring(Sample.run, from: there, isDry: false)
        #expect([.arrived, .completed, .present].contains(next), "\(point) \(passing): \(next)")
      }
      #expect(try files(of: store) == files(of: there), "\(point) \(passing)")
      #expect(try store.check(deep: true).isEmpty, "\(point) \(passing)")
      if arrival != nil { break }
      passing += 1
    }
    // Settings, two attempts with records and ends, weights, result.
    #expect(failures >= 6, "\(failures)")
  }

  /// A process imports and is killed after some milliseconds, wherever it is; the next import completes it.
  @Test func `an import that is killed is completed by the next`() async throws {
    try finish()
    let path = there.root
    for milliseconds in [1, 3, 6, 10, 16, 25] as [UInt32] {
      let target = folder["killed \(milliseconds)"]
      _ = try Store(at: target, creating: true)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, target = target as String, milliseconds = milliseconds as UInt32] in
        Thread.detachNewThread {
          usleep(milliseconds * 1000)
          kill(getpid(), SIGKILL)
        }
        let (from, to) = (try Store(at: path, creating: false), try Store(at: target, creating: false))
        while true { _ = try to.bring(Sample.run, from: from, isDry: false) }
      }
      let store = try Store(at: target, creating: false)
      #expect(try store.check(deep: true).allSatisfy { $0.kind == .leftover })
      _ = try store.bring(Sample.run, from: there, isDry: false)
      let own = try files(of: store).filter { !$0.key.contains(".tmp-") }
      #expect(try own == files(of: there), "\(milliseconds)")
    }
  }
}

private enum Folders {
  static func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
}
