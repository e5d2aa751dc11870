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
    var here = entries[...]
    var there = other.entries[...]
    while true {
      switch (here.first, there.first) {
      case (nil, nil):
        return result
      case (let mine?, let theirs?) where mine.key == theirs.key:
        if mine.value != theirs.value {
          result.append(SettingsDifference(key: mine.key, old: theirs.value, new: mine.value))
        }
        here.removeFirst()
        there.removeFirst()
      case (let mine?, let theirs) where theirs.map { mine.key < $0.key } ?? true:
        result.append(SettingsDifference(key: mine.key, old: nil, new: mine.value))
        here.removeFirst()
      case (_, let theirs?):
        result.append(SettingsDifference(key: theirs.key, old: theirs.value, new: nil))
        there.removeFirst()
      case (_?, nil):
        fatalError("an entry without a counterpart was not taken by the case before")
      }
    }
  }
}
