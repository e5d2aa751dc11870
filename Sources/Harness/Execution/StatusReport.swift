package import Archive
package import Records

/// How far the runs of a manifest, or of a whole store, have come: what `mneme status` shows. Takes no
/// lock, and may be asked at any time.
package struct StatusReport: Sendable {
  /// One run.
  package struct Line: Sendable {
    package let run: Digest
    package let label: String
    /// `done`, `running`, `failed`, `interrupted`, `pending`, `corrupt`.
    package let state: String
    /// What there is to say about the state.
    package let detail: String
    package let step: Int?
    package let steps: Int?
    package let loss: Double?
  }

  package let lines: [Line]

  private static let order = ["done", "running", "interrupted", "pending", "failed", "corrupt"]

  /// The runs of `store`, in the order given; a nil store holds nothing yet.
  package init(_ runs: [(run: Digest, label: String)], in store: Store?) throws {
    lines = try runs.map { run in
      try Line(
        run.run, label: run.label, progress: store?.progress(of: run.run) ?? RunProgress(.pending), in: store)
    }
  }

  /// The runs of a whole store that meet a selection.
  package init(of store: Store?, where selection: Selection) throws {
    let runs =
      try store.map { store in
        try selection.isEverything ? store.runs() : ChosenRuns(selection, in: store).runs.map(\.run)
      } ?? []
    try self.init(runs.map { ($0, "") }, in: store)
  }

  /// States that some run has, with how many have it.
  package var counts: [(state: String, count: Int)] {
    StatusReport.order.map { state in (state, lines.count { $0.state == state }) }.filter { $0.count > 0 }
  }

  /// 1 if a run failed or something is damaged.
  package var status: ExitStatus {
    lines.contains { $0.state == "failed" || $0.state == "corrupt" } ? .finding : .done
  }

  /// Counts, then a line for every run that is not done.
  package var text: String {
    let counts = counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
    var lines = ["\(counted(self.lines.count, "run")): \(counts.isEmpty ? "none stored" : counts)"]
    let open = self.lines.filter { $0.state != "done" }
    let (labels, states) = (open.map(\.label.count).max() ?? 0, open.map(\.state.count).max() ?? 0)
    for line in open {
      let parts = [line.run.short] + (labels > 0 ? [padded(line.label, labels)] : [])
      let row = "  " + (parts + [padded(line.state, states), line.detail]).joined(separator: "  ")
      lines.append(String(row.reversed().drop { $0 == " " }.reversed()))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A list of objects, each with its run.
  package var json: String {
    jsonText(
      lines.map {
        LineJSON(
          run: $0.run.hex, label: $0.label, state: $0.state, detail: $0.detail, step: $0.step,
          steps: $0.steps,
          loss: $0.loss)
      })
  }

  private struct LineJSON: Encodable {
    let run: String
    let label: String
    let state: String
    let detail: String
    let step: Int?
    let steps: Int?
    let loss: Double?
  }
}

extension StatusReport.Line {
  fileprivate init(_ run: Digest, label: String, progress: RunProgress, in store: Store?) throws {
    var (step, steps, loss): (Int?, Int?, Double?) = (progress.step.map { Int($0) }, nil, nil)
    let (state, detail): (String, String)
    switch progress.state {
    case .done: (state, detail) = ("done", "")
    case .pending: (state, detail) = ("pending", "")
    case .interrupted:
      (state, detail) = ("interrupted", step.map { "goes on from step \($0)" } ?? "begins anew")
    case .corrupt(let sentence): (state, detail) = ("corrupt", sentence)
    case .failed(let failure, let attempts):
      let message = try store?.run(run).attempts().last?.end?.message.map { ": \($0)" } ?? ""
      let next = failure.isAccident ? " (the next `mneme run` tries again)" : ""
      (state, detail) = ("failed", "\(failure.rawValue) ×\(attempts)\(message)\(next)")
    case .running(let owner):
      let record = try store?.run(run).live().records.last { $0.event == "step" }
      func number(_ key: String) -> Int? {
        if case .integer(let number) = record?.facts[key] { number } else { nil }
      }
      (step, steps) = (number("step") ?? step, number("steps"))
      if case .real(let value) = record?.facts["loss"] { loss = value }
      var parts: [String] = []
      if let step, let steps {
        parts.append("step \(step)/\(steps)\(steps > 0 ? ", \(100 * step / steps) %" : "")")
      }
      if let loss { parts.append("loss \(NumberText.rough(loss))") }
      if let host = owner.host, let pid = owner.pid { parts.append("process \(pid) on \(host)") }
      (state, detail) = ("running", parts.joined(separator: ", "))
    }
    self.init(run: run, label: label, state: state, detail: detail, step: step, steps: steps, loss: loss)
  }
}
