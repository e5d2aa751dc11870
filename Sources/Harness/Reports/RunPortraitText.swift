import Archive
import Models
import Records
import Tasks

extension RunPortrait {
  /// The run for people, in lines of at most `width` characters where words are concerned: what it is, how far it has
  /// come, how much of what it is made of, then every setting and number as it is kept.
  package func text(width: Int) -> String {
    var text = "run \(run.hex)\n"
    if !name.text.isEmpty { text += "\(name.text)\n" }
    text += "state: \(stateText)\n"
    let remarks = remarkText(tags: tags, notes: notes, width: width)
    if !remarks.isEmpty { text += "notes:\n\(remarks)" }
    if let trouble { text += "This program cannot run it: \(trouble)\n" }
    if let specification { text += "\n" + wrapped(words(specification, Workload(specification)), width) }
    for section in sections where !section.facts.isEmpty { text += section.text(width: width) }
    text += self.section("settings", specification?.yaml ?? lines(settings))
    text += self.section("derived", lines(derived))
    if let result {
      text += self.section("metrics", inColumns(result.metrics.map { [$0.name, "\($0.value)", $0.unit] }))
      text += self.section("counters", inColumns(result.counters.map { [$0.name, "\($0.value)"] }))
      text += self.section(
        "hashes", inColumns([["result", result.digest.hex], ["weights", result.weights.hex]]))
    }
    text += self.section("attempts", inColumns(attempts.map(RunPortrait.row)))
    return text + self.section("files in \(path)", inColumns(files.map { [$0.path, "\($0.bytes) bytes"] }))
  }

  private func wrapped(_ text: String, _ width: Int) -> String {
    text.wrapped(width: max(20, width)).map { "\($0)\n" }.joined()
  }

  /// All sides of the run that something is known about.
  private var sections: [FactSection] {
    var sections: [FactSection] = []
    if let specification {
      let work = Workload(specification)
      sections += ModelPortrait(specification, work).sections
      sections += WorkPortrait(run: specification, work: work).sections
    }
    if let result { sections.append(ResultPortrait(result: result, baselines: baselines).section) }
    return sections + [
      CostPortrait(attempts: attempts, cost: cost, lowerBounds: lowerBounds).section,
      FilesPortrait(portrait: self).section,
      NextSteps(run: run, name: name, state: progress.state, mending: damage.next).section,
    ]
  }

  private var stateText: String {
    let at = progress.step.map { " at step \($0)" } ?? ""
    switch progress.state {
    case .failed(let failure, let attempts):
      return "failed (\(failure.rawValue)), \(counted(attempts, "attempt"))\(at)"
    case .corrupt(let sentence): return "corrupt: \(sentence)"
    case let state: return state.word + at
    }
  }

  /// Three lines that say what the run is.
  private func words(_ run: Specification, _ work: Workload) -> String {
    func values(_ group: String, _ keys: [String]) -> String {
      let known = keys.compactMap { key in
        run.settings["\(group).\(key)"].map { "\(key) \($0)" }
      }
      return known.joined(separator: ", ")
    }
    // What distinguishes a task is its own affair: its plain settings, without what is said below.
    let said = ["kind", "segment_length", "examples", "validation_examples", "test_examples", "data_seed"]
    let task = run.settings.group("task").keys.filter { !said.contains($0) }
    let (training, examples) = (run.training, WorkPortrait.examples(of: run, .train))
    let sizes = values("model", ["memory", "layers", "heads", "width", "inner_width"])
    return """
      \(run.model.name) (\(sizes): \(work.parameters) parameters)
      learns \(run.task.name) (\(values("task", task)): \(work.positions) tokens in \
      \(counted(work.segments, "segment")) of \(work.segmentLength))
      in \(counted(work.steps, "step")) of \(work.batch) examples (\(counted(training.epochs, "epoch")) of \
      \(examples) examples), the rate rising to \(training.rate) over \
      \(counted(work.warmUpSteps, "step")).
      """
  }

  private static func row(_ attempt: Attempt) -> [String] {
    let outcome =
      attempt.hasLostEnd
      ? "end damaged"
      : attempt.end.map { "\($0.outcome.rawValue)\($0.failure.map { " (\($0.rawValue))" } ?? "")" }
    return [
      "\(attempt.number)", outcome ?? "no end", attempt.start?.started ?? "", attempt.start?.host ?? "",
      attempt.end.map { NumberText.seconds($0.seconds) } ?? "",
      attempt.end?.peakBytes.map { "\(NumberText.rough(Double($0) * 1e-6)) MB" } ?? "",
      attempt.end?.message ?? "",
    ]
  }

  private func lines(_ settings: Settings) -> String {
    settings.keys.map { "\($0): \(settings[$0]?.description ?? "")\n" }.joined()
  }

  private func section(_ title: String, _ body: String) -> String {
    guard !body.isEmpty else { return "" }
    let indented = body.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? "" : "  \($0)"
    }
    return "\n\(title):\n" + indented.joined(separator: "\n")
  }

  /// The same for programs.
  package var json: String {
    let work = specification.map(Workload.init)
    return jsonText(
      PortraitJSON(
        run: run.hex, name: name.text, manifests: name.manifests.map(\.hex), state: progress.state.word,
        step: progress.step, settings: settings.encodable, derived: derived.encodable,
        parameters: work?.parameters, steps: work?.steps,
        metrics: (result?.metrics ?? []).map {
          .init(
            name: $0.name, value: EncodableValue(value: .real($0.value)), unit: $0.unit, better: $0.better,
            split: $0.split)
        },
        counters: (result?.counters ?? []).reduce(into: [:]) { $0[$1.name] = $1.value },
        result: result?.digest.hex,
        weights: result?.weights.hex, cost: cost.encodable(lowerBounds: lowerBounds),
        attempts: attempts.map { .init(number: $0.number, start: $0.start, end: $0.end) }, files: files,
        damaged: damaged, tags: tags, notes: notes.map(NoteJSON.init),
        facts: Dictionary(uniqueKeysWithValues: sections.map { ($0.title, $0.value) })))
  }
}

private struct PortraitJSON: Encodable {
  struct Metric: Encodable {
    let name: String
    let value: EncodableValue
    let unit: String
    let better: String?
    let split: String
  }

  struct Trial: Encodable {
    let number: Int
    let start: AttemptStart?
    let end: AttemptEnd?
  }

  let run: String
  let name: String
  let manifests: [String]
  let state: String
  let step: UInt64?
  let settings: [String: EncodableValue]
  let derived: [String: EncodableValue]
  let parameters: Int?
  let steps: Int?
  let metrics: [Metric]
  let counters: [String: UInt64]
  let result: String?
  let weights: String?
  let cost: [String: EncodableValue]
  let attempts: [Trial]
  let files: [RunPortrait.File]
  let damaged: [String]
  let tags: [String]
  let notes: [NoteJSON]
  /// What `text` tells, section by section.
  let facts: [String: FactValue]
}
