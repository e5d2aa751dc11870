/// A key of a manifest with what was written for it.
struct ManifestEntry: Sendable, Hashable {
  let key: String
  let keyOrigin: Origin
  var node: YAMLNode
}

/// ManifestEntries in the order of their first writing; an overriding entry takes the place of the one it overrides.
struct ManifestEntries: Sendable, Sequence {
  private(set) var list: [ManifestEntry] = []
  private var places: [String: Int] = [:]

  init() {}

  subscript(_ key: String) -> ManifestEntry? { places[key].map { list[$0] } }

  var isEmpty: Bool { list.isEmpty }

  mutating func set(_ entry: ManifestEntry) {
    if let place = places[entry.key] {
      list[place] = entry
    } else {
      places[entry.key] = list.count
      list.append(entry)
    }
  }

  /// Adds an entry of the same file; a key that is there already is an error.
  mutating func add(_ entry: ManifestEntry) throws(ManifestError) {
    if let first = self[entry.key] {
      throw ManifestError(entry.keyOrigin, .repeatedKey(entry.key, first: first.keyOrigin))
    }
    set(entry)
  }

  mutating func remove(_ key: String) {
    guard places[key] != nil else { return }
    list.removeAll { $0.key == key }
    places = [:]
    for (place, entry) in list.enumerated() { places[entry.key] = place }
  }

  func makeIterator() -> [ManifestEntry].Iterator { list.makeIterator() }
}

extension ManifestEntries {
  /// The values in a mapping under dotted keys.
  ///
  /// `task: {length: 55}` and `task.length: 55` say the same and may be mixed; a key that both set is an error.
  init(flattening pairs: [YAMLPair]) throws(ManifestError) {
    var complaints = ManifestComplaints()
    self.init(flattening: pairs, &complaints)
    if let first = complaints.list.first { throw first }
  }

  /// The same; a key that is set again is noted, and its first value stands.
  init(flattening pairs: [YAMLPair], _ complaints: inout ManifestComplaints) {
    self.init()
    add(pairs, below: "", &complaints)
  }

  private mutating func add(
    _ pairs: [YAMLPair], below prefix: String, _ complaints: inout ManifestComplaints
  ) {
    for pair in pairs {
      let key = prefix + pair.key
      if case .map(let inner) = pair.value.content {
        add(inner, below: key + ".", &complaints)
      } else {
        do throws(ManifestError) {
          try add(ManifestEntry(key: key, keyOrigin: pair.keyOrigin, node: pair.value))
        } catch {
          complaints.add(error)
        }
      }
    }
  }
}
