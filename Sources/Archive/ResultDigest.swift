package import Records

extension RunResult {
  /// The `result` hash: what two people compare, bit for bit, whatever the file format.
  ///
  /// Final metrics and the digest of the weights go in as they are; everything longer goes in as the digest of
  /// its numbers, named by its place in the file: `metrics.train.loss`, `items.test.correct`.
  package var digest: Digest {
    var digests: [(name: String, digest: Digest)] = []
    for one in series {
      digests.append(("metrics.\(one.name).step", Elements.uint64(one.steps).digest))
      digests += one.columns.map { ("metrics.\(one.name).\($0.name)", Elements.float64($0.values).digest) }
    }
    for one in items {
      digests.append(("items.\(one.split).id", Elements.uint64(one.ids).digest))
      digests.append(("items.\(one.split).correct", Elements.uint32(one.correct).digest))
      digests.append(("items.\(one.split).labels", Elements.uint32(one.labels).digest))
    }
    digests += counters.map { ("counters.\($0.name)", Elements.uint64([$0.value]).digest) }
    if let log = memoryLog {
      let here = "memory_log.\(log.split)"
      digests += log.columns.map { ("\(here).\($0.name)", $0.values.digest) }
      for list in log.lists {
        digests.append(
          ("\(here).\(list.name).offsets", Elements.uint64(list.offsets.map(UInt64.init)).digest))
        digests.append(("\(here).\(list.name).value", list.values.digest))
      }
    }
    return Identity.result(
      metrics: metrics.map { ($0.name, $0.value) }, digests: digests, weights: weights)
  }
}

extension Elements {
  /// SHA-256 over `mneme/elements/v1`, a zero, the kind in words, a zero, and the numbers, little-endian.
  var digest: Digest {
    var builder = DigestBuilder(kind: "elements")
    builder.update(Array(kind.utf8) + [0])
    switch self {
    case .float32(let values): values.withUnsafeBytes { builder.update($0) }
    case .float64(let values): values.withUnsafeBytes { builder.update($0) }
    case .uint8(let values): builder.update(values)
    case .int32(let values): values.withUnsafeBytes { builder.update($0) }
    case .uint32(let values): values.withUnsafeBytes { builder.update($0) }
    case .int64(let values): values.withUnsafeBytes { builder.update($0) }
    case .uint64(let values): values.withUnsafeBytes { builder.update($0) }
    case .texts(let values): for text in values { builder.update(Array(text.utf8) + [0]) }
    }
    return builder.finish()
  }
}
