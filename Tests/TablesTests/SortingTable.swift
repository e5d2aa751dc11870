import Records
import Tables

/// A small stand-in for Table 4: four models, four numbers of segments, three lengths of segment, made-up numbers.
enum SortingTable {
  static let kinds = ["transformer-xl", "compressive-transformer", "infinity-former", "memoria"]
  static let lengths = [16, 24, 32]
  static let segments = [4, 8, 16, 32]

  /// Right answers in ten thousand, by model, then by segment length, then by number of segments.
  static let right: [[[Int]]] = [
    [[7000, 4600, 4400, 4300], [7100, 4700, 4500, 4500], [7200, 4800, 4600, 4500]],
    [[6400, 5000, 4700, 4400], [6600, 5200, 4800, 4500], [6800, 5400, 4900, 4600]],
    [[7400, 5900, 5000, 4700], [7500, 6000, 5100, 4800], [6900, 6100, 5200, 4900]],
    [[6600, 5900, 5300, 4900], [6700, 6200, 5400, 5000], [7000, 6300, 5500, 4600]],
  ]

  static let pairs = [("16", "256"), ("24", "512"), ("32", "1024")]

  static func specification(
    better: Better? = .higher,
    remarks: RemarkSpecification? = .init(
      along: "task.segments", of: "model.kind", about: "memoria"), isPaired: Bool = true
  ) throws -> TableSpecification {
    try TableSpecification(
      name: "table4", rows: ["model.kind"], columns: ["task.segment_length", "task.segments"],
      cell: "test.accuracy", over: ["seed"], show: .meanAndDeviation, better: better,
      reference: "paper/table4.csv",
      publishedAs: PublishedAs(
        isPaired
          ? pairs.map { .init(key: "task.segment_length", measured: $0.0, published: $0.1) } : []),
      remarks: remarks)
  }

  /// The runs of some seeds; `state` says how far one has come (nil: finished).
  static func observations(
    seeds: [Int] = [1],
    _ state: (_ kind: Int, _ length: Int, _ segments: Int) -> Observation.State? = { _, _, _ in nil }
  ) -> [Observation] {
    var observations: [Observation] = []
    for (kind, name) in kinds.enumerated() {
      for (length, tokens) in lengths.enumerated() {
        for (place, count) in segments.enumerated() {
          for seed in seeds {
            let settings = Settings([
              "model.kind": .text(name), "numerics": .text("numerics-0"), "seed": .integer(seed),
              "task.length": .integer(count * tokens - 9), "task.segment_length": .integer(tokens),
            ])
            let derived = Settings(["task.segments": .integer(count)])
            let run = SortingAblation.digest(0x1000 + kind * 512 + length * 64 + place * 8 + seed)
            let accuracy = Double(right[kind][length][place] + seed - 1) / 10_000
            let record = Record(
              run: run, settings: settings, derived: derived, metrics: ["test.accuracy": accuracy], cost: [:])
            observations.append(
              Observation(
                run: run, settings: settings, derived: derived, tier: "quick",
                state: state(kind, length, place) ?? .finished(record)))
          }
        }
      }
    }
    return observations
  }

  static func table(
    _ observations: [Observation] = observations(), _ specification: TableSpecification? = nil,
    isCompared: Bool = true, floors: [ExtraRow] = []
  ) throws -> Table {
    try Table(
      specification ?? self.specification(),
      heading: Heading(title: "sorting", tier: "quick", manifest: SortingAblation.manifest), unit: .fraction,
      observations: observations, order: ["model.kind": kinds.map { .text($0) }],
      reference: isCompared ? SortingAblation.published("table4.csv") : nil, extraRows: floors, notes: [])
  }
}
