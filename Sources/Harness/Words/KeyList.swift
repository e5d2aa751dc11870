import Models
import Records

/// The keys that people type, with what each can be, as the schemas have them.
package enum KeyList {
  /// A key and what its value can be, in words.
  package typealias Line = (key: String, words: String)

  /// Every setting of a run; with the models that have it, where not all do.
  package static var settings: [Line] {
    var types: [String: FieldType] = [:]
    var owners: [String: Set<String>] = [:]
    for schema in RunSchema.all.values {
      for (key, type) in schema.types {
        // One model's choices beside another's are told with the model.
        types[key] = types[key] ?? type
        owners[key, default: []].insert(schema.model.name)
      }
    }
    return types.sorted { $0.key < $1.key }.map { key, type in
      let models = (owners[key] ?? []).sorted()
      let isOfAll = models.count == RunSchema.modelNames.count
      return (key, type.expected + (isOfAll ? "" : " (\(models.joined(separator: ", ")))"))
    }
  }

  /// What --where asks for besides settings.
  package static var facts: [Line] {
    SelectionKey.known.values.filter { $0.holder != .setting }.sorted { $0.name < $1.name }.map {
      ($0.name, $0.expected)
    }
      + RunSchema.derived.sorted { $0.key < $1.key }.map {
        ($0.key, "a whole number; follows from \($0.value)")
      }
  }

  /// The parts of a manifest that are no settings.
  package static let parts: [Line] = [
    ("mneme", "1, the version of this language"), ("name", "what it is called; in no hash"),
    ("tier", Tier.allCases.map(\.rawValue).joined(separator: ", ")),
    ("base", "a manifest under this one, by its path from this file"),
    ("grid", "lists that multiply; a key with one value is that value for all runs"),
    ("include", "runs besides those of the grid"), ("exclude", "combinations of the grid that are left out"),
    ("zip", "lists that advance together"),
    ("tables", (ManifestTable.keys + ManifestTable.groups).joined(separator: ", ")),
    ("figures", ManifestFigure.keys.joined(separator: ", ")),
    ("resources", Resources.keys.joined(separator: ", ") + "; in no hash"),
  ]
}
