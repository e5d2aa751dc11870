package import Archive
package import Records
import Tables

/// Where the cells of tables come from: every run behind them, its number, how often it was tried and with which code.
package struct TableTrace: Sendable {
  /// A run behind a cell.
  package struct Run: Sendable {
    package let run: Digest
    /// The keys that the cell averages over, with the run's values: `seed` → 1.
    package let over: [(key: String, label: String)]
    /// In the metric's stored unit; nil for a run without one.
    package let value: Double?
    package let state: String
    package let attempts: Int
    /// The `code` hashes of the attempts, each once, in the order in which they began.
    package let code: [String]
    /// Their commits, the same way; `+` after one whose files were changed.
    package let commits: [String]
  }

  package struct Entry: Sendable {
    package let table: String
    package let metric: String
    package let at: [(key: String, label: String)]
    /// As the table prints it.
    package let shown: String
    package let runs: [Run]
  }

  package let entries: [Entry]
  private let captions: [String: String]

  /// - Parameter place: which cells, by values of their rows and columns: `model.memory=working,task.segments=8`.
  ///   Empty for all.
  package init(_ report: some SheetReport, cells place: String, in store: Store?) throws {
    let selection: Selection
    do throws(SelectionError) { selection = try Selection(place) { _ in false } } catch {
      var error = error
      error.option = "--trace"
      throw error
    }
    var entries: [Entry] = []
    var captions: [String: String] = [:]
    var runs: [Digest: Run] = [:]
    let tables = report.sheets.flatMap(\.tables)
    // Every table has axes of its own; a cell that is asked for must be one of some table.
    let fitting = tables.filter { table in
      selection.terms.allSatisfy { table.specification.axes.contains($0.key.name) }
    }
    guard let first = tables.first, !fitting.isEmpty else {
      throw TraceError.noAxis(
        selection.terms.map(\.key.name).first { key in
          !tables.contains { $0.specification.axes.contains(key) }
        } ?? "",
        table: tables.first?.specification.name ?? "", axes: tables.first?.specification.axes ?? [])
    }
    for table in fitting {
      let name = table.specification.name
      captions[name] =
        "tier \(table.heading.tier)" + (table.heading.manifest.map { ", manifest \($0.short)" } ?? "")
      for cell in table.places where selection.holds(at: cell.at) {
        let numbered = try cell.cell.samples.map { sample in
          try Run(
            sample.run, over: Array(zip(table.specification.over, sample.over)).map { (key: $0, label: $1) },
            value: sample.value, &runs, store)
        }
        let open = try cell.cell.open.map { try Run($0, over: [], value: nil, &runs, store) }
        entries.append(
          Entry(
            table: name, metric: table.specification.cell, at: cell.at, shown: cell.text,
            runs: numbered + open))
      }
    }
    guard !entries.isEmpty else {
      throw TraceError.noCell(place, table: (fitting.first ?? first).specification.name)
    }
    self.entries = entries
    self.captions = captions
  }

  /// Cell by cell: its place and what is printed there, then a line for every run.
  package var text: String {
    var parts: [String] = []
    var table: String?
    for entry in entries {
      if entry.table != table {
        parts.append("\(entry.table), \(captions[entry.table] ?? "")\n")
        table = entry.table
      }
      let place = entry.at.map { "\($0.key)=\($0.label.isEmpty ? "–" : $0.label)" }.joined(separator: ", ")
      let keys = entry.runs.first?.over.map(\.key) ?? []
      let head: [String] = ["run"] + keys + [entry.metric, "status", "attempts", "code", "commit"]
      let rows = entry.runs.map { $0.fields(keys) }
      parts.append(
        "\(place): \(entry.metric) \(entry.shown)\n" + inColumns([head] + rows, indentation: "  "))
    }
    return parts.joined(separator: "\n")
  }

  /// A list of objects, one for each cell.
  package var json: String {
    jsonText(
      entries.map { entry in
        EntryJSON(
          table: entry.table, metric: entry.metric, at: labels(entry.at), shown: entry.shown,
          runs: entry.runs.map { run in
            RunJSON(
              run: run.run.hex, over: labels(run.over), value: run.value, status: run.state,
              attempts: run.attempts, code: run.code, commits: run.commits)
          })
      })
  }

  private func labels(_ labels: [(key: String, label: String)]) -> [String: String] {
    labels.reduce(into: [:]) { $0[$1.key] = $1.label }
  }

  private struct EntryJSON: Encodable {
    let table: String
    let metric: String
    let at: [String: String]
    let shown: String
    let runs: [RunJSON]
  }

  private struct RunJSON: Encodable {
    let run: String
    let over: [String: String]
    let value: Double?
    let status: String
    let attempts: Int
    let code: [String]
    let commits: [String]
  }
}

extension TableTrace.Run {
  /// Its line, the values of `keys` behind its id.
  fileprivate func fields(_ keys: [String]) -> [String] {
    var fields: [String] = [run.short]
    for key in keys { fields.append(over.first { $0.key == key }?.label ?? "") }
    fields.append(value.map { "\($0)" } ?? "–")
    fields += [state, "\(attempts)"]
    fields.append(code.isEmpty ? "–" : code.map { String($0.prefix(12)) }.joined(separator: " "))
    fields.append(commits.isEmpty ? "–" : commits.joined(separator: " "))
    return fields
  }

  /// What its attempts tell; a run of several cells is looked up once.
  fileprivate init(
    _ run: Digest, over: [(key: String, label: String)], value: Double?,
    _ known: inout [Digest: TableTrace.Run], _ store: Store?
  ) throws(ArchiveError) {
    if let same = known[run] {
      self.init(
        run: run, over: over, value: value, state: same.state, attempts: same.attempts, code: same.code,
        commits: same.commits)
      return
    }
    let directory = store?.run(run)
    let attempts = try directory?.attempts() ?? []
    func each(_ words: [String?]) -> [String] {
      words.compactMap(\.self).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    self.init(
      run: run, over: over, value: value, state: try directory?.state(verifying: true).word ?? "pending",
      attempts: attempts.count, code: each(attempts.map { $0.start?.code }),
      commits: each(
        attempts.map { attempt in
          attempt.start?.gitCommit.map { "\($0.prefix(12))\(attempt.start?.gitDirty == true ? "+" : "")" }
        }))
    known[run] = self
  }
}

extension Selection {
  /// Whether a cell's labels meet all terms.
  fileprivate func holds(at labels: [(key: String, label: String)]) -> Bool {
    terms.allSatisfy { term in
      let label = labels.first { $0.key == term.key.name }?.label ?? ""
      return term.holds(label.isEmpty ? [] : [term.key.value(ofLabel: label)])
    }
  }
}

extension SelectionKey {
  /// A label as the value it was made of.
  fileprivate func value(ofLabel label: String) -> Value {
    if isOrdered, let number = realNumber(label) { return .real(number) }
    return types.contains(.boolean) && ["true", "false"].contains(label)
      ? .boolean(label == "true") : .text(label)
  }
}

/// Why there is no cell to trace.
package enum TraceError: Error, CustomStringConvertible, Equatable {
  case noAxis(String, table: String, axes: [String])
  case noCell(String, table: String)

  package var description: String {
    switch self {
    case .noAxis(let key, let table, let axes):
      "--trace names cells by their rows and columns, and \(key) is none of table \(table)"
        + (nearest(key, among: axes).map { "; did you mean \($0)?" }
          ?? "; these are \(axes.joined(separator: ", ")). Runs are selected by --where.")
    case .noCell(let place, let table):
      "no cell of table \(table) \(place.isEmpty ? "is planned" : "is at \(place)"); `mneme table` without --trace prints "
        + "the values there are."
    }
  }
}
