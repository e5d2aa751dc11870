/// The four hashes: each is the SHA-256 of `mneme/<kind>/v1`, a zero byte, and the deterministic CBOR of the
/// structure given beside it. A structure never changes; another one would be `v2`.
package enum Identity {
  /// A run is its resolved settings, as nested maps without neutral entries (`Settings.omitting(neutral:)`).
  package static func run(_ settings: Settings) -> Digest {
    digest("run", of: settings.canonicalBytes)
  }

  /// The id of a run whose stored canonical bytes these are; says nothing about whether they are canonical.
  package static func run(storedBytes: [UInt8]) -> Digest {
    digest("run", of: storedBytes)
  }

  /// A manifest is the set of its runs, its tier, its tables by name and the published numbers they stand
  /// beside:
  ///
  ///     {"runs": [32 bytes, …] ascending, each once, "tier": text, "tables": [[name, definition], …],
  ///      "references": [[path, 32 bytes], …]}   both sorted by the bytes of name or path
  ///
  /// A manifest with figures also has `"figures": [[name, definition], …]`; one without has no such member, so that
  /// hashes from before there were figures are what they were.
  ///
  /// - Parameter tables: the complete definition of each table, in the form its module documents.
  /// - Parameter figures: the complete definition of each figure, likewise.
  /// - Parameter references: the digest of each reference file, by the path that the tables give.
  package static func manifest(
    runs: [Digest], tier: String, tables: [String: CBOR.Item], figures: [String: CBOR.Item] = [:],
    references: [String: Digest]
  ) -> Digest {
    var members: [String: CBOR.Item] = [
      "runs": .list(Set(runs).sorted().map(CBOR.Item.digest)),
      "tier": .text(tier),
      "tables": pairs(tables),
      "references": pairs(references.mapValues(CBOR.Item.digest)),
    ]
    if !figures.isEmpty { members["figures"] = pairs(figures) }
    return digest("manifest", of: .map(members))
  }

  /// Code is where results came from, not what they are: provenance, in no run's identity.
  ///
  ///     {"executable": 32 bytes, "sources": 32 bytes, absent when unknown, "toolchain": text}
  package static func code(executable: Digest, sources: Digest?, toolchain: String) -> Digest {
    var members: [String: CBOR.Item] = ["executable": .digest(executable), "toolchain": .text(toolchain)]
    if let sources { members["sources"] = .digest(sources) }
    return digest("code", of: .map(members))
  }

  /// A result is what two people compare: final metrics, digests of what is too long to list (metric
  /// histories, outcomes of items, memory log), and the final weights. Not the file format, not times, not
  /// hosts.
  ///
  ///     {"metrics": {name: real, …}, "digests": {name: 32 bytes, …}, "weights": 32 bytes}
  ///
  /// A metric that is missing (NaN) is null, an infinite one the text `infinity` or `-infinity`. Names are
  /// ASCII and each is given once; the order of the arguments does not matter.
  package static func result(
    metrics: [(name: String, value: Double)], digests: [(name: String, digest: Digest)], weights: Digest
  ) -> Digest {
    digest(
      "result",
      of: .map([
        "metrics": .map(members(metrics.map { ($0.name, number($0.value)) })),
        "digests": .map(members(digests.map { ($0.name, .digest($0.digest)) })),
        "weights": .digest(weights),
      ]))
  }

  private static func number(_ value: Double) -> CBOR.Item {
    if value.isNaN { return .null }
    guard value.isFinite else { return .text(value > 0 ? "infinity" : "-infinity") }
    return .real(value)
  }

  private static func members(_ pairs: [(String, CBOR.Item)]) -> [String: CBOR.Item] {
    Dictionary(pairs) { _, _ in
      fatalError("a name stands twice among the parts of a result; each may stand once")
    }
  }

  /// Pairs and not a map: paths and names of tables need not be ASCII, keys of maps are.
  private static func pairs(_ members: [String: CBOR.Item]) -> CBOR.Item {
    .list(
      members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { .list([.text($0.key), $0.value]) })
  }

  private static func digest(_ kind: String, of item: CBOR.Item) -> Digest {
    digest(kind, of: CBOR.encode(item))
  }

  private static func digest(_ kind: String, of canonicalBytes: [UInt8]) -> Digest {
    var builder = DigestBuilder(kind: kind)
    builder.update(canonicalBytes)
    return builder.finish()
  }
}
