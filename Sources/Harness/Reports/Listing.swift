package import Archive
package import Records
import Tables

/// What a store holds, run by run: what `mneme ls` shows. Numbers are read from verified files.
package struct Listing: Sendable {
  package struct Line: Sendable {
    package let run: Digest
    package let name: StoredRuns.Name
    /// `done`, `running`, `failed`, `interrupted`, `pending`, `corrupt`.
    package let state: String
    package let settings: Settings
    /// Nil until the run is done.
    package let record: Record?
    package let tags: [String]
    package let notes: [Remark]
  }

  package let lines: [Line]
  package let manifests: [Manifest]
  /// What is damaged of runs and manifests.
  private let damage: DamageNotes
  /// What was written about runs and manifests; nil where nothing is stored.
  private let notebook: Notebook?

  /// Looks at every run and manifest of a store; a nil store holds nothing yet.
  ///
  /// - Parameter selection: which runs are listed.
  package init(_ store: Store?, where selection: Selection = .everything) throws {
    guard let store else {
      (lines, manifests, damage, notebook) = ([], [], DamageNotes(in: ""), nil)
      return
    }
    var chosen = try ChosenRuns(selection, in: store)
    chosen.lookAtAll(withCosts: true)
    var damage = chosen.damage
    let notebook = try Notebook(of: store)
    // Looking changes nothing: what is read here is not kept.
    var lines: [Line] = []
    for var run in chosen.runs {
      var state = try run.state(&chosen.index)
      var record: Record?
      do throws(ArchiveError) {
        record = try run.record(&chosen.index, withCosts: true)
        if state == .done { damage.add(beside: run.run, try run.damageBeside()) }
      } catch {
        // Gone since the look a moment ago.
        state = .corrupt(error.description)
      }
      if case .corrupt(let sentence) = state { damage.add(corrupt: run.run, sentence) }
      let settings = run.settings()
      lines.append(
        Line(
          run: run.run, name: chosen.stored.name(of: run.run, settings: settings), state: state.word,
          settings: settings, record: record, tags: notebook.tags(of: run.run),
          notes: notebook.notes(on: run.run)))
    }
    self.lines = lines.sorted { ($0.name.text, $0.run) < ($1.name.text, $1.run) }
    manifests = chosen.stored.manifests.sorted { ($0.name, $0.hash) < ($1.name, $1.hash) }
    (self.damage, self.notebook) = (damage, notebook)
  }

  /// What is damaged, for standard error; empty where nothing is.
  package var complaints: String {
    damage.text + (notebook?.damage.map { "damaged: \($0)\n" } ?? "")
  }

  /// 1 where a manifest cannot be read or a run has lost its number.
  package var status: ExitStatus {
    damage.hasCorrupt || notebook?.damage != nil ? .finding : .done
  }

  /// A line for every run.
  package var text: String {
    inColumns(
      lines.map { line in
        let metrics = (line.record?.metrics ?? [:]).sorted { $0.key < $1.key }
        return [line.run.short, line.state, line.name.text]
          + metrics.map { "\($0.key)=\(NumberText.fixed($0.value, digits: 4))" }
          + remarkCells(tags: line.tags, notes: line.notes)
      })
  }

  /// A line for every manifest.
  package var manifestText: String {
    inColumns(
      manifests.map {
        [$0.hash.short, $0.name, $0.tier.rawValue, counted($0.runs.count, "run")]
          + remarkCells(
            tags: notebook?.tags(of: $0.hash) ?? [], notes: notebook?.notes(on: $0.hash) ?? [])
      })
  }

  /// A list of objects, each with its run.
  package var json: String {
    jsonText(
      lines.map { line in
        LineJSON(
          run: line.run.hex, name: line.name.text, manifests: line.name.manifests.map(\.hex),
          state: line.state,
          settings: line.settings.encodable, metrics: (line.record?.metrics ?? [:]).encodable,
          cost: (line.record?.cost ?? [:]).encodable(lowerBounds: line.record?.lowerBounds ?? []),
          tags: line.tags,
          notes: line.notes.map(NoteJSON.init))
      })
  }

  /// A list of objects, each with its manifest.
  package var manifestJSON: String {
    jsonText(
      manifests.map {
        ManifestJSON(
          manifest: $0.hash.hex, name: $0.name, tier: $0.tier.rawValue, runs: $0.runs.map(\.run.hex),
          tables: $0.tables.map(\.specification.name), tags: notebook?.tags(of: $0.hash) ?? [],
          notes: (notebook?.notes(on: $0.hash) ?? []).map(NoteJSON.init))
      })
  }

  private struct LineJSON: Encodable {
    let run: String
    let name: String
    let manifests: [String]
    let state: String
    let settings: [String: EncodableValue]
    let metrics: [String: EncodableValue]
    let cost: [String: EncodableValue]
    let tags: [String]
    let notes: [NoteJSON]
  }

  private struct ManifestJSON: Encodable {
    let manifest: String
    let name: String
    let tier: String
    let runs: [String]
    let tables: [String]
    let tags: [String]
    let notes: [NoteJSON]
  }
}

extension RunState {
  /// The state in one word.
  package var word: String {
    switch self {
    case .done: "done"
    case .running: "running"
    case .failed: "failed"
    case .interrupted: "interrupted"
    case .pending: "pending"
    case .corrupt: "corrupt"
    }
  }
}

/// Rows of columns under each other: each column as wide as its widest cell, two spaces between, none at an end.
///
/// With `numbersRight` all columns but the first end under each other.
func inColumns(_ rows: [[String]], indentation: String = "", numbersRight: Bool = false) -> String {
  var widths: [Int] = []
  for row in rows {
    for (column, cell) in row.enumerated() {
      if column < widths.count {
        widths[column] = max(widths[column], cell.columns)
      } else {
        widths.append(cell.columns)
      }
    }
  }
  return rows.map { row in
    let line = row.enumerated().map { column, cell in
      let gap = String(repeating: " ", count: widths[column] - cell.columns)
      return numbersRight && column > 0 ? gap + cell : cell + gap
    }.joined(separator: "  ")
    return trimmedEnd(indentation + line) + "\n"
  }.joined()
}
