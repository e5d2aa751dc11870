package import Archive
import Foundation
import Records

/// Kills, resumes, and compares: proves that a manifest's files are the same after any number of deaths.
///
/// The runs are computed undisturbed once. Then `mneme run` is called in another store, and it, its workers or all of
/// them die by SIGKILL at moments that a seed decides; it is called again until everything is done, and every file is
/// compared. Where kills are left, the next store is begun.
package struct Torture: Sendable {
  /// The program that is called, and what it is told beside `run` and the store.
  package struct Command: Sendable {
    let program: String
    let arguments: [String]

    package init(program: String, arguments: [String]) {
      (self.program, self.arguments) = (program, arguments)
    }
  }

  let manifest: Manifest
  let command: Command
  let kills: Int
  let moments: KillMoments

  /// - Parameter command: computes `manifest`.
  package init(_ manifest: Manifest, by command: Command, kills: Int, seed: UInt64) {
    (self.manifest, self.command, self.kills) = (manifest, command, kills)
    moments = KillMoments(seed: seed, subject: manifest.hash.hex)
  }

  /// Works inside `store`, and leaves nothing there.
  package func run(
    in store: Store, progress: @escaping @Sendable (String) -> Void, isToLeave: @escaping @Sendable () -> Bool
  ) async throws -> TortureReport {
    try ScratchStore.removeAbandoned(in: store)
    let place = try ScratchStore(in: store)
    defer { withExtendedLifetime(place) {} }
    let clock = ContinuousClock()
    let start = clock.now
    var report = TortureReport()
    (report.manifest, report.runs, report.seed) = (manifest.hash.short, manifest.runs.count, moments.seed)

    progress("\(counted(manifest.runs.count, "run")) undisturbed")
    let calm = try Store(at: "\(place.store.root)/undisturbed", creating: true)
    let first = try await TorturedInvocation(self, in: calm, checkpointSeconds: nil)
      .run(killingUpTo: 0, from: 0, pace: .zero, isToLeave: isToLeave)
    guard first.status == .done else { throw TortureError.undisturbedFailed(first.lastWords) }
    report.undisturbedSeconds = (clock.now - start).inSeconds
    let expected = try PublishedFiles(of: calm)
    let numbers = try NumbersWatch(manifest, computedIn: calm)
    // Long enough that most workers live to do something, short enough that most die.
    let pace = (clock.now - start) / Double(max(1, manifest.runs.count)) * 3

    var untouched = 0
    repeat {
      let killed = report.totalKills
      let path = "\(place.store.root)/\(report.rounds + 1)"
      try await finish(try Store(at: path, creating: true), numbers, pace, &report, progress, isToLeave)
      let found = try Store(at: path, creating: false)
      report.rounds += 1
      try compare(found, with: expected, &report)
      try? FileManager.default.removeItem(atPath: path)
      untouched = report.totalKills == killed ? untouched + 1 : 0
      guard untouched < 20 else { throw TortureError.tooShort }
      progress(
        "killed \(report.totalKills) of \(kills) in \(counted(report.rounds, "store")), "
          + "\(counted(report.filesCompared, "file")) compared, \(report.differences.count) different")
    } while report.totalKills < kills && report.status == .done
    report.seconds = (clock.now - start).inSeconds
    return report
  }

  /// Calls `mneme run` until everything is done, killing as it goes.
  private func finish(
    _ store: Store, _ numbers: NumbersWatch, _ pace: Duration, _ report: inout TortureReport,
    _ progress: (String) -> Void, _ isToLeave: @escaping @Sendable () -> Bool
  ) async throws {
    var done: Set<Digest> = []
    var fruitless = 0
    while true {
      if isToLeave() { throw TortureError.interrupted }
      let kill = report.totalKills
      // Also with a checkpoint after every step, so that deaths come in the middle of writing one.
      let interval = [0, 0, 0.02, nil][Int(moments.chance(report.moments, 0) * 4)]
      let reader = Task { await numbers.watch(store) }
      defer { reader.cancel() }
      let end = try await TorturedInvocation(self, in: store, checkpointSeconds: interval)
        .run(killingUpTo: kills - kill, from: report.moments, pace: pace, isToLeave: isToLeave)
      reader.cancel()
      var seen = await reader.value
      numbers.look(at: store, &seen)
      report.add(seen)
      report.invocations += 1
      // A moment that came too late counts too: it would come too late again.
      report.moments += end.strokes.count + 1
      for stroke in end.strokes { report.kills[stroke.victim, default: 0] += 1 }
      for phase in end.strokes.flatMap(\.phases) { report.phases[phase, default: 0] += 1 }
      report.refusedCheckpoints += end.refusedCheckpoints
      look(at: store, &done, &report)
      if report.totalKills / 20 > kill / 20 { progress("killed \(report.totalKills) of \(kills)") }
      if end.status == .done { return }
      fruitless = end.strokes.isEmpty ? fruitless + 1 : 0
      // Runs that others still hold, or pauses before repetitions, may leave one or two without a kill.
      guard fruitless < 3 else { throw TortureError.stuck(end.lastWords) }
    }
  }

  /// Whether what was done is done.
  private func look(at store: Store, _ done: inout Set<Digest>, _ report: inout TortureReport) {
    for specification in manifest.runs {
      let run = specification.run
      switch Result(catching: { try store.run(run).state(verifying: true) }) {
      case .success(.done): done.insert(run)
      case .success(.corrupt(let sentence)): report.lost.append(sentence)
      case .success(let state):
        if done.contains(run) { report.lost.append("run \(run.short) was done, and is \(state)") }
      case .failure(let error): report.lost.append("run \(run.short) cannot be read: \(error)")
      }
    }
  }

  private func compare(
    _ store: Store, with expected: PublishedFiles, _ report: inout TortureReport
  ) throws {
    let found = try PublishedFiles(of: store)
    report.add(files: found.names.count, differences: try expected.differences(in: found))
    for finding in try store.check(deep: true) {
      switch finding.kind {
      case .leftover, .orphan: report.orphans += 1
      case .damage, .conflict, .stranger, .unseen: report.damage.append(finding.sentence)
      }
    }
    for specification in manifest.runs {
      for attempt in try store.run(specification.run).attempts().dropFirst() {
        switch try LiveLog(at: "\(attempt.path)/live.jsonl").records.first?.event {
        case "resumed"?: report.resumedFromCheckpoint += 1
        case .some: report.resumedFromScratch += 1
        case nil: report.diedBeforeBeginning += 1
        }
      }
    }
  }
}

/// Why nothing can be said.
package enum TortureError: Error, CustomStringConvertible {
  case undisturbedFailed(String)
  case stuck(String)
  case tooShort
  case interrupted

  package var description: String {
    switch self {
    case .undisturbedFailed(let words):
      "the runs fail without any kill, so there is nothing to compare with: \(words)"
    case .stuck(let words):
      "three invocations in a row were not killed and did not bring the runs to their end: \(words)"
    case .tooShort:
      "twenty stores in a row were finished before any moment of a kill came: the runs are too short to be killed"
    case .interrupted: "stopped before the end: no figures"
    }
  }
}
