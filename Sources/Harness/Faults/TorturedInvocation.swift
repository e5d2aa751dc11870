import Archive
import Foundation
import Glibc
import Subprocess
import SystemPackage

/// One call of `mneme run` that may not live to its end.
struct TorturedInvocation: Sendable {
  /// A kill: whom, and what the workers that died were doing.
  struct Stroke: Sendable {
    let victim: TortureReport.Victim
    let phases: [KillPhase]
  }

  /// How it ended.
  struct End: Sendable {
    /// Nil where it was killed.
    let status: ExitStatus?
    let strokes: [Stroke]
    let refusedCheckpoints: Int
    let lastWords: String
  }

  private let torture: Torture
  private let store: Store
  private let checkpointSeconds: Double?

  init(_ torture: Torture, in store: Store, checkpointSeconds: Double?) {
    (self.torture, self.store, self.checkpointSeconds) = (torture, store, checkpointSeconds)
  }

  /// - Parameter kills: how many strokes there may be; those of workers leave the scheduler alive for more.
  /// - Parameter first: the number of the first of them, which decides its moment.
  /// - Parameter pace: the longest time between two.
  func run(
    killingUpTo kills: Int, from first: Int, pace: Duration, isToLeave: @escaping @Sendable () -> Bool
  ) async throws -> End {
    var arguments = ["run"] + torture.command.arguments + ["--store", store.root]
    if let checkpointSeconds { arguments += ["--checkpoint-seconds", "\(checkpointSeconds)"] }
    var platform = PlatformOptions()
    platform.processGroupID = 0
    let result = try await Subprocess.run(
      .path(FilePath(torture.command.program)),
      arguments: Arguments(executablePathOverride: "mneme", remainingValues: arguments),
      platformOptions: platform, input: .none, output: .discarded, error: .sequence
    ) { execution in
      let scheduler = execution.processIdentifier.value
      let striker = Task { () -> [Stroke] in
        var strokes: [Stroke] = []
        while strokes.count < kills, strokes.last.map({ $0.victim == .worker }) ?? true,
          let stroke = await strike(scheduler, number: first + strokes.count, pace: pace)
        { strokes.append(stroke) }
        return strokes
      }
      let watch = Task {
        while !Task.isCancelled {
          if isToLeave() { kill(scheduler, SIGTERM) }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      var (lines, refused): ([String], Int) = ([], 0)
      for try await line in execution.standardError.strings() {
        if line.contains("a checkpoint was refused") { refused += 1 }
        lines = lines.suffix(5) + [line]
      }
      striker.cancel()
      watch.cancel()
      return (await striker.value, refused, lines.joined(separator: " "))
    }
    let (strokes, refused, words) = result.closureResult
    if isToLeave() { throw TortureError.interrupted }
    var status: ExitStatus?
    if case .exited(let code) = result.terminationStatus {
      status = ExitStatus(rawValue: code) ?? .unable
      if status == .unable { throw TortureError.stuck(words) }
    }
    return End(status: status, strokes: strokes, refusedCheckpoints: refused, lastWords: words)
  }

  /// Waits for the moment of a stroke, and strikes; nil where the scheduler was gone before.
  private func strike(_ scheduler: pid_t, number: Int, pace: Duration) async -> Stroke? {
    func chance(_ question: Int) -> Double { torture.moments.chance(number, question) }
    do { try await Task.sleep(for: pace * chance(1)) } catch { return nil }
    let runs = torture.manifest.runs.map { store.run($0.run) }
    var victim = TortureReport.Victim.allCases[Int(chance(2) * 3)]
    var workers = children(of: scheduler)
    // Between two runs, and in the pause before a repetition, there is no worker.
    for _ in 0..<300 where victim == .worker && workers.isEmpty {
      do { try await Task.sleep(for: .milliseconds(5)) } catch { return nil }
      workers = children(of: scheduler)
    }
    if victim == .worker, workers.isEmpty { victim = .scheduler }
    var writer: pid_t?
    // Checkpoints are written in milliseconds: luck alone would seldom strike there.
    if checkpointSeconds != nil, victim != .scheduler, chance(4) < 0.3 {
      for _ in 0..<200 where writer == nil {
        do { try await Task.sleep(for: .milliseconds(2)) } catch { return nil }
        workers = children(of: scheduler)
        writer = workers.first { KillPhase(ofWorker: $0, among: runs) == .checkpoint }
      }
    }
    guard !Task.isCancelled, victim != .worker || !workers.isEmpty else { return nil }
    if let writer { kill(writer, SIGSTOP) }
    switch victim {
    case .worker: workers = [writer ?? workers[Int(chance(3) * Double(workers.count))]]
    case .scheduler: workers = []
    case .both: break
    }
    if victim != .worker { kill(scheduler, SIGSTOP) }
    // Stopped first: so their files tell what they were at.
    for worker in workers { kill(worker, SIGSTOP) }
    let phases = workers.map { KillPhase(ofWorker: $0, among: runs) }
    if victim != .worker { kill(scheduler, SIGKILL) }
    for worker in workers { kill(worker, SIGKILL) }
    return Stroke(victim: victim, phases: phases)
  }
}
