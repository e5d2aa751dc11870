package import Records

extension RunResult {
  /// The `result` hash: what two people compare, bit for bit, whatever the file format.
  ///
  /// Final metrics and the digest of the weights go in as they are; everything longer goes in as the digest of
  /// its numbers, named by its place in the file: `metrics.train.loss`, `items.test.correct`.
  package var digest: Digest {
    Identity.result(
      metrics: metrics.map { ($0.name, $0.value) }, digests: parts.map { ($0.name, $0.elements().digest) },
      weights: weights)
  }

  /// Whether every number has a name of its own that can be hashed; those in a file that somebody made up need not.
  var isNamed: Bool {
    [metrics.map(\.name), parts.map(\.name)].allSatisfy { names in
      Set(names).count == names.count && names.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    }
  }

  /// Everything that is longer than one number.
  private var parts: [(name: String, elements: () -> Elements)] {
    var parts: [(name: String, elements: () -> Elements)] = []
    for one in series {
      parts.append(("metrics.\(one.name).step", { .uint64(one.steps) }))
      parts += one.columns.map { column in
        ("metrics.\(one.name).\(column.name)", { .float64(column.values) })
      }
    }
    for one in items {
      parts.append(("items.\(one.split).id", { .uint64(one.ids) }))
      parts.append(("items.\(one.split).correct", { .uint32(one.correct) }))
      parts.append(("items.\(one.split).labels", { .uint32(one.labels) }))
    }
    parts += counters.map { counter in ("counters.\(counter.name)", { .uint64([counter.value]) }) }
    if let log = memoryLog {
      let here = "memory_log.\(log.split)"
      parts += log.columns.map { column in ("\(here).\(column.name)", { column.values }) }
      for list in log.lists {
        parts.append(("\(here).\(list.name).offsets", { .uint64(list.offsets.map(UInt64.init)) }))
        parts.append(("\(here).\(list.name).value", { list.values }))
      }
    }
    return parts
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
