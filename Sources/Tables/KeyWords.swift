/// Keys in the words of an axis or a title.
enum KeyWords {
  /// What people call a key, where its own words would not be understood by themselves.
  private static let names = [
    "task.segments": "segments in a document", "task.length": "symbols in a document",
    "task.segment_length": "tokens in a segment", "step": "training step",
  ]

  /// What people call a key with a value, `%` standing for the value.
  private static let phrases = [
    "task.segment_length": "segments of % tokens", "task.segments": "% segments", "seed": "seed %",
  ]

  /// `test accuracy, %`: the metric with the unit in which it is shown.
  static func axis(_ metric: String, unit: Unit) -> String { "\(plain(metric)), \(unit.shown)" }

  /// `segments in a document`, `hebbian rate`: without the group of settings it is in.
  static func axis(_ key: String) -> String { names[key] ?? plain(ungrouped(key)) }

  /// `segments of 16 tokens`; `dropout 0.1` for a key without words of its own.
  static func phrase(_ key: String, _ value: String) -> String {
    guard let phrase = phrases[key] else { return "\(plain(ungrouped(key))) \(value)" }
    return phrase.split(separator: "%", omittingEmptySubsequences: false).joined(separator: value)
  }

  private static func ungrouped(_ key: String) -> String {
    for group in ["model.", "task.", "training."] where key.hasPrefix(group) {
      return String(key.dropFirst(group.count))
    }
    return key
  }

  private static func plain(_ key: String) -> String {
    String(key.map { $0 == "." || $0 == "_" ? " " : $0 })
  }
}
