package import Records

/// One planned run, as far as it has come.
package struct Observation: Sendable {
  package enum State: Sendable {
    case waiting, running, failed
    case finished(Record)
  }

  package let run: Digest
  package let settings: Settings
  package let derived: Settings
  /// The tier of the manifest that asked for the run; one table holds one tier.
  package let tier: String
  package let state: State
  /// Costs that the whole run would have, as timing parts of it let expect. They stand in for nothing but costs, and
  /// only while there is no finished run.
  package let extrapolated: [String: Double]

  package init(
    run: Digest, settings: Settings, derived: Settings, tier: String, state: State,
    extrapolated: [String: Double] = [:]
  ) {
    self.run = run
    self.settings = settings
    self.derived = derived
    self.tier = tier
    self.state = state
    self.extrapolated = extrapolated
  }

  /// A finished run.
  package init(_ record: Record, tier: String) {
    self.init(
      run: record.run, settings: record.settings, derived: record.derived, tier: tier,
      state: .finished(record))
  }

  /// The value of a setting or of what follows from the settings; metrics are no axis.
  func value(_ key: String) -> Value? { settings[key] ?? derived[key] }

  var keys: [String] { settings.keys + derived.keys }

  func hasSameKeys(as other: Observation) -> Bool {
    settings.hasSameKeys(as: other.settings) && derived.hasSameKeys(as: other.derived)
  }
}

/// What stands above a table besides its numbers.
package struct Heading: Sendable, Equatable {
  /// The manifest's name.
  package let title: String
  package let tier: String
  /// The manifest's hash; a table without a manifest has none.
  package let manifest: Digest?

  package init(title: String, tier: String, manifest: Digest?) {
    self.title = title
    self.tier = tier
    self.manifest = manifest
  }
}

/// A row that no run measured and nobody published: chance, or what a count of the input would score.
package struct ExtraRow: Sendable {
  package let label: String
  /// Column values (in the order of the specification's columns) → number, in the metric's stored unit.
  package let values: [[Value]: Double]

  package init(label: String, values: [[Value]: Double]) {
    self.label = label
    self.values = values
  }
}
