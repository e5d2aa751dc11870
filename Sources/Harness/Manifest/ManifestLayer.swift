import Records

/// One file's part of a manifest, or several files' parts laid over each other: what was written, not yet typed.
struct ManifestLayer: Sendable {
  /// The settings' groups; everything else at the top level is a part of the manifest's own.
  static let groups = ["model", "seed", "task", "training"]
  static let parts = [
    "mneme", "name", "tier", "base", "grid", "include", "exclude", "zip", "tables", "figures", "resources",
  ]

  var name: YAMLNode?
  var tier: YAMLNode?
  var base: YAMLNode?
  var settings = ManifestEntries()
  /// The lists of the grid that multiply; nil without a grid.
  var axes: ManifestEntries?
  var gridOrigin: Origin?
  /// Groups of lists that advance together.
  var zipped: [ManifestEntries] = []
  var included: [ManifestEntries] = []
  var excluded: [(rule: ManifestEntries, origin: Origin)] = []
  /// Tables by name, each with its parts.
  var tables: [(name: String, origin: Origin, parts: ManifestEntries)] = []
  /// Figures by name, each with its parts.
  var figures: [(name: String, origin: Origin, parts: ManifestEntries)] = []
  var resources = ManifestEntries()
  /// Every kind of model that the last file to name any names, also where `--set` chooses others: the keys of each have
  /// a reason to be there.
  private(set) var kinds: Set<String> = []

  init() {}

  /// The parts of one file.
  init(_ root: YAMLNode?, of file: SourceFile) throws(ManifestError) {
    var complaints = ManifestComplaints()
    self.init(root, of: file, &complaints)
    if let first = complaints.list.first { throw first }
  }

  /// The same as far as they can be read: what cannot is noted, and left out.
  init(_ root: YAMLNode?, of file: SourceFile, _ complaints: inout ManifestComplaints) {
    guard let root, !root.isNothing else {
      complaints.add(ManifestError(nil, .isEmpty(file.shown)))
      return
    }
    guard case .map(let pairs) = root.content else {
      complaints.add(
        ManifestError(
          root.origin, .wrongPart(key: "the file", found: root.found, expected: "keys with values")))
      return
    }
    let version = pairs.first { $0.key == "mneme" }
    if version == nil { complaints.add(ManifestError(nil, .noVersion(file.shown))) }
    if let version, !version.value.content.isOne {
      // Another version may mean something else by everything.
      complaints.add(ManifestError(version.keyOrigin, .otherVersion(found: version.value.found)))
      return
    }
    var settings: [YAMLPair] = []
    for pair in pairs where pair.key != "mneme" && !complaints.isFull {
      do throws(ManifestError) {
        if !(try takePart(pair)) { settings.append(pair) }
      } catch {
        complaints.add(error)
      }
    }
    self.settings = ManifestEntries(flattening: settings, &complaints)
    for entries in [self.settings, axes ?? ManifestEntries()] + zipped + included {
      kinds.formUnion(entries[RunSchema.modelKind]?.node.words ?? [])
    }
    for entry in axes ?? ManifestEntries() {
      if let first = self.settings[entry.key] {
        complaints.add(ManifestError(entry.keyOrigin, .axisAndSetting(entry.key, first: first.keyOrigin)))
      }
    }
  }

  /// Takes what is a part of the manifest's own, and answers whether `pair` was one; refuses unknown keys.
  private mutating func takePart(_ pair: YAMLPair) throws(ManifestError) -> Bool {
    let value = pair.value
    if pair.key == "grid", value.isNothing { throw ManifestError(pair.keyOrigin, .emptyGrid) }
    if Self.parts.contains(pair.key), value.isNothing {
      throw ManifestError(pair.keyOrigin, .noValue(key: pair.key, expected: "something, or no such key"))
    }
    switch pair.key {
    case "name": name = value
    case "tier": tier = value
    case "base": base = value
    case "grid":
      axes = try entries(of: value, called: "grid")
      gridOrigin = pair.keyOrigin
      guard axes?.isEmpty == false else { throw ManifestError(pair.keyOrigin, .emptyGrid) }
    case "zip":
      zipped = try maps(of: value, called: "zip").map { $0.rule }
    case "include":
      included = try maps(of: value, called: "include").map { $0.rule }
    case "exclude": excluded = try maps(of: value, called: "exclude")
    case "tables": tables = try named(value, called: "tables")
    case "figures": figures = try named(value, called: "figures")
    case "resources": resources = try entries(of: value, called: "resources")
    default:
      let group = String(pair.key.prefix { $0 != "." })
      guard Self.groups.contains(group) else {
        throw ManifestError(pair.keyOrigin, .unknownKey(pair.key, nearest: Self.nearest(to: pair.key)))
      }
      if case .scalar = value.content, pair.key == group, group != "seed" {
        throw ManifestError(
          pair.keyOrigin,
          .wrongPart(key: group, found: value.found, expected: "keys such as \(group).\(sample(group))"))
      }
      return false
    }
    return true
  }

  /// These parts with `other`'s laid over them, key by key; lists are replaced whole.
  ///
  /// A setting in a later file also replaces an axis of an earlier one, and an axis a setting.
  func overlaid(by other: ManifestLayer) -> ManifestLayer {
    var result = self
    result.name = other.name ?? name
    result.tier = other.tier ?? tier
    result.base = nil
    for entry in other.settings {
      result.settings.set(entry)
      result.axes?.remove(entry.key)
    }
    if let axes = other.axes {
      result.axes = result.axes ?? ManifestEntries()
      for entry in axes {
        result.axes?.set(entry)
        result.settings.remove(entry.key)
      }
      result.gridOrigin = other.gridOrigin
    }
    if !other.zipped.isEmpty { result.zipped = other.zipped }
    if !other.included.isEmpty { result.included = other.included }
    if !other.excluded.isEmpty { result.excluded = other.excluded }
    result.tables = Self.overlaid(tables, by: other.tables)
    result.figures = Self.overlaid(figures, by: other.figures)
    for entry in other.resources { result.resources.set(entry) }
    if !other.kinds.isEmpty { result.kinds = other.kinds }
    return result
  }

  private typealias Named = (name: String, origin: Origin, parts: ManifestEntries)

  /// Tables or figures with those of a later file laid over them, part by part.
  private static func overlaid(_ list: [Named], by other: [Named]) -> [Named] {
    var result = list
    for one in other {
      if let place = result.firstIndex(where: { $0.name == one.name }) {
        for part in one.parts { result[place].parts.set(part) }
      } else {
        result.append(one)
      }
    }
    return result
  }

  private func named(_ node: YAMLNode, called key: String) throws(ManifestError) -> [Named] {
    guard case .map(let members) = node.content else {
      throw ManifestError(node.origin, .wrongPart(key: key, found: node.found, expected: "\(key) by name"))
    }
    var list: [Named] = []
    for member in members {
      list.append(
        (member.key, member.keyOrigin, try entries(of: member.value, called: "\(key).\(member.key)")))
    }
    return list
  }

  private func entries(of node: YAMLNode, called key: String) throws(ManifestError) -> ManifestEntries {
    guard case .map(let pairs) = node.content else {
      throw ManifestError(node.origin, .wrongPart(key: key, found: node.found, expected: "keys with values"))
    }
    return try ManifestEntries(flattening: pairs)
  }

  private func maps(
    of node: YAMLNode, called key: String
  ) throws(ManifestError) -> [(rule: ManifestEntries, origin: Origin)] {
    guard case .list(let elements) = node.content else {
      throw ManifestError(
        node.origin, .wrongPart(key: key, found: node.found, expected: "a list of groups of keys"))
    }
    var result: [(rule: ManifestEntries, origin: Origin)] = []
    for element in elements {
      let rule = try entries(of: element, called: "an element of \(key)")
      guard !rule.isEmpty else {
        throw ManifestError(
          element.origin,
          .wrongPart(key: "an element of \(key)", found: "empty", expected: "at least one key"))
      }
      result.append((rule, element.origin))
    }
    guard !result.isEmpty else {
      throw ManifestError(
        node.origin, .wrongPart(key: key, found: "empty", expected: "at least one group of keys"))
    }
    return result
  }

  /// The known key closest to one at the top level, whose first word may be misspelt: `modle.heads`.
  private static func nearest(to key: String) -> String? {
    let group = key.prefix { $0 != "." }
    let rest = key[group.endIndex...]
    if rest.isEmpty { return Records.nearest(key, among: parts + groups) }
    return Records.nearest(String(group), among: groups).map { $0 + rest }
  }

  private func sample(_ group: String) -> String { group == "training" ? "batch" : "kind" }
}

extension YAMLNode {
  /// The scalar, or the scalars of a list.
  fileprivate var words: [String] {
    switch content {
    case .scalar(let text, _): [text]
    case .list(let nodes): nodes.flatMap(\.words)
    case .map: []
    }
  }
}

extension YAMLNode.Content {
  /// `1`, quoted or not: the version of the language.
  fileprivate var isOne: Bool { if case .scalar("1", _) = self { true } else { false } }
}
