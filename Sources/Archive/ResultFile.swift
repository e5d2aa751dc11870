package import Records

/// `result.h5`: a run's result as a file that h5py, h5dump and HDFView show by itself.
///
///     /                             attributes: format, format_version, run, title, default, weights
///     /spec                         attributes: every setting under its dotted key
///     /spec/canonical  /spec/yaml   u8[]: the bytes that were hashed; the same for people
///     /derived                      attributes: what follows from the settings   /derived/canonical u8[]
///     /final/<metric>               f64 with units, better, split
///     /counters/<name>              u64
///     /metrics/<series>/step        u64[T]: the scale of   /metrics/<series>/<column>  f64[T]
///     /items/<split>/id             u64[N]: the scale of   correct, labels             u32[N]
///     /memory_log/<split>/…         see `MemoryLog`
package enum ResultFile {
  /// Publishes a result.
  ///
  /// - Throws: `unwritable` if the run is not the hash of the settings, and all that publishing can throw.
  package static func write(_ result: RunResult, to path: String) throws(ArchiveError) {
    guard Identity.run(result.settings) == result.run else {
      throw ArchiveError.unwritable(
        file: path, object: "/spec/canonical",
        reason: "run \(result.run.short) is not the hash of these settings")
    }
    try publish(try tree(of: result, for: path), kind: .result, run: result.run, at: path)
  }

  /// Reads a result back whole, after its bytes were found intact.
  package static func read(_ path: String, run: Digest?) throws(ArchiveError) -> RunResult {
    let layout = Layout(file: path, root: try readStored(path, kind: .result, run: run))
    let final = try final(from: layout)
    var (items, counters): ([ItemOutcomes], [Counter]) = ([], [])
    for split in try layout.group("items").names {
      let ids = try layout.unsigned64("items/\(split)/id")
      items.append(
        ItemOutcomes(
          split: split, ids: ids, correct: try layout.unsigned32("items/\(split)/correct", count: ids.count),
          labels: try layout.unsigned32("items/\(split)/labels", count: ids.count)))
    }
    for name in try layout.group("counters").names {
      guard let value = try layout.unsigned64("counters/\(name)").first else { continue }
      counters.append(Counter(name: name, value: value))
    }
    let splits = layout.root.group("memory_log")?.names ?? []
    let result = RunResult(
      run: final.run, settings: final.settings, derived: final.derived,
      yaml: String(decoding: try layout.bytes("spec/yaml"), as: UTF8.self), metrics: final.metrics,
      series: try Series.read(from: layout), items: items, counters: counters,
      memoryLog: try splits.first.map { split throws(ArchiveError) in try MemoryLog.read(split, from: layout)
      },
      weights: final.weights)
    guard result.isNamed else {
      throw layout.malformed(
        "a name in it", "not of ASCII, or that of two numbers", "one ASCII name for each")
    }
    return result
  }

  /// Reads only settings and final metrics. The digest of the whole file is checked all the same.
  package static func readFinal(_ path: String, run: Digest?) throws(ArchiveError) -> FinalNumbers {
    try readFinal(path, verified: try VerifiedFile(path, kind: .result, run: run))
  }

  /// The same where the caller has verified the file.
  static func readFinal(_ path: String, verified file: VerifiedFile) throws(ArchiveError) -> FinalNumbers {
    // Settings stand there as attributes too, for other programs; opening each would take most of the time.
    let root = try readStored(
      path, kind: .result, verified: file, only: ["spec/canonical", "derived/canonical", "final"])
    return try final(from: Layout(file: path, root: root))
  }

  /// Reads only the history of metrics. The digest of the whole file is checked all the same.
  package static func readSeries(_ path: String, run: Digest?) throws(ArchiveError) -> [Series] {
    let layout = Layout(file: path, root: try readStored(path, kind: .result, run: run, only: ["metrics"]))
    try layout.checkVersion()
    return try Series.read(from: layout)
  }

  private static func final(from layout: Layout) throws(ArchiveError) -> FinalNumbers {
    try layout.checkVersion()
    var metrics: [FinalMetric] = []
    for name in try layout.group("final").names {
      let dataset = try layout.dataset("final/\(name)", count: 1)
      metrics.append(
        FinalMetric(
          name: name, value: try layout.doubles("final/\(name)")[0],
          unit: dataset.attribute("units")?.text ?? "",
          better: dataset.attribute("better")?.text, split: dataset.attribute("split")?.text ?? ""))
    }
    let (run, found) = (
      try layout.digest("run"), Identity.run(storedBytes: try layout.bytes("spec/canonical"))
    )
    guard found == run else {
      throw layout.malformed(
        "spec/canonical", "the settings of run \(found.short)", "those of run \(run.short)")
    }
    return FinalNumbers(
      run: run, settings: try layout.settings("spec/canonical"),
      derived: try layout.settings("derived/canonical"), metrics: metrics,
      weights: try layout.digest("weights"))
  }

  private static func tree(of result: RunResult, for path: String) throws(ArchiveError) -> Group {
    var root = Group(attributes: Layout.head(.result, run: result.run))
    root.attributes += [
      Attribute("title", .text(title(of: result))), Attribute("default", .text("metrics")),
      Attribute("weights", .text(result.weights.hex)),
    ]
    root.set(.group(Group(attributes: Layout.attributes(of: result.settings))), at: "spec")
    root.set(
      Layout.text(
        result.settings.canonicalBytes, name: "canonical", attributes: [Attribute("encoding", .text("cbor"))]),
      at: "spec/canonical")
    root.set(
      Layout.text(Array(result.yaml.utf8), name: "yaml", attributes: [Attribute("encoding", .text("utf-8"))]),
      at: "spec/yaml")
    root.set(.group(Group(attributes: Layout.attributes(of: result.derived))), at: "derived")
    root.set(
      Layout.text(
        result.derived.canonicalBytes, name: "canonical", attributes: [Attribute("encoding", .text("cbor"))]),
      at: "derived/canonical")

    for name in ["final", "counters", "items"] { root.set(.group(Group()), at: name) }
    for metric in result.metrics {
      var attributes = [Attribute("units", .text(metric.unit)), Attribute("split", .text(metric.split))]
      if let better = metric.better { attributes.append(Attribute("better", .text(better))) }
      root.set(
        .dataset(Dataset(shape: [], .float64([metric.value]), attributes: attributes)),
        at: "final/\(metric.name)")
    }
    for counter in result.counters {
      root.set(.dataset(Dataset(shape: [], .uint64([counter.value]))), at: "counters/\(counter.name)")
    }
    root.set(.group(Series.tree(of: result.series)), at: "metrics")
    for outcome in result.items {
      let here = "items/\(outcome.split)"
      root.set(
        .dataset(
          Dataset(shape: [outcome.ids.count], .uint64(outcome.ids), compressed: true, scaleName: "id")),
        at: "\(here)/id")
      for (name, values) in [("correct", outcome.correct), ("labels", outcome.labels)] {
        root.set(
          .dataset(
            Dataset(shape: [values.count], .uint32(values), compressed: true, dimensions: ["/\(here)/id"])),
          at: "\(here)/\(name)")
      }
    }
    if let log = result.memoryLog {
      root.set(.group(try log.tree(at: path)), at: "memory_log/\(log.split)")
    }
    return root
  }

  private static func title(of result: RunResult) -> String {
    let facts = ["task.kind", "model.kind", "model.memory", "seed"].compactMap { key in
      result.settings[key].map { "\(key) \($0)" }
    }
    return facts.isEmpty ? "run \(result.run.short)" : facts.joined(separator: ", ")
  }
}
