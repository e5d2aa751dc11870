package import Records

/// The four hashes of a manifest and its runs, side by side.
package struct Hashes: Sendable {
  /// One run's.
  package struct Run: Sendable {
    package let label: String
    /// What it is.
    package let run: Digest
    /// What came out; nil until it is done.
    package let result: Digest?
  }

  /// The set of runs, tier, tables and references; nil for a single run.
  package let manifest: Digest?
  /// The program that asks; provenance, in no other hash.
  package let code: Digest?
  package let runs: [Run]

  /// The hashes of a manifest; `result` looks one up in the store.
  package init(_ manifest: Manifest, code: Digest?, result: (Digest) throws -> Digest?) rethrows {
    let labels = RunLabels(manifest)
    self.manifest = manifest.hash
    self.code = code
    runs = try manifest.runs.map {
      Run(label: labels.label(of: $0), run: $0.run, result: try result($0.run))
    }
  }

  /// The hashes of one run.
  package init(_ run: Specification, code: Digest?, result: (Digest) throws -> Digest?) rethrows {
    manifest = nil
    self.code = code
    runs = [Run(label: "", run: run.run, result: try result(run.run))]
  }

  /// All digits, for people who compare two of them.
  package var text: String {
    var lines: [String] = []
    if let manifest { lines.append("manifest  \(manifest.hex)") }
    if let code { lines.append("code      \(code.hex)") }
    for run in runs {
      lines.append("run       \(run.run.hex)" + (run.label.isEmpty ? "" : "  \(run.label)"))
      if let result = run.result { lines.append("result    \(result.hex)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      HashesJSON(
        manifest: manifest?.hex, code: code?.hex,
        runs: runs.map { .init(run: $0.run.hex, label: $0.label, result: $0.result?.hex) }))
  }
}

private struct HashesJSON: Encodable {
  struct Run: Encodable {
    let run: String
    let label: String
    let result: String?
  }

  let manifest: String?
  let code: String?
  let runs: [Run]
}
