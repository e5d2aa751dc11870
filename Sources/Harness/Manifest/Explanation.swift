package import Records
import Tables

/// Why two runs or two manifests are not the same: which keys differ, and which differences count.
package struct Explanation: Sendable {
  /// One fact about the difference.
  package struct Line: Sendable, Equatable, Encodable {
    package let key: String
    package let a: String
    package let b: String
    /// True where the difference makes other hashes; false for what is in no hash, or follows from other keys.
    package let isIdentity: Bool

    package init(key: String, a: String, b: String, isIdentity: Bool) {
      self.key = key
      self.a = a
      self.b = b
      self.isIdentity = isIdentity
    }

    enum CodingKeys: String, CodingKey {
      case key, a, b
      case isIdentity = "identity"
    }
  }

  /// `run` or `manifest`.
  package let kind: String
  package let a: Digest
  package let b: Digest
  package let lines: [Line]

  /// True when both are the same by their hash; other lines may still tell of a name or of resources.
  package var isSame: Bool { a == b }

  /// What makes two runs different.
  package init(_ a: Specification, _ b: Specification) {
    kind = "run"
    (self.a, self.b) = (a.run, b.run)
    lines =
      Explanation.lines(b.settings.differences(from: a.settings), isIdentity: true)
      + Explanation.lines(b.derived.differences(from: a.derived), isIdentity: false)
  }

  /// What makes two manifests different: keys by the values that their runs have, then tier, tables, figures, and what is in no
  /// hash.
  package init(_ a: Manifest, _ b: Manifest) {
    kind = "manifest"
    (self.a, self.b) = (a.hash, b.hash)
    var lines: [Line] = []
    func compare(_ key: String, _ a: String, _ b: String, isIdentity: Bool = true) {
      if a != b { lines.append(Line(key: key, a: a, b: b, isIdentity: isIdentity)) }
    }
    let runsOfA = Set(a.runs.map(\.run))
    let runsOfB = Set(b.runs.map(\.run))
    if runsOfA != runsOfB {
      let both = runsOfA.intersection(runsOfB).count
      lines.append(
        Line(
          key: "runs", a: "\(runsOfA.count), \(runsOfA.count - both) of them only here",
          b: "\(runsOfB.count), \(runsOfB.count - both) of them only here", isIdentity: true))
    }
    for (part, isIdentity) in [(\Specification.settings, true), (\Specification.derived, false)] {
      let valuesOfA = Explanation.values(a, part)
      let valuesOfB = Explanation.values(b, part)
      for key in Set(valuesOfA.keys).union(valuesOfB.keys).sorted() where valuesOfA[key] != valuesOfB[key] {
        lines.append(
          Line(
            key: key, a: Explanation.text(valuesOfA[key]), b: Explanation.text(valuesOfB[key]),
            isIdentity: isIdentity))
      }
    }
    compare("tier", a.tier.rawValue, b.tier.rawValue)
    let tablesOfA = Explanation.presentations(a)
    let tablesOfB = Explanation.presentations(b)
    for key in Set(tablesOfA.keys).union(tablesOfB.keys).sorted() {
      compare(key, tablesOfA[key] ?? "absent", tablesOfB[key] ?? "absent")
    }
    compare("name", a.name, b.name, isIdentity: false)
    let resourcesOfA = a.resources.texts
    let resourcesOfB = b.resources.texts
    for key in Set(resourcesOfA.keys).union(resourcesOfB.keys).sorted() {
      compare(
        "resources.\(key)", resourcesOfA[key] ?? "absent", resourcesOfB[key] ?? "absent", isIdentity: false)
    }
    self.lines = lines
  }

  private static func lines(_ differences: [SettingsDifference], isIdentity: Bool) -> [Line] {
    differences.map {
      Line(
        key: $0.key, a: $0.old?.description ?? "absent", b: $0.new?.description ?? "absent",
        isIdentity: isIdentity)
    }
  }

  /// The values that the runs of a manifest have for each key, sorted; a key that some runs lack has nil among them.
  private static func values(
    _ manifest: Manifest, _ part: KeyPath<Specification, Settings>
  ) -> [String: [String]] {
    var values: [String: Set<String>] = [:]
    var counts: [String: Int] = [:]
    for run in manifest.runs {
      let settings = run[keyPath: part]
      for key in settings.keys {
        values[key, default: []].insert(settings[key]?.description ?? "")
        counts[key, default: 0] += 1
      }
    }
    for (key, count) in counts where count < manifest.runs.count { values[key]?.insert("absent") }
    return values.mapValues { $0.sorted { sizeOrder($0, $1) } }
  }

  private static func sizeOrder(_ a: String, _ b: String) -> Bool {
    guard let x = realNumber(a), let y = realNumber(b), x != y else { return a < b }
    return x < y
  }

  private static func text(_ values: [String]?) -> String {
    guard let values else { return "absent" }
    let shown = values.prefix(8).joined(separator: ", ")
    return values.count > 8 ? "\(shown), … (\(values.count) values)" : shown
  }

  /// Every part of every table and figure, the digests of references included.
  private static func presentations(_ manifest: Manifest) -> [String: String] {
    var texts: [String: String] = [:]
    for table in manifest.tables {
      let settings = table.specification.settings
      let name = "tables.\(table.specification.name)"
      for key in settings.keys { texts["\(name).\(key)"] = settings[key]?.description }
      if let bytes = table.reference { texts["\(name).reference content"] = Digest.sha256(bytes).short }
    }
    for figure in manifest.figures {
      let settings = figure.specification.settings
      let name = "figures.\(figure.specification.name)"
      for key in settings.keys { texts["\(name).\(key)"] = settings[key]?.description }
      if let bytes = figure.reference { texts["\(name).reference content"] = Digest.sha256(bytes).short }
    }
    return texts
  }
}

extension Resources {
  /// What is asked for, by key.
  fileprivate var texts: [String: String] {
    var texts: [String: String] = [:]
    texts["threads"] = threads.map(String.init)
    texts["timeout"] = timeout.map { "\($0) s" }
    texts["keep_weights"] = keepWeights.map(String.init)
    texts["checkpoint_seconds"] = checkpointSeconds.map(String.init)
    texts["retries"] = retries.map(String.init)
    texts["memory"] = memory.map(Quantity.text(bytes:))
    for (name, count) in slots { texts["slots.\(name)"] = "\(count)" }
    return texts
  }
}
