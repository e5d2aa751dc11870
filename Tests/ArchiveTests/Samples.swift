import Archive
import Foundation
import Records

/// A folder of a test's own, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "mneme-archive-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(_ name: String) -> String { path + "/" + name }

  var names: [String] { names(in: "") }

  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }
}

/// Small, complete values of everything that is stored.
enum Sample {
  static let settings = Settings([
    "task.kind": .text("sorting"), "task.length": .integer(55), "model.kind": .text("memoria"),
    "model.memory": .text("long-term"), "model.dropout": .real(0.1), "training.rate": .real(2e-3),
    "task.shuffled": .boolean(true), "seed": .integer(1),
  ])
  static let run = Identity.run(settings)

  static let parameters = [
    NamedArray(name: "layers.0.attention.query.weight", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    NamedArray(name: "embedding", shape: [4], values: [0.5, -0.0, .leastNonzeroMagnitude, 3]),
    NamedArray(name: "scale", shape: [], values: [2.5]),
  ]

  static let series = [
    Series(
      name: "train", steps: [0, 10, 20],
      columns: [
        Series.Column(name: "loss", unit: "nat", better: "lower", values: [2.5, 1.25, 0.1]),
        Series.Column(name: "gradient_norm", unit: "1", better: nil, values: [1, .nan, 0.5]),
      ]),
    Series(
      name: "test", steps: [20],
      columns: [Series.Column(name: "accuracy", unit: "1", better: "higher", values: [0.559])]),
  ]

  static let log = MemoryLog(
    split: "test", count: 3,
    columns: [
      MemoryLog.Column(name: "segment", values: .int32([0, 1, 2])),
      MemoryLog.Column(name: "loss_nats", values: .float64([2, 1, 0.5])),
    ],
    lists: [
      MemoryLog.List(name: "rem_ltm", offsets: [0, 2, 2, 5], values: .uint32([4, 7, 4, 8, 9])),
      MemoryLog.List(name: "credit", offsets: [0, 0, 0, 0], values: .float32([])),
    ])

  static func result(accuracy: Double = 0.559) -> RunResult {
    RunResult(
      run: run, settings: settings, derived: Settings(["task.segments": .integer(4)]),
      yaml: "seed: 1  # größer\n",
      metrics: [
        FinalMetric(name: "test.accuracy", value: accuracy, unit: "1", better: "higher", split: "test"),
        FinalMetric(name: "test.loss", value: 0.1, unit: "nat", better: "lower", split: "test"),
      ], series: series,
      items: [ItemOutcomes(split: "test", ids: [0, 1, 2], correct: [3, 8, 0], labels: [8, 8, 300])],
      counters: [Counter(name: "steps", value: 900), Counter(name: "tokens", value: 1 << 60)], memoryLog: log,
      weights: weightsDigest(parameters))
  }

  static func checkpoint(step: UInt64, run: Digest = run) -> Checkpoint {
    Checkpoint(
      run: run, step: step, parameters: parameters, firstMoments: parameters, secondMoments: parameters,
      scalars: [
        Checkpoint.Scalar(name: "beta1_product", value: 0.1), Checkpoint.Scalar(name: "rate", value: 1.0 / 3),
      ],
      series: series)
  }

  static let provenance = Provenance(
    arguments: ["mneme", "worker"], threads: 1, gitCommit: "abc", gitDirty: false)

  /// A store with the sample's run in it.
  static func store(in folder: TemporaryFolder) throws -> (store: Store, run: RunDirectory) {
    let store = try Store(at: folder["store"], creating: true)
    return (store, try store.add(settings))
  }
}

/// The bytes of a file.
func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

/// Writes bytes where nothing is, or in place of what is there.
func put(_ bytes: [UInt8], at path: String) throws {
  try? FileManager.default.removeItem(atPath: path)
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// The claim that a run gives, or nothing.
func claimed(_ run: RunDirectory) throws -> Claim? {
  if case .claimed(let claim) = try run.claim(Sample.provenance) { claim } else { nil }
}

/// What a program of the system prints, and its exit status.
func output(of program: String, _ arguments: [String]) throws -> (text: String, status: Int32) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

/// A file that stands beside the tests.
func beside(_ name: String, _ file: String = #filePath) -> String {
  URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(name).path
}
