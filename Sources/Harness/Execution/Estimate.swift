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
  /// How much there is to compute of runs that were finished, by what that depends on.
  private var works: [Settings: Double] = [:]

  /// - Parameter costs: what alike runs took in earlier invocations.
  package init(_ costs: Costs = Costs()) { self.costs = costs }

  /// A run was finished: `seconds` is what it takes from its first step.
  package mutating func measured(_ specification: Specification, seconds: Double) {
    costs.add(specification.storedSettings, seconds: seconds)
    totalSeconds += seconds
    let key = Costs.work(of: specification.storedSettings)
    let work = works[key] ?? Estimate.work(of: specification)
    works[key] = work
    totalWork += work
  }

  /// Seconds for the whole of one run; nil while nothing like it has been measured.
  package func seconds(of specification: Specification) -> Double? {
    if let seconds = costs.seconds(of: specification) { return seconds }
    guard totalWork > 0 else { return nil }
    return Estimate.work(of: specification) * totalSeconds / totalWork
  }

  /// Seconds until everything is done; nil where some run's are not known.
  ///
  /// The runs are dealt to as many places as there are runs at a time; where they share something that there is too
  /// little of, no less than that takes.
  ///
  /// - Parameter running: what each run that is going takes, and for how long still.
  /// - Parameter waiting: the same of what has not begun, in the order it will.
  package static func remaining(
    running: [(need: Need, seconds: Double?)], waiting: [(need: Need, seconds: Double?)], offer: Offer
  ) -> Double? {
    var free = [Double](repeating: 0, count: max(offer.jobs, running.count, 1))
    var shared: [String: Double] = [:]
    var memory = 0.0
    for (place, run) in (running + waiting).enumerated() {
      guard let seconds = run.seconds else { return nil }
      if place < running.count {
        free[place] = seconds
      } else if let next = free.indices.min(by: { free[$0] < free[$1] }) {
        free[next] += seconds
      }
      for (name, count) in run.need.slots { shared[name, default: 0] += Double(count) * seconds }
      memory += Double(run.need.memory ?? 0) * seconds
    }
    let bounds = shared.map { name, load in load / Double(max(offer.slots[name] ?? 1, 1)) }
    let memoryBound = offer.memory.map { memory / Double(max($0, 1)) } ?? 0
    return max(free.max() ?? 0, bounds.max() ?? 0, memoryBound)
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
