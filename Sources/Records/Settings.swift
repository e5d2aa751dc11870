/// A tree of values under dotted lower-case keys: `task.segment_length` is `segment_length` in the group
/// `task`.
///
///     var settings = Settings(["task.kind": .text("sorting"), "task.length": .integer(55)])
///     settings["seed"] = .integer(1)
///     settings.group("task").keys            // ["kind", "length"]
///     Identity.run(settings).short           // twelve hexadecimal digits
///
/// Settings have no order of their own: however they were put together, equal entries are equal settings with
/// equal canonical bytes. A key is a value or a group, never both. Subscripts and initializers take what the
/// program itself writes and stop it when that is malformed; what a person wrote goes through `set(_:to:)`,
/// which throws.
package struct Settings: Sendable, Hashable {
  /// One key and its value.
  struct Entry: Sendable, Hashable {
    let key: String
    var value: Value
  }

  /// Sorted by the keys' bytes, so that groups are contiguous: "." sorts before every other byte a key may
  /// have.
  private(set) var entries: [Entry]

  /// No settings.
  package init() { entries = [] }

  /// Settings with these entries; stops the program where `set(_:to:)` would throw.
  package init(_ entries: [String: Value]) {
    self.init()
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) { self[key] = value }
  }

  /// For entries known to be sorted, well-formed and without conflicts.
  init(sorted entries: [Entry]) { self.entries = entries }

  /// The value of `key`, or nil; nil removes it. A new value stops the program where `set(_:to:)` would
  /// throw.
  /// - Complexity: O(log n) to read.
  package subscript(_ key: String) -> Value? {
    get {
      let place = position(of: key)
      return holds(key, at: place) ? entries[place].value : nil
    }
    set {
      guard let newValue else {
        let place = position(of: key)
        if holds(key, at: place) { entries.remove(at: place) }
        return
      }
      do throws(RecordsError) { try set(key, to: newValue) } catch { fatalError(error.description) }
    }
  }

  /// Sets `key` to `value`; −0 becomes +0.
  ///
  /// Throws when the key is malformed or conflicts with another one, and when the value holds a NaN or an
  /// infinity or is nested too deeply; nothing is changed then.
  package mutating func set(_ key: String, to value: Value) throws(RecordsError) {
    guard SettingsKey.isWellFormed(key) else { throw .malformedKey(key) }
    guard value.isFinite else { throw .notFinite(key: key) }
    guard SettingsKey.words(in: key) + value.depth <= CBOR.depthLimit else { throw .tooDeep(key: key) }
    if let existing = conflict(with: key) { throw .conflict(key: key, existing: existing) }
    let place = position(of: key)
    if holds(key, at: place) {
      entries[place].value = value.withoutNegativeZero
    } else {
      entries.insert(Entry(key: key, value: value.withoutNegativeZero), at: place)
    }
  }

  /// Adds an entry behind all others. The caller vouches that its key is well-formed, comes after all others and
  /// conflicts with none, as the keys of nested maps in ascending order do.
  mutating func append(_ key: String, _ value: Value) throws(RecordsError) {
    guard value.isFinite else { throw .notFinite(key: key) }
    guard SettingsKey.words(in: key) + value.depth <= CBOR.depthLimit else { throw .tooDeep(key: key) }
    entries.append(Entry(key: key, value: value.withoutNegativeZero))
  }

  /// The key in these settings that makes `key` impossible: `a.b` for `a`, or `a` for `a.b.c`; nil when there
  /// is none.
  package func conflict(with key: String) -> String? {
    let next = position(of: key)
    if next < entries.count, SettingsKey.lies(entries[next].key, in: key) { return entries[next].key }
    var group = key.utf8[...]
    while let dot = group.lastIndex(of: UInt8(ascii: ".")) {
      group = group[..<dot]
      let name = String(Substring(group))
      if holds(name, at: position(of: name)) { return name }
    }
    return nil
  }

  /// All keys, sorted by their bytes.
  package var keys: [String] { entries.map(\.key) }

  /// True when nothing is set.
  package var isEmpty: Bool { entries.isEmpty }

  /// The entries below `prefix` and a dot, without it: `a.b.c` is `c` in the group `a.b`.
  package func group(_ prefix: String) -> Settings {
    let head = prefix.utf8.count + 1
    var found: [Entry] = []
    for entry in entries[position(of: prefix + ".")...] {
      guard SettingsKey.lies(entry.key, in: prefix) else { break }
      found.append(Entry(key: String(entry.key.dropFirst(head)), value: entry.value))
    }
    return Settings(sorted: found)
  }

  /// The same entries below `prefix` and a dot: the reverse of `group(_:)`.
  package func prefixed(_ prefix: String) -> Settings {
    var result = Settings()
    for entry in entries { result[prefix + "." + entry.key] = entry.value }
    return result
  }

  /// These settings with those of `other`, which win; stops the program when a value meets a group.
  package func merging(_ other: Settings) -> Settings {
    var result = self
    for entry in other.entries { result[entry.key] = entry.value }
    return result
  }

  /// Where `key` is, or would be.
  private func position(of key: String) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func holds(_ key: String, at place: Int) -> Bool {
    place < entries.count && entries[place].key == key
  }
}
