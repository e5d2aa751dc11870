package import Archive
import Records

/// A manifest with its runs: what `mneme show` prints of one.
package struct ManifestPortrait: Sendable {
  private let manifest: Manifest
  private let summary: ManifestSummary
  private let runs: StatusReport
  /// The settings that all its runs share.
  private let shared: Settings
  private let store: String
  /// What people wrote about it.
  private let tags: [String]
  private let notes: [Remark]

  /// A nil store holds nothing yet.
  package init(_ manifest: Manifest, in store: Store?) throws {
    self.manifest = manifest
    summary = ManifestSummary(manifest)
    let notebook = try store.map { store throws(ArchiveError) in try Notebook(of: store) }
    (tags, notes) = (notebook?.tags(of: manifest.hash) ?? [], notebook?.notes(on: manifest.hash) ?? [])
    runs = StatusReport(manifest, in: store)
    var shared = manifest.runs.first?.settings ?? Settings()
    for key in manifest.differingKeys { shared[key] = nil }
    (self.shared, self.store) = (shared, store?.root ?? "")
  }

  /// What was found damaged, for standard error; empty if nothing was.
  package var complaints: String {
    var damage = DamageNotes(in: store)
    for line in runs.lines where line.state == "corrupt" {
      damage.add(corrupt: line.run, label: line.label, line.detail)
    }
    return damage.text
  }

  /// 1 where something is damaged.
  package var status: ExitStatus { complaints.isEmpty ? .done : .finding }

  /// Axes, tables, shared settings, and a line for every run.
  package var text: String {
    let settings = shared.keys.map { "  \($0): \(shared[$0]?.description ?? "")\n" }.joined()
    let counts = runs.counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
    let remarks = remarkText(tags: tags, notes: notes, width: Page.standardOutput.width)
    return summary.text + (remarks.isEmpty ? "" : "notes:\n\(remarks)")
      + "\nsettings that all runs share:\n\(settings)\nruns: \(counts)\n"
      + inColumns(runs.lines.map { [$0.run.short, $0.state, $0.label, $0.detail] }, indentation: "  ")
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      PortraitJSON(
        summary: summary.encodable, shared: shared.encodable, tags: tags, notes: notes.map(NoteJSON.init),
        runs: runs.lines.map { .init(run: $0.run.hex, label: $0.label, state: $0.state) }))
  }
}

private struct PortraitJSON: Encodable {
  struct Run: Encodable {
    let run: String
    let label: String
    let state: String
  }

  let summary: SummaryJSON
  let shared: [String: EncodableValue]
  let tags: [String]
  let notes: [NoteJSON]
  let runs: [Run]
}
