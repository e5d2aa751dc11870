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
  /// How often a failed run is tried again.
  package var retries: Int?

  /// Nothing is asked for.
  package init() {}

  static let keys = ["checkpoint_seconds", "keep_weights", "retries", "threads", "timeout"]

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
      case "timeout": timeout = try Resources.seconds(entry, key)
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

  /// `90s`, `30m`, `2h` or `1d`, in seconds.
  private static func seconds(_ entry: ManifestEntry, _ key: String) throws(ManifestError) -> Int {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard case .scalar(let text, _) = entry.node.content, let last = text.last, let unit = units[last],
      case let digits = text.dropLast(), (1...6).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(digits), number > 0
    else {
      throw ManifestError(
        entry.node.origin,
        .wrongPart(key: key, found: entry.node.found, expected: "a time such as 90s, 30m or 2h"))
    }
    return number * unit
  }
}
