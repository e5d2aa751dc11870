import Records
import Tables

/// A small stand-in for Figure 4: two models, two segment lengths, three numbers of segments, two seeds.
enum SortingFigure {
  static let models = ["transformer-xl", "memoria"]
  static let lengths = [16, 32]
  static let segments = [4, 8, 16]
  static let heading = Heading(title: "sorting", tier: "quick", manifest: SortingAblation.manifest)
  static let order: [String: [Value]] = ["model.kind": models.map { .text($0) }]

  /// What the paper gives for two of the lengths and three models, in percent.
  static let published = """
    model.kind,task.segments,task.length,task.segment_length,test.accuracy,test.accuracy.unit,tier,source
    transformer-xl,4,1000,256,74.66,%,paper,"Memoria, Table 4"
    transformer-xl,8,2000,256,36.24,%,paper,"Memoria, Table 4"
    memoria,4,1000,256,80.42,%,paper,"Memoria, Table 4"
    memoria,4,4000,1024,82.27,%,paper,"Memoria, Table 4"
    infinity-former,4,1000,256,84.49,%,paper,"Memoria, Table 4"

    """

  static func specification(
    pairs: [String: String] = ["16": "256", "32": "1024"], over: [String] = ["seed"],
    x: String = "task.segments",
    lines: [String] = ["model.kind"], panels: String? = "task.segment_length",
    reference: String? = "paper/table4.csv"
  ) throws -> FigureSpecification {
    try FigureSpecification(
      name: "figure4", x: x, y: "test.accuracy", lines: lines, panels: panels, over: over,
      reference: reference,
      publishedAs: PublishedAs(
        pairs.sorted { $0.key < $1.key }.map {
          PublishedAs.Pair(key: "task.segment_length", measured: $0.key, published: $0.value)
        }))
  }

  static func list() throws -> CellList {
    try CellList(csv: Array(published.utf8), file: "paper/table4.csv", metric: "test.accuracy")
  }

  static func observation(
    _ model: Int, _ length: Int, _ segments: Int, seed: Int, finished: Bool = true, tier: String = "quick"
  ) -> Observation {
    var settings = Settings()
    settings["model.kind"] = .text(models[model])
    settings["numerics"] = .text("numerics-0")
    settings["seed"] = .integer(seed)
    settings["task.length"] = .integer(self.segments[segments] * lengths[length] - 9)
    settings["task.segment_length"] = .integer(lengths[length])
    var derived = Settings()
    derived["task.segments"] = .integer(self.segments[segments])
    let run = SortingAblation.digest(0x1000 + model * 512 + length * 64 + segments * 8 + seed)
    let accuracy = 0.75 - 0.125 * Double(segments) + 0.0625 * Double(model) + 0.015625 * Double(seed)
    let record = Record(
      run: run, settings: settings, derived: derived, metrics: ["test.accuracy": accuracy], cost: [:])
    return Observation(
      run: run, settings: settings, derived: derived, tier: tier,
      state: finished ? .finished(record) : .waiting)
  }

  /// All runs but those of Transformer-XL at 8 segments of 16; and one seed alone of Memoria at 16 segments of 32.
  static func observations() -> [Observation] {
    models.indices.flatMap { model in
      lengths.indices.flatMap { length in
        segments.indices.flatMap { segment in
          [2, 1].map { seed in
            let waits =
              (model, length, segment) == (0, 0, 1) || (model, length, segment, seed) == (1, 1, 2, 2)
            return observation(model, length, segment, seed: seed, finished: !waits)
          }
        }
      }
    }
  }

  static let floor = ExtraRow(
    label: "chance floor",
    values: Dictionary(
      uniqueKeysWithValues: lengths.flatMap { length in
        segments.map { ([Value.integer(length), .integer($0)], 0.34) }
      }))

  static func figure(
    _ specification: FigureSpecification? = nil, _ observations: [Observation] = observations(),
    reference: CellList? = nil
  ) throws -> Figure {
    try Figure(
      specification ?? self.specification(), heading: heading, unit: .fraction, observations: observations,
      order: order, reference: reference ?? list(), extraRows: [floor],
      notes: ["Partial: 21 of 24 runs are finished."])
  }
}
