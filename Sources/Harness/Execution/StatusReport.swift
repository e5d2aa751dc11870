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
    package fileprivate(set) var detail: String
    package let step: Int?
    package let steps: Int?
    package let loss: Double?
    /// The job of a cluster that computes it, or will.
    package fileprivate(set) var job: EngineJob? = nil
  }

  package private(set) var lines: [Line]
  /// What to type about corrupt runs.
  private let mending: String

  private static let order = ["done", "running", "interrupted", "pending", "failed", "corrupt"]

  /// These runs of `store`, in the order given; a nil store holds nothing yet.
  package init(_ runs: [(run: Digest, label: String)], in store: Store?) {
    self.init(runs.map { Standing.Subject(run: $0.run, label: $0.label) }, in: store)
  }

  /// The runs of a whole store that meet a selection.
  package init(of store: Store?, where selection: Selection) throws {
    let runs =
      try store.map { store in
        try selection.isEverything ? store.runs() : ChosenRuns(selection, in: store).runs.map(\.run)
      } ?? []
    let names = try store.map { try StoredRuns($0) }
    self.init(
      runs.map { run in
        (run, names?.name(of: run, settings: try? store?.run(run).settings()).text ?? "")
      }, in: store)
  }

  /// The runs of a manifest, in its order.
  package init(_ manifest: Manifest, in store: Store?) {
    self.init(Standing.Subject.all(of: manifest), in: store)
  }

  private init(_ subjects: [Standing.Subject], in store: Store?) {
    guard let store else {
      self.init(subjects.map { Standing($0, .pending) }, in: "")
      return
    }
    var reading = StoreReading(store, limit: StoreReading.position)
    self.init(reading.look(at: subjects), in: store.root)
  }

  /// - Parameter store: its folder, as it was given.
  init(_ standings: [Standing], in store: String) {
    lines = standings.map(Line.init)
    mending = DamageNotes.next(in: store)
  }

  /// States that some run has, with how many have it.
  package var counts: [(state: String, count: Int)] {
    StatusReport.order.map { state in (state, lines.count { $0.state == state }) }.filter { $0.count > 0 }
  }

  /// The runs that are not done.
  package var open: [Digest] { lines.filter { $0.state != "done" }.map(\.run) }

  /// Adds the jobs of a cluster that compute the runs, or will.
  package mutating func add(_ picture: QueuePicture) {
    for place in lines.indices where lines[place].state != "done" {
      guard let job = picture.job(of: lines[place].run) else { continue }
      lines[place].job = job
      let detail = lines[place].detail
      lines[place].detail = detail.isEmpty ? job.sentence : "\(detail), \(job.sentence)"
    }
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
    let (labels, states) = (open.map(\.label.columns).max() ?? 0, open.map(\.state.count).max() ?? 0)
    for line in open {
      let parts = [line.run.short] + (labels > 0 ? [padded(line.label, labels)] : [])
      let row = "  " + (parts + [padded(line.state, states), line.detail]).joined(separator: "  ")
      lines.append(trimmedEnd(row))
    }
    if self.lines.contains(where: { $0.state == "corrupt" }) { lines.append("next: \(mending)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A list of objects, each with its run.
  package var json: String { jsonText(members) }

  /// The same, and last an object of the whole store: its folder, and how much is in it.
  package func json(of store: Store) -> String {
    let sizes = StoreSizes(of: store)
    let whole = StoreJSON(
      store: store.root, files: sizes.allFiles, bytes: sizes.allBytes, sizes: sizes.members)
    return jsonText(members.map(ItemJSON.run) + [.store(whole)])
  }

  private var members: [LineJSON] {
    lines.map {
      LineJSON(
        run: $0.run.hex, label: $0.label, state: $0.state, detail: $0.detail, step: $0.step, steps: $0.steps,
        loss: $0.loss, job: $0.job?.id, jobState: $0.job?.state, jobReason: $0.job?.reason,
        next: $0.state == "corrupt" ? mending : nil)
    }
  }

  private enum ItemJSON: Encodable {
    case run(LineJSON)
    case store(StoreJSON)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .run(let line): try line.encode(to: encoder)
      case .store(let store): try store.encode(to: encoder)
      }
    }
  }

  private struct StoreJSON: Encodable {
    let store: String
    let files: Int
    let bytes: Int
    let sizes: [String: StoreSizes.Member]
  }

  private struct LineJSON: Encodable {
    let run: String
    let label: String
    let state: String
    let detail: String
    let step: Int?
    let steps: Int?
    let loss: Double?
    let job: String?
    let jobState: String?
    let jobReason: String?
    let next: String?

    enum CodingKeys: String, CodingKey {
      case run, label, state, detail, step, steps, loss, job, next
      case jobState = "job_state"
      case jobReason = "job_reason"
    }
  }
}

extension StatusReport.Line {
  /// A standing in words.
  init(_ standing: Standing) {
    let (step, live) = (standing.step, standing.live)
    let detail: String
    switch standing.state {
    case .done, .pending: detail = ""
    case .interrupted: detail = step.map { "goes on from step \($0)" } ?? "begins anew"
    case .corrupt(let sentence): detail = sentence
    case .failed(let failure, let attempts):
      let message = standing.message.map { ": \($0)" } ?? ""
      let next = failure.isAccident ? " (the next `mneme run` tries again)" : ""
      detail = "\(failure.rawValue) ×\(attempts)\(message)\(next)"
    case .running(let owner):
      var parts: [String] = []
      if let live {
        let percent = live.steps > 0 ? ", \(100 * live.step / live.steps) %" : ""
        parts.append("step \(live.step)/\(live.steps)\(percent)")
      }
      if let loss = live?.loss { parts.append("loss \(NumberText.rough(loss))") }
      if let host = owner.host, let pid = owner.pid { parts.append("process \(pid) on \(host)") }
      detail = parts.joined(separator: ", ")
    }
    self.init(
      run: standing.run, label: standing.label, state: standing.state.word, detail: detail, step: step,
      steps: live?.steps, loss: live?.loss)
  }
}

extension Standing.Subject {
  /// The runs of a manifest, named by what sets them apart.
  package static func all(of manifest: Manifest) -> [Standing.Subject] {
    let labels = RunLabels(manifest)
    return manifest.runs.map {
      Standing.Subject(run: $0.run, label: labels.label(of: $0), known: $0.canonicalBytes)
    }
  }
}
