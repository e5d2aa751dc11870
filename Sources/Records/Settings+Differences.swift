/// One key at which two settings differ.
package struct SettingsDifference: Sendable, Hashable {
  package let key: String
  /// The value before; nil when there was none.
  package let old: Value?
  /// The value now; nil when there is none.
  package let new: Value?

  package init(key: String, old: Value?, new: Value?) {
    self.key = key
    self.old = old
    self.new = new
  }
}

extension SettingsDifference: CustomStringConvertible {
  /// `task.length: 55 → 119`; the types are named where the texts alone would look the same.
  package var description: String {
    let looksSame = old?.description == new?.description
    func text(_ value: Value?) -> String {
      guard let value else { return "absent" }
      return looksSame ? "\(value) (\(value.kind))" : value.description
    }
    return "\(key): \(text(old)) → \(text(new))"
  }
}

extension Settings {
  /// Where these settings differ from `other`, sorted by key; `old` is the value in `other`, `new` the one
  /// here.
  ///
  /// Empty exactly when both have the same canonical bytes.
  package func differences(from other: Settings) -> [SettingsDifference] {
    var result: [SettingsDifference] = []
    var (here, there) = (0, 0)
    while here < entries.count, there < other.entries.count {
      let (mine, theirs) = (entries[here], other.entries[there])
      if mine.key == theirs.key {
        if mine.value != theirs.value {
          result.append(SettingsDifference(key: mine.key, old: theirs.value, new: mine.value))
        }
        (here, there) = (here + 1, there + 1)
      } else if mine.key < theirs.key {
        result.append(SettingsDifference(key: mine.key, old: nil, new: mine.value))
        here += 1
      } else {
        result.append(SettingsDifference(key: theirs.key, old: theirs.value, new: nil))
        there += 1
      }
    }
    result += entries[here...].map { SettingsDifference(key: $0.key, old: nil, new: $0.value) }
    return result + other.entries[there...].map { SettingsDifference(key: $0.key, old: $0.value, new: nil) }
  }

  /// Whether both set the same keys, to whatever values.
  package func hasSameKeys(as other: Settings) -> Bool {
    entries.count == other.entries.count && zip(entries, other.entries).allSatisfy { $0.key == $1.key }
  }
}
