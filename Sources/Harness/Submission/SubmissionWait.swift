package import Archive
import Records

/// Waits until submitted runs are done, or until nothing is on its way any more that could do them: `mneme wait`.
///
/// The store says what is done; the engine is only asked what is still to come, and may be gone for as long as it likes.
package struct SubmissionWait: Sendable {
  package let store: Store
  package let engine: any Engine
  /// Between two looks.
  package let pause: Duration
  private let subjects: [Standing.Subject]

  /// - Parameter subjects: the runs that are waited for.
  package init(_ subjects: [Standing.Subject], in store: Store, engine: any Engine, pause: Duration) {
    (self.subjects, self.store, self.engine, self.pause) = (subjects, store, engine, pause)
  }

  /// What came of it.
  package struct Result: Sendable {
    package let report: StatusReport
    /// Neither done, nor failed, nor on anybody's way.
    package let abandoned: Int
    package let isInterrupted: Bool

    /// 0 all done, 1 a run failed or is damaged, 3 work is left.
    package var status: ExitStatus {
      if isInterrupted || abandoned > 0 { return .stopped }
      return report.status
    }
  }

  /// - Parameter note: hears what happens meanwhile, a sentence each.
  package func wait(
    interruptions: @Sendable () -> Int, note: @Sendable (String) -> Void
  ) async throws -> Result {
    var reading = StoreReading(store, limit: StoreReading.position)
    var said = ""
    var complaint: String?
    var missed = 0
    var asked = Set(subjects.map(\.run))
    var remarks: Set<String> = []
    while true {
      // The list before the store: a job that is gone from the list had published by then what it was to publish.
      var queue: Queue?
      var absence: EngineError?
      do {
        let book = try SubmissionBook(store)
        queue = try await Queue(of: asked, in: book, engine: engine)
        try queue?.writeReceipts(in: store)
        if complaint != nil { note("the engine answers again.") }
        complaint = nil
      } catch let error as EngineError {
        if case .absent = error { absence = error }
        if error.description != complaint { note("\(error) The runs go on all the same; waiting for both.") }
        complaint = error.description
      }
      let standings = reading.look(at: subjects)
      let report = StatusReport(standings, in: store.root)
      let open = standings.filter { ["pending", "interrupted"].contains($0.state.word) || $0.isAccident }
      let isRunning = standings.contains { $0.state.word == "running" }
      let abandoned = open.filter { queue?.job(of: $0.run) == nil }
      let isBusy = isRunning || abandoned.count < open.count
      let now = report.counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
      if now != said { note(now) }
      said = now
      asked = Set(standings.filter { $0.state != .done }.map(\.run))
      for remark in queue?.remarks ?? [] where remarks.insert(remark).inserted { note(remark) }
      if open.isEmpty, !isRunning { return Result(report: report, abandoned: 0, isInterrupted: false) }
      // Nobody here can ever tell whether they are still to come.
      if let absence { throw absence }
      // Twice, for a store on the network may be a moment behind the list.
      missed = queue != nil && !isBusy ? missed + 1 : 0
      if missed >= 2 { return Result(report: report, abandoned: abandoned.count, isInterrupted: false) }
      let end = ContinuousClock().now + pause
      while ContinuousClock().now < end {
        if interruptions() > 0 { return Result(report: report, abandoned: open.count, isInterrupted: true) }
        try await Task.sleep(for: min(pause, .milliseconds(100)))
      }
    }
  }
}

extension Standing {
  /// Whether it failed in a way that its next attempt need not.
  fileprivate var isAccident: Bool {
    if case .failed(let failure, _) = state { failure.isAccident } else { false }
  }
}
