import Archive
import Foundation
package import Records

/// Looks at a manifest, a run or a whole store, period after period: what `mneme watch` does between its drawings.
package struct Watching: Sendable {
  /// What is watched.
  package enum Aim: Sendable {
    case manifest(Manifest)
    case run(Digest)
    /// Everything that is stored, and what comes to it meanwhile.
    case store
  }

  /// What one look found.
  package struct Look: Sendable {
    package let time: String
    package let view: WatchView
    package let standings: [Standing]
  }

  private let aim: Aim
  private let path: String
  private var subjects: [Standing.Subject] = []
  private var names: [Digest: String] = [:]
  private var manifests: [StoredObject] = []
  private var reading: StoreReading?
  private var numbers: [Digest: (identity: Double, metrics: [(name: String, value: Double)])] = [:]
  private var history = RunHistory()
  private var estimate = Estimate()
  private var measured: Set<Digest> = []

  /// - Parameter path: of the store, which need not be there yet.
  package init(_ aim: Aim, in path: String) {
    (self.aim, self.path) = (aim, path)
    if case .manifest(let manifest) = aim { subjects = Standing.Subject.all(of: manifest) }
  }

  /// Looks once.
  ///
  /// - Throws: what is no store, or one of another version.
  package mutating func look() throws -> Look {
    let store: Store?
    do throws(ArchiveError) { store = try Store(at: path, creating: false) } catch {
      guard case .absent = error else { throw error }
      store = nil
    }
    try list(store)
    var standings = subjects.map { Standing($0, .pending) }
    if let store {
      if reading == nil { reading = StoreReading(store, limit: StoreReading.drawing) }
      let subjects = subjects
      standings = reading?.look(at: subjects) ?? standings
    }
    return Look(time: Machine.now, view: view(of: standings, in: store), standings: standings)
  }

  /// Names the runs that there are; those of a manifest are known from the start.
  private mutating func list(_ store: Store?) throws {
    switch aim {
    case .manifest: return
    case .run(let run):
      subjects = [Standing.Subject(run: run, label: try name(of: [run], in: store)[run] ?? "")]
    case .store:
      let runs = try store?.runs() ?? []
      let names = try name(of: runs, in: store)
      subjects = runs.map { Standing.Subject(run: $0, label: names[$0] ?? "") }
    }
  }

  /// What people call these runs. Read again when there is another manifest, or a run that is new: one that is added
  /// before its manifest gets another name with it.
  private mutating func name(of runs: [Digest], in store: Store?) throws -> [Digest: String] {
    guard let store else { return [:] }
    let (known, manifests) = (names, try store.objects().filter { $0.kind == "manifest" })
    guard manifests != self.manifests || runs.contains(where: { known[$0] == nil }) else { return names }
    let stored = try StoredRuns(store)
    names = [:]
    for run in runs { names[run] = stored.name(of: run, settings: try? store.run(run).settings()).text }
    self.manifests = manifests
    return names
  }

  private mutating func view(of standings: [Standing], in store: Store?) -> WatchView {
    if case .run(let run) = aim, let standing = standings.first {
      let curves = store.map { history.curves(of: $0.run(run), live: standing.curve) } ?? []
      return .run(RunView(standing, curves: curves))
    }
    return .runs(
      StoreView(
        title: title, standings: standings, finished: finished(standings, in: store),
        remaining: remaining(standings, in: store)))
  }

  private var title: String {
    switch aim {
    case .manifest(let manifest):
      "\(manifest.name) (tier \(manifest.tier.rawValue)), manifest \(manifest.hash.short)"
    case .run(let run): "run \(run.short)"
    case .store: "store \(path)"
    }
  }

  /// The three that were published last, with their numbers: read once, from verified bytes.
  private mutating func finished(_ standings: [Standing], in store: Store?) -> [StoreView.Finished] {
    guard let store else { return [] }
    let now = Date().timeIntervalSince1970
    let newest = standings.compactMap { one in one.published.map { (standing: one, published: $0) } }
      .sorted { ($0.published, $1.standing.run) > ($1.published, $0.standing.run) }.prefix(3)
    let last = numbers
    numbers = [:]
    var finished: [StoreView.Finished] = []
    for (standing, published) in newest {
      let run = standing.run
      if let known = last[run], known.identity == published {
        numbers[run] = known
      } else if let final = try? store.run(run).final() {
        numbers[run] = (published, final.metrics.map { ($0.name, $0.value) })
      }
      finished.append(
        StoreView.Finished(
          run: run, label: standing.label, ago: max(0, now - published), metrics: numbers[run]?.metrics ?? [])
      )
    }
    return finished
  }

  /// What is left, by what alike runs took, shared among as many as go on now; nil where some of it was not measured.
  private mutating func remaining(_ standings: [Standing], in store: Store?) -> Double? {
    // Where nothing goes on there is no telling, and nothing to look up.
    guard case .manifest(let manifest) = aim, let store,
      standings.contains(where: { if case .running = $0.state { true } else { false } })
    else { return nil }
    var (total, going) = (0.0, 0)
    var news: [Specification] = []
    for (run, standing) in zip(manifest.runs, standings)
    where standing.state == .done && measured.insert(run.run).inserted {
      news.append(run)
    }
    let taken = inParallel(news) { run in
      guard let attempts = try? store.run(run.run).attempts(), !attempts.contains(where: \.hasLostEnd) else {
        return 0.0
      }
      return attempts.reduce(0) { $0 + ($1.end?.seconds ?? 0) }
    }
    for (run, seconds) in zip(news, taken) where seconds > 0 { estimate.measured(run, seconds: seconds) }
    for (run, standing) in zip(manifest.runs, standings) {
      switch standing.state {
      case .done, .corrupt, .failed: continue
      case .running:
        guard let seconds = standing.live?.remaining ?? estimate.seconds(of: run) else { return nil }
        (total, going) = (total + seconds, going + 1)
      case .pending, .interrupted:
        guard let seconds = estimate.seconds(of: run) else { return nil }
        total += seconds
      }
    }
    return going > 0 ? total / Double(going) : nil
  }
}

extension Watching.Aim {
  /// Whether runs may come to it while it is watched.
  package var mayGrow: Bool { if case .store = self { true } else { false } }
}

/// What is drawn: many runs, or one.
package enum WatchView: Sendable {
  case runs(StoreView)
  case run(RunView)

  /// No line wider than `width`, no more of them than `height`.
  package func lines(width: Int, height: Int, glyphs: Glyphs) -> [String] {
    switch self {
    case .runs(let view): view.lines(width: width, height: height, glyphs: glyphs)
    case .run(let view): view.lines(width: width, height: height, glyphs: glyphs)
    }
  }
}
