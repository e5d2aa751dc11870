import Archive
import Records
import Tables

/// A word on the left of an operator: what it asks of a run, and what it can be compared with.
struct SelectionKey: Sendable, Equatable {
  /// Where the answer is kept, cheapest first.
  enum Holder: Int, Sendable {
    /// The run's id.
    case run
    /// `manifest` and `tier`: the manifests that ask for the run; `tag` and `note`: what was written about it and them.
    case owner
    /// Settings, and what follows from them.
    case setting
    /// `status` and `failure`.
    case state
    /// Final metrics and costs.
    case number
  }

  let name: String
  let holder: Holder
  /// What a value can be; a key of several models may be of several types. Empty for a key that only stored runs know.
  let types: [FieldType]

  /// Whether values have an order.
  var isOrdered: Bool {
    types.isEmpty
      || types.contains { type in
        switch type {
        case .integer, .real: true
        case .boolean, .text, .choice, .list: false
        }
      }
  }

  /// What a value should be, for errors.
  var expected: String {
    switch name {
    case "run": "a hash or its beginning, 4 to 64 of the digits 0–9, a–f"
    case "manifest": "a manifest's name, or its hash or the beginning of it"
    case "tag": "a tag that `mneme note --tag` gave"
    case "note": "a whole note, or with ~ a part of one"
    default: types.isEmpty ? "a value" : types.map(\.expected).joined(separator: ", or ")
    }
  }
}

extension SelectionKey {
  static let states = ["done", "running", "interrupted", "pending", "failed", "corrupt"]

  /// Every key that this program knows of any model and task, by name.
  static let known: [String: SelectionKey] = {
    var types: [String: [FieldType]] = [:]
    for (_, schema) in RunSchema.all.sorted(by: { $0.key < $1.key }) {
      for (key, type) in schema.types { types[key] = merged(types[key] ?? [], with: type) }
    }
    for key in RunSchema.derived.keys { types[key] = [.integer(0...Int.max)] }
    for part in ["model", "task", "training"] { types["semantics.\(part)"] = [.integer(0...Int.max)] }
    types["numerics"] = [.text]
    var keys = types.map { SelectionKey(name: $0, holder: .setting, types: $1) }
    keys += Cost.allCases.map { SelectionKey(name: $0.key, holder: .number, types: [.real]) }
    keys += [
      SelectionKey(name: "run", holder: .run, types: [.text]),
      SelectionKey(name: "manifest", holder: .owner, types: [.text]),
      SelectionKey(name: "tag", holder: .owner, types: [.text]),
      SelectionKey(name: "note", holder: .owner, types: [.text]),
      SelectionKey(name: "tier", holder: .owner, types: [.choice(Tier.allCases.map(\.rawValue))]),
      SelectionKey(name: "status", holder: .state, types: [.choice(states)]),
      SelectionKey(name: "failure", holder: .state, types: [.choice(FailureClass.allCases.map(\.rawValue))]),
    ]
    return Dictionary(uniqueKeysWithValues: keys.map { ($0.name, $0) })
  }()

  /// The key called `name`; nil where neither this program nor a stored run knows it.
  ///
  /// - Parameter isStored: whether some stored run has a setting of that name, asked only about unknown ones.
  init?(_ name: String, isStored: (String) -> Bool) {
    if let known = SelectionKey.known[name] {
      self = known
    } else if SelectionKey.isMetric(name) {
      self.init(name: name, holder: .number, types: [.real])
    } else if isStored(name) {
      self.init(name: name, holder: .setting, types: [])
    } else {
      return nil
    }
  }

  /// The key that was probably meant.
  static func nearest(to name: String) -> String? {
    let others = ["state": "status", "hash": "run", "id": "run", "cost": Cost.seconds.key]
    return others[name]
      ?? Records.nearest(name, among: (Array(known.keys) + usualMetrics).sorted())
  }

  /// What nearly every finished run has; others are known to the runs that have them.
  static let usualMetrics = ["test.accuracy", "test.loss"]

  /// Stands for every metric.
  static let aMetric = SelectionKey(name: usualMetrics[0], holder: .number, types: [.real])

  /// Which metrics there are, finished runs tell; what their names begin with is fixed.
  private static func isMetric(_ name: String) -> Bool {
    guard let group = name.split(separator: ".", omittingEmptySubsequences: false).first,
      group != "cost", ManifestTable.metricGroups.contains(String(group)),
      name.utf8.count > group.utf8.count + 1
    else { return false }
    return name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._".utf8.contains(byte)
    }
  }

  /// One model's choices beside another's are one list of choices, ranges of whole numbers one range.
  private static func merged(_ types: [FieldType], with other: FieldType) -> [FieldType] {
    var types = types
    for (index, type) in types.enumerated() {
      switch (type, other) {
      case (.choice(let a), .choice(let b)):
        types[index] = .choice(a + b.filter { !a.contains($0) })
        return types
      case (.integer(let a), .integer(let b)):
        types[index] = .integer(min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound))
        return types
      case _ where type == other: return types
      default: continue
      }
    }
    return types + [other]
  }
}
