import Archive
import Records
import Tables

/// Where the runs of a manifest were computed, when, and by which program: their attempts, put together where they were
/// made alike.
struct ComputingPlaces: Sendable {
  /// What attempts that were made alike have in common.
  private struct Place: Hashable, Sendable {
    let machine: String
    /// `AMD EPYC, Linux 6.18, avx512, 1 thread`
    let system: String
    /// `code 8741f2f5ebed, Swift 6.3, HDF5 1.10.8`
    let program: String

    init(_ start: AttemptStart) {
      machine = start.host
      system =
        ([start.cpu, start.kernel, start.instructions].compactMap(\.self) + [counted(start.threads, "thread")])
        .joined(separator: ", ")
      program =
        [
          start.code.map { "code \($0.prefix(12))" },
          start.gitCommit.map { "commit \($0.prefix(12))\(start.gitDirty ?? false ? " with changes" : "")" },
          start.toolchain, "HDF5 \(start.hdf5)",
        ].compactMap(\.self).joined(separator: ", ")
    }

    var values: [String] { [machine, system, program] }
  }

  private struct Count: Sendable {
    var attempts = 0
    var runs: Set<Digest> = []
    var first: String
    var last: String
  }

  /// By the time of the first attempt.
  private let places: [(place: Place, count: Count)]
  /// When the first attempt began and the last one ended, in UTC; nil where nothing tells.
  let first: String?
  let last: String?
  /// What attempts took that gave no result, and other things that have no place above.
  private let notes: [String]

  /// Reads the records of every attempt; a nil store has none.
  init(of runs: [Digest], in store: Store?) throws(ArchiveError) {
    var found: [Place: Count] = [:]
    var (without, open, failed) = (0, 0, 0)
    for run in runs {
      guard let store else { break }
      for attempt in try store.run(run).attempts() {
        guard let start = attempt.start else {
          without += 1
          continue
        }
        if attempt.end == nil { open += 1 }
        if attempt.end?.outcome == .failed { failed += 1 }
        let place = Place(start)
        let end = attempt.end?.ended ?? start.started
        var count = found[place] ?? Count(first: start.started, last: end)
        count.attempts += 1
        count.runs.insert(run)
        (count.first, count.last) = (min(count.first, start.started), max(count.last, end))
        found[place] = count
      }
    }
    places = found.map { ($0.key, $0.value) }.sorted {
      $0.1.first == $1.1.first
        ? $0.0.values.lexicographicallyPrecedes($1.0.values) : $0.1.first < $1.1.first
    }
    first = places.map(\.count.first).min()
    last = places.map(\.count.last).max()
    notes = [
      failed > 0 ? "\(counted(failed, "attempt")) failed." : nil,
      open > 0
        ? "\(counted(open, "attempt")) \(open == 1 ? "has" : "have") no end on record: still going on, or killed."
        : nil,
      without > 0
        ? "\(counted(without, "attempt")) \(without == 1 ? "has" : "have") no intact record of where \(without == 1 ? "it was" : "they were") made."
        : nil,
    ].compactMap(\.self)
  }

  /// A line for each place; nil where nothing was begun.
  var table: PageTable? {
    guard !places.isEmpty || !notes.isEmpty else { return nil }
    return PageTable(
      "Attempts at computing runs, those that were made alike in one line", names: ["machine"],
      heads: ["system", "program", "runs", "attempts", "when, UTC"],
      rows: places.map { place, count in
        PageTable.Row(
          [place.machine],
          [
            .words(place.system), .words(place.program), .number("\(count.runs.count)"),
            .number("\(count.attempts)"), .words(period(count.first, count.last)),
          ])
      }, notes: notes)
  }
}

/// `2026-11-21 16:40` of `2026-11-21T16:40:54.384Z`.
func minute(_ time: String) -> String { String(time.prefix(16).map { $0 == "T" ? " " : $0 }) }

/// `2026-11-21 16:40 to 16:58`; of two days with both.
func period(_ first: String, _ last: String) -> String {
  let end = first.prefix(10) == last.prefix(10) ? String(minute(last).dropFirst(11)) : minute(last)
  return "\(minute(first)) to \(end)"
}
