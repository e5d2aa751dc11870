import Archive
import Foundation
import Records

extension Watching.Look {
  /// One object in one line, for programs.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    do {
      return String(decoding: try encoder.encode(LookJSON(self)), as: UTF8.self) + "\n"
    } catch {
      fatalError("a look cannot be written as JSON: \(error)")
    }
  }
}

private struct LookJSON: Encodable {
  struct Run: Encodable {
    let run: String
    let label: String
    let state: String
    let detail: String
    let step: Int?
    let steps: Int?
    let phase: String?
    let loss: Double?
    let stepsPerSecond: Double?
    let remainingSeconds: Double?
    let silentSeconds: Double?
    let attempt: Int?
    let host: String?
    let process: Int32?
  }

  struct Line: Encodable {
    let metric: String
    let steps: [Int]
    let values: [Double]
  }

  let time: String
  let counts: [String: Int]
  let remainingSeconds: Double?
  /// Those that are not done, and the one that was asked for.
  let runs: [Run]
  /// Of a single run.
  let curves: [Line]?

  init(_ look: Watching.Look) {
    time = look.time
    counts = Dictionary(
      uniqueKeysWithValues: StatusReport(look.standings, in: "").counts.map { ($0.state, $0.count) })
    let isOne: Bool
    switch look.view {
    case .runs(let view): (remainingSeconds, curves, isOne) = (view.remaining, nil, false)
    case .run(let view):
      remainingSeconds = view.standing.live?.remaining
      curves = view.curves.map { curve in
        Line(metric: curve.metric, steps: curve.points.map(\.step), values: curve.points.map(\.value))
      }
      isOne = true
    }
    runs = look.standings.filter { isOne || $0.state != .done }.map(Run.init)
  }
}

extension LookJSON.Run {
  init(_ standing: Standing) {
    let line = StatusReport.Line(standing)
    var (attempt, host, process) = (Int?.none, String?.none, Int32?.none)
    if case .running(let owner) = standing.state {
      (attempt, host, process) = (owner.attempt, owner.host, owner.pid)
    }
    self.init(
      run: standing.run.hex, label: standing.label, state: line.state, detail: line.detail,
      step: standing.step,
      steps: standing.live?.steps, phase: standing.live?.phase, loss: standing.live?.loss,
      stepsPerSecond: standing.live?.stepsPerSecond, remainingSeconds: standing.live?.remaining,
      silentSeconds: standing.live?.silence, attempt: attempt, host: host, process: process)
  }
}
