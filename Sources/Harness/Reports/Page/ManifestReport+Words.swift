import Archive
import Records
import Tables

/// What a page says in words: what was run, how far it is, what people wrote, how to do it again.
extension ManifestReport {
  /// Below the title.
  var opening: [Markup] {
    [
      .paragraph(what, class: "lead"),
      .element(
        "p", [:], .element("strong", [:], Markup("Tier \(manifest.tier.rawValue)")), Markup(": \(tierWords)")),
    ]
  }

  /// One sentence of what was run.
  private var what: String {
    func kinds(_ key: String) -> String {
      let values = manifest.order[key] ?? [manifest.runs.first?.settings[key]].compactMap(\.self)
      return listed(values.map(\.description))
    }
    let (models, tasks) = (kinds("model.kind"), kinds("task.kind"))
    let axes = runs.keys.filter { $0 != "model.kind" && $0 != "task.kind" }.map { key in
      let values = (manifest.order[key] ?? []).map(\.description)
      let shown = values.count > 8 ? Array(values.prefix(7)) + ["… \(values.count) values"] : values
      return "\(key) (\(shown.joined(separator: ", ")))"
    }
    let differing = axes.isEmpty ? "" : ", with \(listed(axes))"
    return "\(counted(manifest.runs.count, "run")) of \(models) on \(tasks)\(differing)."
  }

  private var tierWords: String {
    switch manifest.tier {
    case .quick:
      "sizes of minutes, chosen to show the phenomenon. No number here repeats a published one."
    case .reduced: "some sizes are below the published ones. A number here repeats none that was published."
    case .paper: "the published sizes."
    }
  }

  /// How far the runs are, what failed and what is damaged.
  var stateSection: HTMLPage.Section {
    let all = runs.lines.count
    var content: [Markup] = []
    if runs.finished == all, all > 0 {
      content.append(.paragraph(all == 1 ? "Its one run is finished." : "All \(all) runs are finished."))
    } else if runs.lines.allSatisfy({ $0.state == "pending" }) {
      content.append(
        .paragraph("No run was begun yet: there are no numbers, and this is a plan only.", class: "warning"))
    } else {
      content.append(
        .paragraph(
          "Incomplete: \(runs.finished) of \(counted(all, "run")) \(runs.finished == 1 ? "is" : "are") finished "
            + "(\(runs.countsText)). Every number below is of finished runs; what lacks runs says so.",
          class: "warning"))
    }
    let seconds = runs.lines.compactMap { $0.record?.cost[Cost.seconds.key] }
    if !seconds.isEmpty {
      let bound = runs.lines.contains { $0.record?.lowerBounds.contains(Cost.seconds.key) ?? false }
      content.append(
        .paragraph(
          "The finished runs took \(bound ? "at least " : "")\(Cost.seconds.shown(seconds.reduce(0, +))) of computing in all"
            + between))
    }
    let failed = runs.lines.filter { $0.state == "failed" }
    if !failed.isEmpty {
      content.append(.element("h3", [:], Markup("Failed")))
      content.append(.list(failed.map { named($0) + ": \($0.detail)" }))
    }
    var damaged = survey.damage.lines
    if let damage = notebook?.damage { damaged.append("the notes: \(damage)") }
    if !damaged.isEmpty {
      content.append(.element("h3", [:], Markup("Damaged")))
      content.append(.list(damaged))
      if !survey.damage.isEmpty {
        content.append(
          .element("p", [:], Markup("Next: "), .element("code", [:], Markup(survey.damage.next))))
      }
    }
    return HTMLPage.Section("state", "State of the runs", content)
  }

  /// `, from 2026-11-21 16:40 to 16:58 UTC.`
  private var between: String {
    guard let first = places.first, let last = places.last else { return "." }
    return ", from \(period(first, last)) UTC."
  }

  /// What people wrote about the manifest and its runs; nil where nobody did.
  var notesSection: HTMLPage.Section? {
    var entries = [
      (
        name: "manifest \(manifest.hash.short)", tags: notebook?.tags(of: manifest.hash) ?? [],
        notes: notebook?.notes(on: manifest.hash) ?? []
      )
    ]
    entries += runs.lines.map { (named($0), $0.tags, $0.notes) }
    entries = entries.filter { !$0.tags.isEmpty || !$0.notes.isEmpty }
    guard !entries.isEmpty else { return nil }
    let content = entries.flatMap { entry -> [Markup] in
      var parts: [Markup] = [.element("h3", [:], Markup(entry.name))]
      if !entry.tags.isEmpty { parts.append(.paragraph("Tags: \(entry.tags.joined(separator: ", "))")) }
      parts += entry.notes.map { note in
        .element(
          "p", [:], .element("span", ["class": "facts"], Markup("\(minute(note.written)) \(note.author): ")),
          Markup(lines: note.text))
      }
      return parts
    }
    return HTMLPage.Section("notes", "Notes and tags", content)
  }

  /// Below all: how to get it again.
  var closing: [Markup] {
    let store = place == "Results/store" ? [] : ["--store", place]
    let hash = manifest.hash.short
    func command(_ words: String...) -> Markup {
      .element("code", [:], Markup(commandLine(["mneme"] + words + store)))
    }
    return [
      .element(
        "p", [:], command("rerun", "--check", hash),
        Markup(" computes all of it again and compares every bit; "),
        command("report", hash), Markup(" writes this page again. The same store gives the same page."))
    ]
  }

  /// `3f9a2c1b04d1 (model.memory=none seed=1)`
  private func named(_ line: RunLines.Line) -> String {
    "run \(line.run.short)\(line.label.isEmpty ? "" : " (\(line.label))")"
  }
}

/// `a, b and c`
private func listed(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}
