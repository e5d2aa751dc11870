package import Records
package import Tables

/// How much of the published experiment a manifest is: no number of one tier stands among those of another.
package enum Tier: String, Sendable, CaseIterable {
  /// Sizes of minutes, chosen to show the phenomenon.
  case quick
  /// Some sizes below the published ones.
  case reduced
  /// The published sizes.
  case paper
}

/// What a manifest comes to: its runs, the tables and figures to make of them, and how to carry them out.
///
///     let manifest = try Manifest(reading: "Experiments/sorting-ablation.yaml", settings: ["task.examples=2000"])
///     manifest.runs.count        // 48
///     manifest.hash.short        // over runs, tier, tables, figures, references; a name and resources are in no hash
///
/// Its bytes in the store hold everything to run it again and to print its tables after the file is gone.
package struct Manifest: Sendable {
  /// A label; in no hash.
  package let name: String
  package let tier: Tier
  /// In the order of the tables: the first list of the grid slowest.
  package private(set) var runs: [Specification]
  package let tables: [ManifestTable]
  package let figures: [ManifestFigure]
  package let resources: Resources
  package let hash: Digest
  /// The keys, settings first and derived ones behind, in which runs differ.
  package private(set) var differingKeys: [String]
  /// What the runs were selected by, of which these are only some; nil for all.
  private var selection: String?

  init(
    name: String, tier: Tier, runs: [Specification], tables: [ManifestTable], figures: [ManifestFigure],
    resources: Resources
  ) {
    self.name = name
    self.tier = tier
    self.runs = runs
    self.tables = tables
    self.figures = figures
    self.resources = resources
    var definitions: [String: CBOR.Item] = [:]
    var references: [String: Digest] = [:]
    for table in tables {
      definitions[table.specification.name] = table.specification.settings.item
      if let path = table.specification.reference, let bytes = table.reference {
        references[path] = Digest.sha256(bytes)
      }
    }
    var drawings: [String: CBOR.Item] = [:]
    for figure in figures {
      drawings[figure.specification.name] = figure.specification.settings.item
      if let path = figure.specification.reference, let bytes = figure.reference {
        references[path] = Digest.sha256(bytes)
      }
    }
    hash = Identity.manifest(
      runs: runs.map(\.run), tier: tier.rawValue, tables: definitions, figures: drawings,
      references: references)
    differingKeys = Manifest.keysThatDiffer(runs, \.settings) + Manifest.keysThatDiffer(runs, \.derived)
  }

  /// What stands above its tables.
  package var heading: Heading {
    Heading(title: name + (selection.map { ", only \($0)" } ?? ""), tier: tier.rawValue, manifest: hash)
  }

  /// The same manifest with some of its runs, selected by `selection`: of the same name and hash.
  func keeping(_ runs: [Specification], selection: String) -> Manifest {
    var part = self
    part.runs = runs
    part.differingKeys = Manifest.keysThatDiffer(runs, \.settings) + Manifest.keysThatDiffer(runs, \.derived)
    part.selection = selection
    return part
  }

  /// The values of each key in which runs differ, in the order in which runs first have them.
  package var order: [String: [Value]] {
    var order: [String: [Value]] = [:]
    for key in differingKeys {
      var seen: Set<Value> = []
      for run in runs {
        if let value = run.settings[key] ?? run.derived[key], seen.insert(value).inserted {
          order[key, default: []].append(value)
        }
      }
    }
    return order
  }

  private static func keysThatDiffer(
    _ runs: [Specification], _ part: KeyPath<Specification, Settings>
  ) -> [String] {
    guard let first = runs.first?[keyPath: part] else { return [] }
    var keys: Set<String> = []
    for run in runs { keys.formUnion(run[keyPath: part].differences(from: first).map(\.key)) }
    return keys.sorted()
  }
}
