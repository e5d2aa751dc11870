import Models
import Records

/// How long what is left will take, from what was measured.
///
/// A run that is going tells its own pace. One that has not begun takes as long as alike runs took; where
/// there are none yet, its work at the pace of all that was measured in this invocation. Nothing measured,
/// nothing said.
package struct Estimate: Sendable {
  private var costs: Costs
  private var totalSeconds = 0.0
  private var totalWork = 0.0

  /// - Parameter costs: what alike runs took in earlier invocations.
  package init(_ costs: Costs = Costs()) { self.costs = costs }

  /// A run was finished: `seconds` is what it takes from its first step.
  package mutating func measured(_ specification: Specification, seconds: Double) {
    costs.add(specification.storedSettings, seconds: seconds)
    totalSeconds += seconds
    totalWork += Estimate.work(of: specification)
  }

  /// Seconds for the whole of one run; nil while nothing like it has been measured.
  package func seconds(of specification: Specification) -> Double? {
    if let seconds = costs.seconds(of: specification) { return seconds }
    guard totalWork > 0 else { return nil }
    return Estimate.work(of: specification) * totalSeconds / totalWork
  }

  /// Seconds until everything is done.
  ///
  /// - Parameter running: how long each run that is going still takes; nil where it is not known yet.
  /// - Parameter waiting: what has not begun, in the order it will.
  /// - Parameter slots: how many run at a time.
  package func remaining(running: [Double?], waiting: [Specification], slots: Int) -> Double? {
    var free = [Double](repeating: 0, count: max(slots, running.count, 1))
    for (slot, seconds) in running.enumerated() {
      guard let seconds else { return nil }
      free[slot] = seconds
    }
    for specification in waiting {
      guard let seconds = seconds(of: specification), let next = free.indices.min(by: { free[$0] < free[$1] })
      else { return nil }
      free[next] += seconds
    }
    return free.max()
  }

  /// How much there is to compute: segments of training, where settings tell, without those that no label feels.
  private static func work(of specification: Specification) -> Double {
    func number(_ key: String) -> Double {
      guard case .integer(let number)? = specification.settings[key] ?? specification.derived[key] else {
        return 1
      }
      return Double(number)
    }
    func reach<M: SequenceModel>(of _: M.Type) -> Reach {
      M.reach(of: specification.configuration(of: M.self))
    }
    let model = specification.model
    let segments = number("task.segments")
    let bound = reach(of: model).segments(ofLength: Int(number("task.segment_length")))
    let computed = bound.map { min(segments, Double($0) + 1) } ?? segments
    return number("task.examples") * number("training.epochs") * computed
  }
}
