/// One finished run as tables see it: every fact about it under one key.
package struct Record: Sendable {
  /// The run's id.
  package let run: Digest
  /// What was set: the run's identity.
  package let settings: Settings
  /// What follows from the settings and is in no hash: `task.segments`.
  package let derived: Settings
  /// Final metrics: `test.accuracy`, a fraction.
  package let metrics: [String: Double]
  /// What it took, summed over attempts; keys begin with `cost.`: `cost.seconds`.
  package let cost: [String: Double]
  /// The costs that are not less than what they say, and may be more: some attempt left no record of its own.
  package let lowerBounds: Set<String>

  package init(
    run: Digest, settings: Settings, derived: Settings, metrics: [String: Double], cost: [String: Double],
    lowerBounds: Set<String> = []
  ) {
    for key in cost.keys where !key.hasPrefix("cost.") {
      fatalError("the cost “\(key)” of run \(run.short) must be named cost.\(key)")
    }
    self.run = run
    self.settings = settings
    self.derived = derived
    self.metrics = metrics
    self.cost = cost
    self.lowerBounds = lowerBounds
  }

  /// The fact called `key`: a setting, else a derived one, else a metric, else a cost; nil when there is
  /// none.
  package subscript(_ key: String) -> Value? {
    settings[key] ?? derived[key] ?? metrics[key].map(Value.real) ?? cost[key].map(Value.real)
  }

  /// All keys that the subscript knows, sorted by their bytes.
  package var keys: [String] {
    Set(settings.keys + derived.keys + metrics.keys + cost.keys).sorted()
  }
}
