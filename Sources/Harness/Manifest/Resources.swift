import Records

/// How runs are carried out: in no hash, for results do not depend on it.
package struct Resources: Sendable, Hashable {
  /// Threads of one run; nil leaves it to the command line.
  package var threads: Int?
  /// Seconds after which an attempt is stopped.
  package var timeout: Int?
  /// False leaves out the file of final weights, not their digest.
  package var keepWeights: Bool?
  /// Seconds between checkpoints.
  package var checkpointSeconds: Int?
  /// How often a run that crashed or ended with an error is tried again.
  package var retries: Int?
  /// Bytes that one run needs, where no earlier run of its sizes was measured.
  package var memory: Int?
  /// What one run takes of things that there are only so many of, by name: `gpu`, `licence`.
  package var slots: [String: Int] = [:]

  /// Nothing is asked for.
  package init() {}

  static let keys = [
    "checkpoint_seconds", "keep_weights", "memory", "retries", "slots", "threads", "timeout",
  ]

  init(_ entries: ManifestEntries) throws(ManifestError) {
    for entry in entries {
      let key = "resources.\(entry.key)"
      switch entry.key {
      case "threads": threads = try Resources.integer(entry, key, in: 1...1024)
      case "retries": retries = try Resources.integer(entry, key, in: 0...100)
      case "checkpoint_seconds": checkpointSeconds = try Resources.integer(entry, key, in: 1...86_400)
      case "keep_weights":
        guard case .boolean(let flag) = try FieldType.boolean.value(of: entry.node, for: key) else {
          continue
        }
        keepWeights = flag
      case "timeout":
        timeout = try Resources.quantity(entry, key, "a time such as 90s, 30m or 2h", Quantity.seconds)
      case "memory":
        memory = try Resources.quantity(entry, key, "an amount such as 512MiB or 2GiB", Quantity.bytes)
      case "slots":
        throw ManifestError(
          entry.node.origin,
          .wrongPart(key: key, found: entry.node.found, expected: "names with numbers, such as {gpu: 1}"))
      case let name where name.hasPrefix("slots."):
        let name = String(name.dropFirst("slots.".count))
        guard Resources.isName(name) else {
          throw ManifestError(
            entry.keyOrigin,
            .wrongPart(
              key: "a name in resources.slots", found: "“\(name)”",
              expected: "lower-case letters, digits and underscores"))
        }
        slots[name] = try Resources.integer(entry, key, in: 1...1024)
      default:
        throw ManifestError(entry.keyOrigin, .unknownKey(key, nearest: near(entry.key)))
      }
    }
  }

  private func near(_ key: String) -> String? {
    nearest(key, among: Resources.keys).map { "resources.\($0)" }
  }

  private static func integer(
    _ entry: ManifestEntry, _ key: String, in range: ClosedRange<Int>
  ) throws(ManifestError) -> Int? {
    guard case .integer(let number) = try FieldType.integer(range).value(of: entry.node, for: key) else {
      return nil
    }
    return number
  }

  /// Whether `name` can name slots.
  package static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else {
      return false
    }
    return name.utf8.count <= 40
      && name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) }
  }

  private static func quantity(
    _ entry: ManifestEntry, _ key: String, _ expected: String, _ read: (String) -> Int?
  ) throws(ManifestError) -> Int {
    guard case .scalar(let text, _) = entry.node.content, let number = read(text) else {
      throw ManifestError(
        entry.node.origin, .wrongPart(key: key, found: entry.node.found, expected: expected))
    }
    return number
  }
}
