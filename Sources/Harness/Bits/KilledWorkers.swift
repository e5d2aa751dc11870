import Archive
import Foundation
import Glibc
import Records
import Synchronization
import Tensors

/// Worker processes that die without warning, and whoever goes on after them.
extension BitsSelftest {
  /// Kills workers at moments looked up by number, goes on with other threads and other kernels until the run is
  /// published, and compares its files with those of a worker that nobody disturbed.
  ///
  /// - Returns: The row, and how many workers went on from a checkpoint.
  func killing(_ table: Table) async throws -> (row: BitsTable.Row, resumed: Int) {
    let plan = table.subjects.indices.map { index in
      kills / table.subjects.count + (index < kills % table.subjects.count ? 1 : 0)
    }
    let words = Dictionary(uniqueKeysWithValues: zip(table.subjects.map(\.name), plan))
    var resumed = 0
    let row = try await table.row("killed \(counted(kills, "time")), resumed on other kernels and threads") {
      subject in
      guard let kills = words[subject.name], kills > 0 else { return .notRun("no kill was asked for") }
      let victim = try Victim(subject, program: program, code: code)
      let end = try await victim.suffer(kills: kills) { sentence in
        table.progress("\(subject.name): \(sentence)")
        if table.isToLeave() { throw BitsError.interrupted }
      }
      resumed += end.resumed
      return end.cell
    }
    return (row, resumed)
  }
}

/// A run whose workers are killed.
private struct Victim {
  private let subject: BitsSelftest.Subject
  private let program: String
  private let code: Digest?
  private let undisturbed: TemporaryStore

  init(_ subject: BitsSelftest.Subject, program: String, code: Digest?) throws {
    (self.subject, self.program, self.code) = (subject, program, code)
    undisturbed = try TemporaryStore()
  }

  func suffer(kills: Int, progress: (String) throws -> Void) async throws -> (
    cell: BitsCell, resumed: Int
  ) {
    let clock = ContinuousClock()
    let start = clock.now
    _ = try await work(in: undisturbed, attempt: 0, killedAfter: nil)
    let whole = clock.now - start
    var (killed, rounds, resumed) = (0, 0, 0)
    while killed < kills {
      rounds += 1
      let place = try TemporaryStore()
      var attempt = 0
      while true {
        attempt += 1
        let moment = killed < kills ? whole * chance(killed, attempt, rounds) : nil
        let end = try await work(in: place, attempt: attempt, killedAfter: moment)
        if end.step > 0 { resumed += 1 }
        if end.isKilled {
          killed += 1
          try progress("killed \(killed) of \(kills)")
          continue
        }
        break
      }
      let runs = [undisturbed, place].map { $0.store.run(subject.specification.run) }
      let cell = try publishedDifference(runs[0], runs[1])
      guard cell == .same else { return (cell, resumed) }
    }
    try progress(
      "killed \(counted(killed, "time")) in \(counted(rounds, "run")), \(counted(resumed, "worker")) went on from a checkpoint"
    )
    return (.same, resumed)
  }

  /// Between 0 and 1, always the same for the same kill.
  private func chance(_ killed: Int, _ attempt: Int, _ round: Int) -> Double {
    KillMoments(seed: 1, subject: "\(subject.name).\(round)").chance(killed, attempt)
  }

  /// How a worker ended, and the step it began at; -1 if it came not so far.
  private struct End {
    var isKilled = false
    let step: Int
  }

  /// What a worker says while it is at work.
  private final class Heard: Sendable {
    let step = Atomic<Int>(-1)
    let lines = Mutex<[String]>([])
  }

  /// One worker, which may be killed; which kernels and threads it has follows from the number of the attempt.
  private func work(
    in place: TemporaryStore, attempt: Int, killedAfter moment: Duration?
  ) async throws -> End {
    try place.store.add(subject.specification.storedSettings)
    var resources = RunResources(Resources(), threads: [1, 2, 7, 3, 4][attempt % 5])
    let fast = InstructionSet.available.reversed()
    resources.instructions = attempt == 0 ? .best : Array(fast)[attempt % fast.count]
    resources.checkpointInterval = .zero
    let heard = Heard()
    let (requests, continuation) = AsyncStream.makeStream(of: StopRequest.self)
    let timer = Task {
      guard let moment else { return }
      try await Task.sleep(for: moment)
      continuation.yield(.die)
    }
    let executor = LocalExecutor(program: program, store: place.store.root, code: code, parent: getpid())
    let ending = await executor.execute(
      Assignment(subject.specification, label: subject.name, resources: resources), requests: requests
    ) { report in
      switch report {
      case .message(.began(let step, _)): heard.step.store(step, ordering: .relaxed)
      case .message, .peak: break
      case .line(let line): heard.lines.withLock { $0.append(line) }
      }
    }
    timer.cancel()
    continuation.finish()
    let step = heard.step.load(ordering: .relaxed)
    switch ending {
    case .exited(0): return End(step: step)
    case .signalled(SIGKILL) where moment != nil: return End(isKilled: true, step: step)
    default: throw BitsError.unpublished("\(ending) \(heard.lines.withLock { $0 }.joined(separator: " "))")
    }
  }
}
