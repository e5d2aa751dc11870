import Foundation
import Records
import Tables
import Testing

/// A small stand-in for Table 6: four memories, four lengths, three seeds.
enum SortingAblation {
  static let memories = ["none", "working", "short-term", "long-term"]
  static let segments = [4, 8, 16, 32]
  static let manifest = digest(0x3F9A)
  static let heading = Heading(title: "sorting-ablation", tier: "quick", manifest: manifest)
  static let order: [String: [Value]] = ["model.memory": memories.map { .text($0) }]

  static func specification(
    columns: [String] = ["task.segments"], over: [String] = ["seed"], show: Show = .meanAndDeviation
  ) throws -> TableSpecification {
    try TableSpecification(
      name: "table6", rows: ["model.memory"], columns: columns, cell: "test.accuracy", over: over, show: show,
      better: .higher, reference: "paper/table6.csv")
  }

  /// Right answers in ten thousand, by memory, then by length, then by seed. Long-term memory is empty in
  /// runs of four segments, so there it equals short-term memory.
  static let right: [[[Int]]] = [
    [[4401, 4388, 4420], [4180, 4205, 4199], [3985, 4010, 3977], [3890, 3850, 3905]],
    [[5120, 5230, 5075], [4630, 4521, 4702], [4140, 4190, 4090], [3960, 3955, 3971]],
    [[5203, 5250, 5190], [5320, 5105, 5244], [5390, 5012, 5277], [4620, 4480, 4710]],
    [[5203, 5250, 5190], [5320, 5105, 5250], [5593, 5400, 5512], [4760, 4760, 4760]],
  ]

  static func digest(_ number: Int) -> Digest {
    let hex = String(number, radix: 16)
    // SHA-256 would do, but a readable id makes golden files easier to check by eye.
    return Digest(hex: hex + String(repeating: "0", count: 64 - hex.utf8.count))!
  }

  static func settings(memory: Int, length: Int, seed: Int) -> (settings: Settings, derived: Settings) {
    var settings = Settings()
    settings["model.kind"] = .text("memoria")
    settings["model.memory"] = .text(memories[memory])
    settings["numerics"] = .text("numerics-0")
    settings["seed"] = .integer(seed)
    settings["task.length"] = .integer(segments[length] * 16 - 9)
    settings["task.segment_length"] = .integer(16)
    var derived = Settings()
    derived["task.segments"] = .integer(segments[length])
    return (settings, derived)
  }

  static func run(memory: Int, length: Int, seed: Int) -> Digest {
    digest(0x100 + memory * 64 + length * 8 + seed)
  }

  static func observation(
    memory: Int, length: Int, seed: Int, state: Observation.State? = nil
  ) -> Observation {
    let (settings, derived) = settings(memory: memory, length: length, seed: seed)
    let run = run(memory: memory, length: length, seed: seed)
    let accuracy = Double(right[memory][length][seed - 1]) / 10_000
    let record = Record(
      run: run, settings: settings, derived: derived, metrics: ["test.accuracy": accuracy, "test.loss": 1.5],
      cost: ["cost.seconds": 12.5])
    return Observation(
      run: run, settings: settings, derived: derived, tier: "quick", state: state ?? .finished(record))
  }

  /// Every run; `state` says how far one has come (nil: finished).
  static func observations(
    _ state: (_ memory: Int, _ length: Int, _ seed: Int) -> Observation.State? = { _, _, _ in nil }
  ) -> [Observation] {
    memories.indices.flatMap { memory in
      segments.indices.flatMap { length in
        [3, 2, 1].map { seed in
          observation(memory: memory, length: length, seed: seed, state: state(memory, length, seed))
        }
      }
    }
  }

  /// The file that ships, read as the harness reads it.
  static func published(_ name: String = "table6.csv") throws -> CellList {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appendingPathComponent("Experiments/paper/\(name)")
    return try CellList(
      csv: Array(try Data(contentsOf: file)), file: "paper/\(name)", metric: "test.accuracy")
  }

  static let oracles: [ExtraRow] = [
    ExtraRow(label: "chance floor", values: values([0.125, 0.125, 0.125, 0.125])),
    ExtraRow(label: "memoryless count oracle", values: values([0.44, 0.427, 0.424, 0.416])),
    ExtraRow(label: "perfect-count oracle", values: values([0.9, 0.932, 0.964, 0.98])),
  ]

  private static func values(_ numbers: [Double]) -> [[Value]: Double] {
    Dictionary(uniqueKeysWithValues: zip(segments.map { [Value.integer($0)] }, numbers))
  }

  static func table(
    _ observations: [Observation] = observations(), show: Show = .meanAndDeviation, reference: Bool = true,
    extraRows: [ExtraRow] = oracles, notes: [String] = []
  ) throws -> Table {
    try Table(
      specification(show: show), heading: heading, unit: .fraction, observations: observations, order: order,
      reference: reference ? published() : nil, extraRows: extraRows, notes: notes)
  }

  /// Half-way: long-term memory has begun, one seed of short-term memory failed.
  static func halfway() throws -> Table {
    try table(
      observations { memory, length, seed in
        switch (memory, length) {
        case (2, 1) where seed == 2: .failed
        case (2, 2): seed == 1 ? .failed : .running
        case (2, 3): .failed
        case (3, 0) where seed == 3: .running
        case (3, 1): seed == 1 ? .running : .waiting
        case (3, 2...): .waiting
        default: nil
        }
      })
  }
}
