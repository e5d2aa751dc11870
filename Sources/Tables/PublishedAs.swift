package import Records

/// Which published value stands beside a measured one, for keys whose sizes were scaled down.
///
///     published_as: {task.segment_length: {16: 256, 24: 512, 32: 1024}}
///
/// A quick run of segments of 16 tokens stands beside the published one of 256, and both lengths are named. A value
/// that is not listed stands for itself.
package struct PublishedAs: Sendable, Hashable {
  /// One line of it, as a manifest writes it.
  package struct Pair: Sendable, Hashable {
    package let key: String
    package let measured: String
    package let published: String

    package init(key: String, measured: String, published: String) {
      self.key = key
      self.measured = label(text: measured)
      self.published = label(text: published)
    }
  }

  /// In the order of the manifest.
  package let pairs: [Pair]

  package init(_ pairs: [Pair] = []) { self.pairs = pairs }

  package var isEmpty: Bool { pairs.isEmpty }

  /// The keys that have pairs, in their order.
  package var keys: [String] {
    pairs.reduce(into: []) { keys, pair in if !keys.contains(pair.key) { keys.append(pair.key) } }
  }

  /// The published label that stands beside a measured one.
  package func published(_ label: String, of key: String) -> String {
    pairs.first { $0.key == key && $0.measured == label }?.published ?? label
  }

  /// The measured label beside which a published one stands.
  package func measured(_ label: String, of key: String) -> String {
    pairs.first { $0.key == key && $0.published == label }?.measured ?? label
  }

  /// `16 (256)` where the two differ: the measured label, and the published one in brackets.
  package func described(_ label: String, of key: String) -> String {
    let published = published(label, of: key)
    return published == label ? label : "\(label) (\(published))"
  }

  /// Refuses pairs of keys that are on no axis, and pairs that leave open what stands beside what.
  func check(table: String, axes: [String]) throws(TablesError) {
    for pair in pairs where !axes.contains(pair.key) {
      throw .pairOffAxis(table: table, key: pair.key, axes: axes)
    }
    for key in keys {
      let own = pairs.filter { $0.key == key }
      for side in [\Pair.measured, \Pair.published] {
        var seen: Set<String> = []
        for pair in own where !seen.insert(pair[keyPath: side]).inserted {
          throw .pairedTwice(table: table, key: key, label: pair[keyPath: side])
        }
      }
    }
  }
}

extension PublishedAs {
  /// `[[key, measured, published], …]`, as hashed and stored.
  package var value: Value {
    .list(pairs.map { .list([.text($0.key), .text($0.measured), .text($0.published)]) })
  }

  /// Reads `value` back; nil where it is something else.
  package init?(_ value: Value) {
    guard case .list(let lists) = value else { return nil }
    var pairs: [Pair] = []
    for list in lists {
      guard case .list(let texts) = list, texts.count == 3 else { return nil }
      pairs.append(
        Pair(key: texts[0].description, measured: texts[1].description, published: texts[2].description))
    }
    self.init(pairs)
  }
}

extension CellList {
  /// The same cells under the labels that a measured table has for them.
  ///
  /// A published cell that already has the label of a measured one, to which another published value is paired, has no
  /// place: beside it would stand a number that it was not measured for.
  package func relabelled(by pairing: PublishedAs) throws(TablesError) -> CellList {
    var entries: [Entry] = []
    for entry in self.entries {
      var labels = entry.labels
      for (place, key) in keys.enumerated() {
        let measured = pairing.measured(labels[place], of: key)
        if measured == labels[place], pairing.published(measured, of: key) != measured {
          throw .unpaired(list: name, key: key, label: measured)
        }
        labels[place] = measured
      }
      entries.append(Entry(labels: labels, cell: entry.cell))
    }
    return CellList(
      name: name, tier: tier, manifest: manifest, source: source, keys: keys, metric: metric, unit: unit,
      entries: entries)
  }
}
