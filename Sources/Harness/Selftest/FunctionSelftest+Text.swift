import Records
import Tensors

/// What came of the sweeps, for people and programs.
extension FunctionSelftest {
  /// A line for every function and instruction set, then what was left out, then the verdict.
  package var text: String {
    let head = [
      "function", "kernels", "inputs", "largest error", "at", "allowed", "monotone", "bits", "", "s",
    ]
    let body = rows.map { row in
      let behaviour = row.behaviour
      return [
        row.function.name, row.sweep.instructionSet ?? "none", "\(row.sweep.inputs)",
        "\(FunctionSelftest.short(behaviour.error)) \(row.function.unit.rawValue)", "\(behaviour.worst)",
        "< \(row.function.allowed)", FunctionSelftest.order(row), row.sweep.digest.short,
        FunctionSelftest.verdict(row), NumberText.fixed(row.sweep.seconds, digits: 1),
      ]
    }
    var text = inColumns([head] + body)
    for (set, reason) in absent { text += "\(set): not run: \(reason)\n" }
    return text + verdict + "\n"
  }

  private static func order(_ row: Row) -> String {
    let (reversals, first) = (row.behaviour.reversals, row.behaviour.firstReversal)
    guard row.function.isMonotone else { return "not asked" }
    return first.map { "NO: turns back \(counted(reversals, "time")), first at \($0)" } ?? "yes"
  }

  private static func verdict(_ row: Row) -> String {
    var words: [String] = []
    if !row.isNearEnough { words.append("TOO FAR") }
    switch row.isAsRecorded {
    case true?: words.append("as recorded")
    case false?: words.append("NOT as recorded")
    case nil: words.append("no record")
    }
    if let alike = row.alike { words.append("same as \(alike)") }
    return words.joined(separator: ", ")
  }

  private static func short(_ error: Double) -> String { NumberText.fixed(error, digits: 4) }

  private var verdict: String {
    let scope = step == 1 ? "every float" : "every \(step)th float"
    let unsound = rows.filter { !$0.isSound }.map {
      "\($0.function.name) (\($0.sweep.instructionSet ?? "no kernels"))"
    }
    if !disputed.isEmpty {
      return "FAILED: instruction sets do not agree on \(disputed.joined(separator: ", ")), at \(scope)"
    }
    if !unsound.isEmpty { return "FAILED: \(unsound.joined(separator: ", ")), at \(scope)" }
    let recorded =
      rows.allSatisfy { $0.isAsRecorded == true }
      ? "all bits as recorded" : "no bits are recorded for this step, and none differ here"
    return
      "\(counted(Set(rows.map(\.function.name)).count, "function")) at \(scope): near enough, in order, \(recorded)"
  }

  /// A list of objects, one a line of the table.
  package var json: String {
    jsonText(
      rows.map { row in
        RowJSON(
          function: row.function.name, instructions: row.sweep.instructionSet, step: step,
          inputs: row.sweep.inputs,
          largest_error: row.behaviour.error.isFinite ? row.behaviour.error : nil,
          at: row.behaviour.worst.isFinite ? row.behaviour.worst : nil, unit: row.function.unit.rawValue,
          allowed: row.function.allowed, reversals: row.function.isMonotone ? row.behaviour.reversals : nil,
          digest: row.sweep.digest.hex, as_recorded: row.isAsRecorded, same_as: row.alike, sound: row.isSound,
          seconds: row.sweep.seconds)
      })
  }

  private struct RowJSON: Encodable {
    let function: String
    let instructions: String?
    let step, inputs: Int
    /// Absent where it is infinite.
    let largest_error: Double?
    let at: Float?
    let unit: String
    let allowed: Double
    /// Absent where the function goes up and down.
    let reversals: Int?
    let digest: String
    /// Absent where nothing is recorded for this step.
    let as_recorded: Bool?
    let same_as: String?
    let sound: Bool
    let seconds: Double
  }
}
