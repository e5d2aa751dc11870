package import Records

extension Removal {
  /// What goes, with its size and who asked for it, then what it comes to.
  package var text: String {
    let rows =
      manifests.map { [$0.hash.short, "manifest", $0.name] }
      + lines.map { line in
        let needed = line.neededBy.isEmpty ? [] : ["needed by \(line.neededBy.joined(separator: ", "))"]
        return [line.run.short, line.state, line.name, "\(line.bytes.grouped) bytes"] + needed
      }
    return inColumns(rows)
  }

  /// `12 runs and 1 manifest, 34,567 bytes`
  package var sum: String { sum(of: nil) }

  /// The same of what was removed; nil stands for all.
  package func sum(of removed: Set<Digest>?) -> String {
    let runs = lines.filter { removed?.contains($0.run) ?? true }
    let count = manifests.count { removed?.contains($0.hash) ?? true }
    let bytes = runs.reduce(0) { $0 + $1.bytes }
    if runs.isEmpty, count > 0 { return counted(count, "manifest") }
    return counted(runs.count, "run") + (count > 0 ? " and \(counted(count, "manifest"))" : "")
      + ", \(bytes.grouped) bytes"
  }

  /// A list of objects, each with its run or manifest.
  ///
  /// - Parameter removed: what was removed; empty for a dry run.
  package func json(removed: Set<Digest>) -> String {
    jsonText(
      lines.map {
        LineJSON(
          run: $0.run.hex, manifest: nil, name: $0.name, state: $0.state, bytes: $0.bytes,
          neededBy: $0.neededBy, removed: removed.contains($0.run))
      }
        + manifests.map {
          LineJSON(
            run: nil, manifest: $0.hash.hex, name: $0.name, state: nil, bytes: nil, neededBy: [],
            removed: removed.contains($0.hash))
        })
  }

  private struct LineJSON: Encodable {
    let run: String?
    let manifest: String?
    let name: String
    let state: String?
    let bytes: Int?
    let neededBy: [String]
    let removed: Bool

    enum CodingKeys: String, CodingKey {
      case run, manifest, name, state, bytes, removed
      case neededBy = "needed_by"
    }
  }
}
