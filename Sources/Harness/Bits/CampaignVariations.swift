import Archive
import Foundation
import Glibc
import Records
import Tensors

/// Whole campaigns of worker processes, in stores of their own: jobs, threads, kernels and the order of runs.
extension BitsSelftest {
  /// A way to carry out a campaign.
  fileprivate struct Way {
    var jobs = 1
    var threads = 1
    var instructions: InstructionSet
    /// Which run comes first; the others follow as they are.
    var first = 0
    var isReversed = false

    var words: String {
      "published with \(counted(jobs, "job")) of \(counted(threads, "thread")), \(instructions) kernels"
        + (isReversed ? ", runs in reverse" : first > 0 ? ", run \(first + 1) first" : "")
    }

    func ordered<Run>(_ runs: [Run]) -> [Run] {
      let turned = Array(runs[first...] + runs[..<first])
      return isReversed ? turned.reversed() : turned
    }
  }

  private var ways: [Way] {
    let best = InstructionSet.best
    let other = InstructionSet.available.dropFirst().first ?? .portable
    switch sizes {
    case .usual:
      return [
        Way(jobs: 2, threads: 1, instructions: best, isReversed: true),
        Way(jobs: 5, threads: 2, instructions: other, first: 2),
        Way(jobs: 3, threads: 7, instructions: best, first: 4, isReversed: true),
      ]
    case .quick: return [Way(jobs: 3, threads: 2, instructions: other, first: 2, isReversed: true)]
    }
  }

  func campaigns(_ table: Table) async throws -> [BitsTable.Row] {
    let isOwn = program == LocalExecutor.ownProgram
    let plain = try Bench(program, code)
    try await plain.campaign(table, Way(instructions: .best))
    var rows = [
      try await table.row("published by \(isOwn ? "a process of its own" : program)") { subject in
        let run = plain.store.run(subject.specification.run)
        let weights = (published: subject.baseline.weights, again: try run.weights())
        return BitsCell(
          firstDifference(subject.baseline.result, try run.result(), weights: weights).map(
            BitsDifference.init))
      }
    ]
    for way in ways {
      table.progress("\(counted(table.subjects.count, "run")) to be \(way.words)")
      let bench = try Bench(program, code)
      try await bench.campaign(table, way)
      rows.append(
        try await table.row(way.words) { subject in
          try publishedDifference(
            plain.store.run(subject.specification.run), bench.store.run(subject.specification.run))
        })
    }
    return rows
  }
}

/// Compares the published files of two stores: numbers first, which can be named, then every byte.
func publishedDifference(_ expected: RunDirectory, _ found: RunDirectory) throws -> BitsCell {
  let weights = (published: try expected.weights(), again: try found.weights())
  if let difference = firstDifference(try expected.result(), try found.result(), weights: weights) {
    return .different(BitsDifference(difference))
  }
  func bytes(_ path: String) throws -> NumberBytes {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return NumberBytes(URL(fileURLWithPath: path).lastPathComponent, Array(data))
  }
  for path in [\RunDirectory.resultPath, \.weightsPath] {
    let pair = (try bytes(expected[keyPath: path]), try bytes(found[keyPath: path]))
    if let difference = pair.0.difference(in: pair.1) { return .different(difference) }
  }
  return .same
}

/// A store in a folder for temporary files, gone when nobody needs it.
final class TemporaryStore: Sendable {
  let store: Store

  init() throws {
    let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    store = try Store(at: "\(folder)/mneme-selftest-\(UUID().uuidString)", creating: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: store.root) }
}

extension BitsSelftest {
  /// A store, and the program that works in it.
  private struct Bench {
    private let place: TemporaryStore
    private let program: String
    private let code: Digest?
    var store: Store { place.store }

    init(_ program: String, _ code: Digest?) throws {
      place = try TemporaryStore()
      (self.program, self.code) = (program, code)
    }

    /// What `mneme run` does, with worker processes.
    fileprivate func campaign(_ table: Table, _ way: Way) async throws {
      var resources = Resources()
      // What fails here is to be told, not tried again until it passes.
      resources.retries = 0
      let manifest = Manifest(
        name: "selftest", tier: .quick, runs: way.ordered(table.subjects.map(\.specification)), tables: [],
        figures: [], resources: resources)
      var options = RunOptions()
      (options.jobs, options.threads, options.instructions) = (way.jobs, way.threads, way.instructions)
      let (program, code) = (program, code)
      let surroundings = Surroundings(
        output: { _ in }, errors: { _ in }, surface: .quiet,
        interruptions: { table.isToLeave() ? 1 : 0 },
        executor: { store, manifest in
          LocalExecutor(program: program, store: store, manifest: manifest, code: code, parent: getpid())
        })
      _ = try await Campaign(manifest, in: store, options: options).run(surroundings)
      if table.isToLeave() { throw BitsError.interrupted }
    }
  }
}
