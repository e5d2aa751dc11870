import Archive
import Foundation
import Records

/// What this program takes to start, to plan a large manifest, and to print its table, its status and its runs: in processes of their own, on a
/// store that is made for it and thrown away.
package struct StartupBenchmark: Sendable {
  private let runs: Int
  private var rows: [BenchmarkTable.Row] = []

  /// - Parameter runs: of the manifest, all of them finished; rounded up to whole cells of its table.
  /// - Parameter program: the executable that is timed.
  /// - Parameter note: hears what is being done.
  package init(runs: Int, times: Int, program: String, note: (String) -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-startup-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/Experiments/startup.yaml"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/Experiments", withIntermediateDirectories: true)
    // Twenty cells.
    let seeds = max(1, (runs + 19) / 20)
    try Data(StartupBenchmark.manifest(seeds: seeds).utf8).write(to: URL(fileURLWithPath: path))
    let manifest = try Manifest(reading: path)
    self.runs = manifest.runs.count
    note("making a store of \(counted(manifest.runs.count, "finished run"))")
    try StartupBenchmark.finish(manifest, in: "\(folder)/store")
    let commands = [
      ("start", ["--help"]), ("plan, nothing done", ["plan", path, "--store", "\(folder)/absent"]),
      ("plan, all done", ["plan", path, "--store", "\(folder)/store"]),
      ("table, no index", ["table", path, "--store", "\(folder)/store"]),
      ("table, all done", ["table", path, "--store", "\(folder)/store"]),
      ("status, all done", ["status", path, "--store", "\(folder)/store"]),
      ("status, whole store", ["status", "--store", "\(folder)/store"]),
      ("ls, all done", ["ls", "--store", "\(folder)/store"]),
      ("watch, one look", ["watch", path, "--once", "--store", "\(folder)/store"]),
    ]
    var seconds = commands.map { _ in [Double]() }
    for time in 0..<times {
      note("round \(time + 1) of \(times)")
      // So that the first table of a round reads every result as HDF5.
      try? FileManager.default.removeItem(atPath: "\(folder)/store/index")
      for (index, (_, arguments)) in commands.enumerated() {
        let start = ContinuousClock.now
        _ = try await MeasuringProcess(program: program, arguments).output()
        seconds[index].append(start.duration(to: .now).inSeconds)
      }
    }
    let medians = seconds.map { median($0) }
    let all = medians[0] + medians[2] + medians[4]
    let named =
      zip(commands.map(\.0), medians) + [("start, plan and table", all)]
    rows = named.map { name, seconds in
      BenchmarkTable.Row(
        cells: ["what": .text(name), "seconds": .number(seconds)],
        settings: ["runs": .number(Double(manifest.runs.count))])
    }
  }

  package var table: BenchmarkTable {
    BenchmarkTable(
      name: "startup", conditions: BenchmarkConditions(),
      notes: ["a manifest of \(counted(runs, "run")), whole processes"],
      columns: [
        .init("what", "what", .label),
        .init("seconds", "ms", .less) { NumberText.fixed($0 * 1e3, digits: 1) },
      ], rows: rows)
  }

  /// Four memories, five lengths, so many seeds.
  private static func manifest(seeds: Int) -> String {
    """
    mneme: 1
    name: startup
    tier: quick
    task: {kind: sorting, symbols: 4, segment_length: 8, examples: 16, validation_examples: 8, test_examples: 32,
      data_seed: 1}
    model: {kind: memoria, layers: 1, heads: 2, width: 16, inner_width: 32, positions: 8, dropout: 0.1,
      residual_initialization: plain, abstractor_activation: none,
      memoria: {behaviour: paper, order: text, engrams: 2, short_term_capacity: 4, reminded_short_term: 2,
        reminded_long_term: 2, search_depth: 2, initial_lifespan: 4, lifespan_gain: 4}}
    training: {batch: 8, epochs: 2, rate: 2e-3, warm_up: 0.25, clip: 1.0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8}
    grid:
      model.memory: [none, working, short-term, long-term]
      task.length: [11, 19, 27, 43, 59]
      seed: [\((1...seeds).map(String.init).joined(separator: ", "))]
    tables:
      accuracy: {rows: model.memory, columns: task.length, cell: test.accuracy, over: seed, show: mean±std,
        better: higher}

    """
  }

  /// Publishes every run with invented numbers: nothing is trained.
  private static func finish(_ manifest: Manifest, in path: String) throws {
    let store = try Store(at: path, creating: true)
    // As `run` does first of all.
    try store.put(manifest.canonicalBytes, as: StoredObject(kind: "manifest", id: manifest.hash))
    for (index, run) in manifest.runs.enumerated() {
      let place = try store.add(run.storedSettings)
      guard case .claimed(let claim) = try place.claim(Provenance(arguments: ["mneme", "bench"], threads: 1))
      else { continue }
      try claim.publish(
        RunResult(
          run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml,
          metrics: [
            FinalMetric(
              name: "test.accuracy", value: Double(index % 97) / 97, unit: "1", better: "higher",
              split: "test"),
            FinalMetric(name: "test.loss", value: 1, unit: "nat", better: "lower", split: "test"),
          ], series: [], items: [], counters: [Counter(name: "steps", value: 4)], memoryLog: nil,
          weights: weightsDigest([])), weights: nil)
      try claim.end(.done)
    }
  }
}
