import Records

/// What all attempts at a run took together, by the keys of `Cost`.
///
///     sums       cost.seconds, cost.cpu_seconds, cost.training_seconds, cost.evaluation_seconds, cost.steps
///     largest    cost.peak_bytes, cost.state_bytes, cost.association_bytes
///     ratio      cost.seconds_per_step = Σ training seconds / Σ steps
///
/// An attempt that was killed left no end, and that of another may be damaged: its wall time is that of the last line of
/// its live log, where there is one, and nothing else is known of it. What it took is then missing in the totals, which are lower bounds (`lowerBounds`). The ratio is one of
/// what is known, and no bound. Where no attempt left a record, the cost is absent.
struct TotalCost: Equatable {
  private(set) var cost: [String: Double] = [:]
  private(set) var lowerBounds: Set<String> = []

  /// - attempts: Each with the seconds that its live log tells.
  init(_ attempts: [(end: AttemptEnd?, liveSeconds: Double?)]) {
    self[.attempts] = Double(attempts.count)
    add(.seconds, attempts.compactMap { $0.end?.seconds ?? $0.liveSeconds }, by: +)
    // A live log stops a second or so before the kill.
    if attempts.contains(where: { $0.end == nil }), self[.seconds] != nil {
      lowerBounds.insert(Cost.seconds.key)
    }
    func total(_ cost: Cost, by combine: (Double, Double) -> Double, _ known: (AttemptEnd) -> Double?) {
      let values = attempts.map { $0.end.flatMap(known) }
      add(cost, values.compactMap(\.self), by: combine)
      if values.contains(nil), self[cost] != nil { lowerBounds.insert(cost.key) }
    }
    total(.cpuSeconds, by: +) { end in
      end.userSeconds.map { $0 + (end.systemSeconds ?? 0) }
    }
    total(.peakBytes, by: max) { $0.peakBytes.map(Double.init) }
    total(.trainingSeconds, by: +) { $0.cost?.trainingSeconds }
    total(.evaluationSeconds, by: +) { $0.cost?.evaluationSeconds }
    total(.steps, by: +) { ($0.cost?.steps).map(Double.init) }
    total(.stateBytes, by: max) { ($0.cost?.stateBytes).map(Double.init) }
    total(.associationBytes, by: max) { ($0.cost?.associationBytes).map(Double.init) }
    if let seconds = self[.trainingSeconds], let steps = self[.steps], steps > 0 {
      self[.secondsPerStep] = seconds / steps
    }
  }

  private subscript(_ cost: Cost) -> Double? {
    get { self.cost[cost.key] }
    set { self.cost[cost.key] = newValue }
  }

  private mutating func add(_ cost: Cost, _ values: [Double], by combine: (Double, Double) -> Double) {
    guard let first = values.first else { return }
    self[cost] = values.dropFirst().reduce(first, combine)
  }
}

extension TotalCost {
  init(of attempts: [Attempt]) throws(ArchiveError) {
    var found: [(end: AttemptEnd?, liveSeconds: Double?)] = []
    for attempt in attempts {
      let live = attempt.end == nil ? try LiveLog(at: "\(attempt.path)/live.jsonl").records.last : nil
      found.append((attempt.end, live?.seconds))
    }
    self.init(found)
  }
}
