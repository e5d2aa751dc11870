import Foundation
import Records

extension Plan {
  /// The plan for people: one line a run, then what it comes to.
  package var text: String {
    var lines = ["\(name) (tier \(tier.rawValue)), manifest \(manifest.short): \(product)"]
    let labelWidth = steps.map(\.label.columns).max() ?? 0
    let actionWidth = steps.map(\.action.rawValue.count).max() ?? 0
    let reasonWidth = steps.map(\.reason.count).max() ?? 0
    for step in steps {
      let parts = [
        step.specification.run.short, padded(step.label, labelWidth),
        padded(step.action.rawValue, actionWidth),
        padded(step.reason, reasonWidth), step.isWork ? step.seconds.map(duration) ?? "unmeasured" : "",
      ]
      lines.append(trimmedEnd("  " + parts.joined(separator: "  ")))
    }
    lines.append(summary)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The plan for programs, as one JSON object.
  package var json: String {
    jsonText(
      PlanJSON(
        name: name, tier: tier.rawValue, manifest: manifest.hex,
        axes: axes.map { .init(key: $0.key, values: $0.count) },
        runs: steps.map {
          .init(
            run: $0.specification.run.hex, label: $0.label, action: $0.action.rawValue, reason: $0.reason,
            seconds: $0.seconds, next: $0.action == .inspect ? mending : nil)
        },
        counts: Dictionary(uniqueKeysWithValues: counts.map { ($0.action.rawValue, $0.count) }),
        seconds: measuredSeconds, unmeasured: unmeasured))
  }

  /// `48 runs = model.memory 4 × seed 3 × task.length 4`, the product only where it is one.
  private var product: String {
    let set = axes.filter { axis in steps.contains { $0.specification.settings[axis.key] != nil } }
    let axes = set.map { "\($0.key) \($0.count)" }
    let isProduct = set.reduce(1.0) { $0 * Double($1.count) } == Double(steps.count)
    let runs = counted(steps.count, "run")
    if axes.isEmpty { return runs }
    return isProduct
      ? "\(runs) = \(axes.joined(separator: " × "))" : "\(runs) over \(axes.joined(separator: ", "))"
  }

  /// What follows a number of runs.
  private static func words(for action: Action) -> String {
    switch action {
    case .nothing: "done"
    case .run: "to run"
    case .resume: "to resume"
    case .wait: "running elsewhere"
    case .leave: "left alone"
    case .inspect: "corrupt"
    }
  }

  private var summary: String {
    let work = steps.count { $0.isWork }
    let counts = counts.map { "\($0.count) \(Plan.words(for: $0.action))" }.joined(separator: ", ")
    guard work > 0 else {
      return corrupt.isEmpty
        ? "\(counts). Nothing to compute." : "\(counts). Nothing else to compute.\(corrupt)"
    }
    let measured = work - unmeasured
    if measured == 0 { return "\(counts). Computing time: unmeasured.\(corrupt)" }
    let rest = unmeasured == 0 ? "" : ", and \(counted(unmeasured, "run")) unmeasured"
    return
      "\(counts). Computing time: \(duration(measuredSeconds)) for \(counted(measured, "run"))\(rest).\(corrupt)"
  }

  /// What becomes of corrupt runs, and what to type; empty where there is none.
  private var corrupt: String {
    let count = steps.count { $0.action == .inspect }
    guard count > 0 else { return "" }
    let runs =
      count == 1
      ? "The corrupt run does not count until it is" : "The corrupt runs do not count until they are"
    return "\n\(runs) mended.\nnext: \(mending)"
  }
}

extension Plan.Step {
  /// What becomes of the run and why, in a line: `model.memory=none seed=1: reused, done (run 3f9a2c…)`.
  var decision: String {
    let words =
      switch action {
      case .nothing: "reused"
      case .run: "to be computed"
      case .resume: "to be computed further"
      case .wait: "left to the process that has it"
      case .leave, .inspect: "left alone"
      }
    return "\(label.isEmpty ? "" : "\(label): ")\(words), \(reason) (run \(specification.run.short))"
  }
}

private struct PlanJSON: Encodable {
  struct Axis: Encodable {
    let key: String
    let values: Int
  }

  struct Run: Encodable {
    let run: String
    let label: String
    let action: String
    let reason: String
    let seconds: Double?
    let next: String?
  }

  let name: String
  let tier: String
  let manifest: String
  let axes: [Axis]
  let runs: [Run]
  let counts: [String: Int]
  let seconds: Double
  let unmeasured: Int
}

/// A value as JSON for programs and people: keys sorted, one line feed at the end.
func jsonText(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  do {
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  } catch {
    fatalError("\(type(of: value)) cannot be written as JSON: \(error)")
  }
}

/// `text` with spaces behind it, for a column.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.columns))
}

/// `12 s`, `3 m 20 s`, `2 h 5 m`, `4 d 7 h`: two units are as much as an estimate is worth.
package func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "more than a lifetime" }
  let whole = Int(max(seconds, 0).rounded())
  let units = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")]
  guard let first = units.firstIndex(where: { whole >= $0.0 }) else { return "0 s" }
  let large = "\(whole / units[first].0) \(units[first].1)"
  guard first + 1 < units.count else { return large }
  let rest = whole % units[first].0 / units[first + 1].0
  return rest == 0 ? large : "\(large) \(rest) \(units[first + 1].1)"
}
