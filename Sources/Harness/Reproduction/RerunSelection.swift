package import Archive
import Records

/// Which runs `mneme rerun` computes again, and what that will take as far as anybody knows.
package struct RerunSelection: Sendable {
  /// The manifest that was named, as the store keeps it; nil for a single run.
  package let manifest: Manifest?
  /// Nil where all runs are meant.
  package let sample: RunSample?
  package let runs: [(specification: Specification, label: String)]
  package let resources: Resources
  private let costs: Costs
  /// What is damaged beside the results of the runs.
  private let damage: DamageNotes

  /// - Parameter subject: a run or a manifest by its hash, or a manifest's file whose hash the store has.
  /// - Parameter settings: in place of the file's own.
  /// - Parameter count: how many runs of a manifest; nil for all.
  package init(
    _ subject: String, settings: [String], sample count: Int?, seed: UInt64, in store: Store
  ) throws {
    switch try Subject(subject, settings: settings, in: store, at: store.root) {
    case .run(let run):
      guard count == nil else { throw ReportError.sampleOfRun(subject) }
      let bytes = try store.run(run).settingsOrRefusal().canonicalBytes
      (manifest, sample, resources) = (nil, nil, Resources())
      runs = [(try Specification(canonicalBytes: bytes), "")]
    case .manifest(let named):
      let object = StoredObject(kind: "manifest", id: named.hash)
      guard try store.candidates(prefix: named.hash.hex).contains(.object(object)) else {
        throw ReportError.unstoredManifest(subject, hash: named.hash.short, store: store.root)
      }
      // What is computed is what is stored: the file may have another name for it, and other resources.
      let stored = try Manifest(canonicalBytes: try store.object(object), hash: object.id).checked()
      let (labels, sample) = (RunLabels(stored), count.map { RunSample($0, of: stored, seed: seed) })
      (manifest, self.sample, resources) = (stored, sample, stored.resources)
      runs = (sample?.runs ?? stored.runs).map { ($0, labels.label(of: $0)) }
    }
    costs = try store.costs(of: runs.map(\.specification))
    var damage = DamageNotes(in: store.root)
    for run in runs {
      let directory = store.run(run.specification.run)
      damage.add(
        beside: directory.id, label: run.label,
        try directory.damageBeside(known: run.specification.canonicalBytes))
    }
    self.damage = damage
  }

  /// What is damaged beside the results, for standard error; empty where nothing is.
  package var complaints: String { damage.text }

  /// What is computed, and how long that takes: one line, and one for every run of a sample or with `isWhole`.
  ///
  /// - Parameter slots: how many run at a time.
  package func text(slots: Int, isWhole: Bool) -> String {
    var lines: [String] = []
    if let manifest {
      lines.append(
        "\(manifest.name), manifest \(manifest.hash.short): "
          + (sample.map { "\(runs.count) of \(counted($0.total, "run")), sample seed \($0.seed)" }
            ?? counted(runs.count, "run")))
    }
    var text = lines.map { $0 + "\n" }.joined()
    if isWhole || sample != nil {
      text += inColumns(
        runs.map { run in
          let seconds = costs.seconds(of: run.specification).map(duration) ?? "unmeasured"
          return [run.specification.run.short] + (run.label.isEmpty ? [] : [run.label]) + [seconds]
        }, indentation: "  ")
    }
    return text + estimate(slots: slots) + "\n"
  }

  /// `Computing time: 31 s for 3 runs; about 16 s with 2 at a time.`
  private func estimate(slots: Int) -> String {
    let seconds = runs.map { costs.seconds(of: $0.specification) }
    let measured = seconds.compactMap { $0 }
    guard !measured.isEmpty else { return "Computing time: unmeasured." }
    let rest = seconds.count - measured.count
    let sum = "Computing time: \(duration(measured.reduce(0, +))) for \(counted(measured.count, "run"))"
    if rest > 0 { return "\(sum), and \(counted(rest, "run")) unmeasured." }
    guard slots > 1, runs.count > 1,
      let together = Estimate.remaining(
        running: [], waiting: measured.map { (Need(), $0) }, offer: Offer(jobs: slots))
    else { return "\(sum)." }
    return "\(sum); about \(duration(together)) with \(min(slots, runs.count)) at a time."
  }

  /// A list of objects, each with its run.
  package var json: String {
    jsonText(
      runs.map { run in
        var members: [String: FactValue] = [
          "run": .text(run.specification.run.hex), "label": .text(run.label),
          "seconds": costs.seconds(of: run.specification).map(FactValue.real) ?? FactValue.none,
        ]
        members.merge(RerunSelection.origin(manifest?.hash, sample)) { first, _ in first }
        return members
      })
  }

  /// What a program must know about where a run was taken from.
  static func origin(_ manifest: Digest?, _ sample: RunSample?) -> [String: FactValue] {
    var members: [String: FactValue] = [:]
    if let manifest { members["manifest"] = .text(manifest.hex) }
    if let sample {
      members["sample.of"] = .integer(sample.total)
      members["sample.seed"] = .text("\(sample.seed)")
    }
    return members
  }
}
