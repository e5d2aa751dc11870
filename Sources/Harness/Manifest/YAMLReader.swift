import Yams

/// Turns YAML text into nodes, within bounds: no text makes it run long, recurse deeply or use much memory.
struct YAMLReader {
  /// Depth of groups and lists; settings need three.
  static let depthLimit = 32
  /// Nodes after aliases are replaced by what they stand for: ten anchors of ten aliases each would be 10¹⁰.
  static let nodeLimit = 200_000

  private let origin: (_ line: Int, _ column: Int) -> Origin
  private var nodes = 0

  /// The document in `text`; nil when there is none. Errors name `file` and a line.
  static func read(_ text: String, file: String) throws(ManifestError) -> YAMLNode? {
    var reader = YAMLReader { .file(file, line: $0, column: $1) }
    return try reader.document(text)
  }

  /// The value in an argument of the command line, to which all its nodes are traced.
  static func read(argument text: String, origin: Origin) throws(ManifestError) -> YAMLNode? {
    var reader = YAMLReader { _, _ in origin }
    return try reader.document(text)
  }

  private init(_ origin: @escaping (_ line: Int, _ column: Int) -> Origin) { self.origin = origin }

  private mutating func document(_ text: String) throws(ManifestError) -> YAMLNode? {
    if let line = aliasedKeyLine(in: text) {
      throw ManifestError(origin(line, 1), .keyWithAlias)
    }
    let root: Node?
    do {
      // The resolver would guess types; nobody asks it.
      root = try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch let error as YamlError {
      throw complaint(error, in: text)
    } catch {
      throw ManifestError(origin(1, 1), .notYAML("\(error)"))
    }
    guard let root else { return nil }
    return try node(root, depth: 0)
  }

  private mutating func node(_ node: Node, depth: Int) throws(ManifestError) -> YAMLNode {
    let place = position(of: node.mark)
    nodes += 1
    guard nodes <= Self.nodeLimit else { throw ManifestError(place, .tooManyNodes(limit: Self.nodeLimit)) }
    guard depth <= Self.depthLimit else { throw ManifestError(place, .tooDeep(limit: Self.depthLimit)) }
    switch node {
    case .scalar(let scalar):
      try refuseTag(scalar.tag, at: place)
      try refuseControl(scalar.string, at: place)
      return YAMLNode(.scalar(scalar.string, isPlain: scalar.style == .plain), at: place)
    case .sequence(let sequence):
      try refuseTag(sequence.tag, at: place)
      var elements: [YAMLNode] = []
      for element in sequence { elements.append(try self.node(element, depth: depth + 1)) }
      return YAMLNode(.list(elements), at: place)
    case .mapping(let mapping):
      try refuseTag(mapping.tag, at: place)
      var pairs: [YAMLPair] = []
      var lines: [String: Origin] = [:]
      for (key, value) in mapping {
        let keyPlace = position(of: key.mark)
        guard case .scalar(let name) = key else { throw ManifestError(keyPlace, .keyIsNoWord) }
        try refuseTag(name.tag, at: keyPlace)
        try refuseControl(name.string, at: keyPlace)
        if let first = lines.updateValue(keyPlace, forKey: name.string) {
          throw ManifestError(keyPlace, .repeatedKey(name.string, first: first))
        }
        pairs.append(
          YAMLPair(key: name.string, keyOrigin: keyPlace, value: try self.node(value, depth: depth + 1)))
      }
      return YAMLNode(.map(pairs), at: place)
    case .alias:
      throw ManifestError(place, .notYAML("an alias stands for nothing"))
    }
  }

  private func position(of mark: Mark?) -> Origin { origin(mark?.line ?? 1, mark?.column ?? 1) }

  /// `!!int 5` would ask YAML to decide a type. A text in quotes looks as if it were tagged `!!str`, which is harmless.
  private func refuseTag(_ tag: Tag, at place: Origin) throws(ManifestError) {
    guard tag.rawValue.isEmpty || tag.rawValue == "tag:yaml.org,2002:str" else {
      throw ManifestError(place, .tag(tag.rawValue))
    }
  }

  /// In quotes, YAML has escapes for characters that the text itself may not hold.
  private func refuseControl(_ text: String, at place: Origin) throws(ManifestError) {
    guard let scalar = TerminalText.firstCommand(in: text) else { return }
    throw ManifestError(place, .control("U+\(String(scalar.value, radix: 16, uppercase: true))"))
  }

  private func complaint(_ error: YamlError, in text: String) -> ManifestError {
    switch error {
    case .scanner(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting"),
      .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting"):
      return ManifestError(position(of: mark), .tooDeep(limit: Self.depthLimit))
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ManifestError(position(of: mark), .notYAML(problem))
    case .reader(let problem, let offset, _, _):
      let line = 1 + text.utf8.prefix(offset ?? 0).count { $0 == UInt8(ascii: "\n") }
      return ManifestError(origin(line, 1), .notYAML(problem))
    case .duplicatedKeysInMapping(let keys, let context):
      return ManifestError(position(of: context.mark), .repeatedKey(keys.first ?? "?", first: nil))
    default:
      return ManifestError(origin(1, 1), .notYAML("it cannot be read"))
    }
  }

  /// The line of a mapping key that is or could hold an alias, in a text that has aliases; nil for none.
  ///
  /// The composer hashes keys with everything inside them, aliases of aliases included, before it hands out the tree
  /// whose size is counted: a short text could keep it busy for ever. In such a text a key must be a word.
  private func aliasedKeyLine(in text: String) -> Int? {
    var line = 1
    var hasAlias = false
    var suspect: Int?
    var previous = UInt8(ascii: "\n")
    // Whether the last token on this line is an alias or the end of a list or group, which “:” makes a key.
    var isSuspect = false
    var isInAlias = false
    for byte in text.utf8 {
      let startsToken = isBlank(previous) || "[{,:-?".utf8.contains(previous)
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        isSuspect = false
        isInAlias = false
      case UInt8(ascii: "*") where startsToken:
        hasAlias = true
        isSuspect = true
        isInAlias = true
      case UInt8(ascii: "?") where startsToken: suspect = suspect ?? line
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        isSuspect = true
        isInAlias = false
      case UInt8(ascii: ":"):
        if isSuspect { suspect = suspect ?? line }
        isInAlias = false
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        isInAlias = false
      default:
        if !isInAlias { isSuspect = false }
      }
      previous = byte
    }
    return hasAlias ? suspect : nil
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") }
}
