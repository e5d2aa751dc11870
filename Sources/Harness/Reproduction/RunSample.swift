package import Records

/// Some runs of a manifest, the same for everybody who asks for as many of the same manifest with the same seed.
///
/// Nothing is drawn. The rank of a run is the SHA-256 of `mneme/sample/v1`, a zero, the manifest's hash, the seed in
/// eight bytes, little-endian, and the run's id. Runs are then taken one by one: of those whose values, of the keys
/// that tell runs apart, were taken least so far, the one of the lowest rank. So the second of two runs shares nothing
/// with the first that it need not: not its model, not its seed. What is done or not done has no part in it.
package struct RunSample: Sendable {
  package let manifest: Digest
  package let seed: UInt64
  /// In the order of the manifest.
  package let runs: [Specification]
  /// How many the manifest has.
  package let total: Int

  package init(_ count: Int, of manifest: Manifest, seed: UInt64) {
    (self.manifest, self.seed, total) = (manifest.hash, seed, manifest.runs.count)
    let keys = RunLabels(manifest).keys
    var numbers: [[Value?: Int]] = keys.map { _ in [:] }
    let values = manifest.runs.map { run in
      keys.indices.map { place in
        let value = run.settings[keys[place]]
        if let known = numbers[place][value] { return known }
        numbers[place][value] = numbers[place].count
        return numbers[place].count - 1
      }
    }
    let ranks = manifest.runs.map { RunSample.rank(of: $0.run, in: manifest.hash, seed: seed) }
    var left = ranks.indices.sorted { ranks[$0] < ranks[$1] }
    var taken = numbers.map { [Int](repeating: 0, count: $0.count) }
    var chosen: [Int] = []
    while chosen.count < count, !left.isEmpty {
      func burden(_ run: Int) -> Int { keys.indices.reduce(0) { $0 + taken[$1][values[run][$1]] } }
      // The first of the least burdened is the one of the lowest rank.
      var (best, least) = (0, Int.max)
      for (place, run) in left.enumerated() {
        let burden = burden(run)
        if burden < least { (best, least) = (place, burden) }
        if least == 0 { break }
      }
      let run = left.remove(at: best)
      for place in keys.indices { taken[place][values[run][place]] += 1 }
      chosen.append(run)
    }
    runs = chosen.sorted().map { manifest.runs[$0] }
  }

  private static func rank(of run: Digest, in manifest: Digest, seed: UInt64) -> Digest {
    var builder = DigestBuilder(kind: "sample")
    builder.update(manifest.bytes)
    builder.update((0..<8).map { UInt8(truncatingIfNeeded: seed >> (8 * UInt64($0))) })
    builder.update(run.bytes)
    return builder.finish()
  }

  /// `3 of 48 runs of manifest 5c0316837782, sample seed 0`
  package var text: String {
    "\(runs.count) of \(counted(total, "run")) of manifest \(manifest.short), sample seed \(seed)"
  }
}
