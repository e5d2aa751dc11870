package import Records

/// All that follows from a run's identity: what `result.h5` holds, and nothing of where or when it was computed.
package struct RunResult: Sendable, Equatable {
  package let run: Digest
  /// The resolved settings as they are hashed, without neutral entries: `run` is their hash.
  package let settings: Settings
  /// What follows from the settings: `task.segments`.
  package let derived: Settings
  /// The settings as YAML, for people.
  package let yaml: String
  package let metrics: [FinalMetric]
  package let series: [Series]
  package let items: [ItemOutcomes]
  package let counters: [Counter]
  package let memoryLog: MemoryLog?
  /// The digest of the final weights (`weightsDigest`).
  package let weights: Digest

  package init(
    run: Digest, settings: Settings, derived: Settings, yaml: String, metrics: [FinalMetric],
    series: [Series],
    items: [ItemOutcomes], counters: [Counter], memoryLog: MemoryLog?, weights: Digest
  ) {
    (self.run, self.settings, self.derived, self.yaml) = (run, settings, derived, yaml)
    (self.metrics, self.series, self.items) = (metrics, series, items)
    (self.counters, self.memoryLog, self.weights) = (counters, memoryLog, weights)
  }
}

extension RunResult {
  /// The part that tables need.
  var final: FinalNumbers {
    FinalNumbers(run: run, settings: settings, derived: derived, metrics: metrics, weights: weights)
  }
}

/// A number that tables read.
package struct FinalMetric: Sendable, Equatable {
  /// `test.accuracy`.
  package let name: String
  package let value: Double
  /// `1` for a fraction, `nat`, `bit`.
  package let unit: String
  /// `lower`, `higher`, or nil where neither is better.
  package let better: String?
  package let split: String

  package init(name: String, value: Double, unit: String, better: String?, split: String) {
    (self.name, self.value, self.unit, self.better, self.split) = (name, value, unit, better, split)
  }

  package static func == (one: FinalMetric, other: FinalMetric) -> Bool {
    one.name == other.name && one.value.bitPattern == other.value.bitPattern && one.unit == other.unit
      && one.better == other.better && one.split == other.split
  }
}

/// How many labels were right in every example of a split: what paired tests compare.
package struct ItemOutcomes: Sendable, Equatable {
  package let split: String
  /// The numbers of the examples in their data.
  package let ids: [UInt64]
  /// Labels predicted rightly, for every example.
  package let correct: [UInt32]
  /// Labels in all, for every example.
  package let labels: [UInt32]

  package init(split: String, ids: [UInt64], correct: [UInt32], labels: [UInt32]) {
    (self.split, self.ids, self.correct, self.labels) = (split, ids, correct, labels)
  }
}

/// An exact count: tokens, steps.
package struct Counter: Sendable, Equatable {
  package let name: String
  package let value: UInt64

  package init(name: String, value: UInt64) { (self.name, self.value) = (name, value) }
}

/// The part of a result that tables need.
package struct FinalNumbers: Sendable, Equatable {
  package let run: Digest
  package let settings: Settings
  package let derived: Settings
  package let metrics: [FinalMetric]
  package let weights: Digest
}
