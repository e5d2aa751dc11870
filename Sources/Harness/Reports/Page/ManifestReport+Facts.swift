import Archive
import Records
import Tables

/// What the numbers were made of: settings, runs, machines.
extension ManifestReport {
  var settingsSection: HTMLPage.Section {
    var content: [Markup] = []
    let order = manifest.order
    let varying = manifest.differingKeys.filter { order[$0] != nil }
    if !varying.isEmpty {
      content.append(
        PageTable(
          "What differs between runs", names: ["key"], heads: ["values"],
          rows: varying.map { key in
            // A key that only some runs have belongs to their kind of model or task.
            let everywhere = manifest.runs.allSatisfy { $0.settings[key] != nil || $0.derived[key] != nil }
            let values = (order[key] ?? []).map(\.description).joined(separator: ", ")
            return PageTable.Row([key], [.words(everywhere ? values : "\(values) (of some runs)")])
          }
        ).markup)
    }
    var shared = manifest.runs.first?.settings ?? Settings()
    for key in manifest.differingKeys { shared[key] = nil }
    content.append(
      PageTable(
        "What all runs share", names: ["key"], heads: ["value"],
        rows: shared.keys.map { PageTable.Row([$0], [.words(shared[$0]?.description ?? "")]) }
      ).markup)
    return HTMLPage.Section("settings", "Settings", content)
  }

  var runSection: HTMLPage.Section { HTMLPage.Section("runs", "Runs", [runs.table.markup]) }

  var provenanceSection: HTMLPage.Section {
    var facts: [(String, Markup)] = [
      ("manifest", code(manifest.hash.hex)), ("name", Markup(manifest.name)),
      ("tier", Markup(manifest.tier.rawValue)), ("order of arithmetic", Markup(values(of: "numerics"))),
      (
        "meanings",
        Markup(
          ["model", "task", "training"].map { "\($0) \(values(of: "semantics.\($0)"))" }.joined(
            separator: ", "))
      ), ("seeds", Markup(values(of: "seed"))), ("seed of the data", Markup(values(of: "task.data_seed"))),
      ("store", code(place)),
    ]
    for (path, digest) in references {
      facts.append(("published numbers", Markup([Markup("\(path), SHA-256 "), code(digest.short)])))
    }
    if let first = places.first, let last = places.last {
      facts.append(("computed", Markup("\(period(first, last)) UTC")))
    }
    let list = facts.flatMap { name, value in
      [Markup.element("dt", [:], Markup(name)), .element("dd", [:], value)]
    }
    var content: [Markup] = [.element("dl", [:], list)]
    if let table = places.table {
      content.append(table.markup)
    } else {
      content.append(.paragraph("Nothing was computed yet."))
    }
    return HTMLPage.Section("provenance", "Provenance", content)
  }

  private func code(_ text: String) -> Markup { .element("code", [:], Markup(text)) }

  /// What runs have under a key, in the order of the manifest.
  private func values(of key: String) -> String {
    var seen: Set<Value> = []
    let values = manifest.runs.compactMap { $0.settings[key] }.filter { seen.insert($0).inserted }.map(
      \.description)
    return values.isEmpty ? "none" : values.joined(separator: ", ")
  }

  /// The files of published numbers that tables and figures name, each once.
  private var references: [(path: String, digest: Digest)] {
    let named =
      manifest.tables.map { ($0.specification.reference, $0.reference) }
      + manifest.figures.map { ($0.specification.reference, $0.reference) }
    var seen: Set<String> = []
    return named.compactMap { path, bytes in
      guard let path, let bytes, seen.insert(path).inserted else { return nil }
      return (path, Digest.sha256(bytes))
    }
  }
}
