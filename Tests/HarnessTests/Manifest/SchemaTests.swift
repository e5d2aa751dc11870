import Harness
import Models
import Records
import Tasks
import Testing

@Suite struct ConfigurationSchemas {
  enum Colour: String, Codable, CaseIterable { case red, darkBlue = "dark-blue" }

  struct Inner: Codable, Equatable { let deepValue: Double }

  struct Everything: Codable {
    let flag: Bool
    let count: Int
    let small: UInt8
    let seed: UInt64
    let rate: Double
    let narrow: Float
    let word: String
    let colour: Colour
    let sizes: [Int]
    let colours: [Colour]
    let innerPart: Inner
    let beta1: Double
  }

  @Test func `a schema is learnt from the type alone`() {
    #expect(
      Schema(of: Everything.self).types == [
        "flag": .boolean, "count": .integer(Int.min...Int.max), "small": .integer(0...255),
        "seed": .integer(0...Int.max), "rate": .real, "narrow": .real, "word": .text,
        "colour": .choice(["red", "dark-blue"]), "sizes": .list(.integer(Int.min...Int.max)),
        "colours": .list(.choice(["red", "dark-blue"])), "inner_part.deep_value": .real, "beta1": .real,
      ])
  }

  @Test func `every kind of value reads back`() throws {
    let settings = Settings([
      "flag": .boolean(true), "count": .integer(-3), "small": .integer(255), "seed": .integer(Int.max),
      "rate": .real(0.1), "narrow": .real(0.1), "word": .text("wikitext-103"), "colour": .text("dark-blue"),
      "sizes": .list([.integer(1), .integer(2)]), "colours": .list([.text("red"), .text("dark-blue")]),
      "inner_part.deep_value": .real(1), "beta1": .real(0.9),
    ])
    let read = try configuration(Everything.self, from: settings)
    #expect(read.flag && read.count == -3 && read.small == 255 && read.seed == UInt64(Int.max))
    #expect(read.rate == 0.1 && read.narrow == Float(0.1) && read.word == "wikitext-103")
    #expect(read.colour == .darkBlue && read.sizes == [1, 2] && read.colours == [.red, .darkBlue])
    #expect(read.innerPart == Inner(deepValue: 1) && read.beta1 == 0.9)
  }

  @Test func `a missing or wrong value does not decode`() {
    #expect(throws: UnreadableConfiguration.self) { try configuration(Inner.self, from: Settings()) }
    #expect(throws: UnreadableConfiguration.self) {
      try configuration(Inner.self, from: Settings(["deep_value": .integer(1)]))
    }
  }

  @Test func `every model and task of the catalogues has a schema`() {
    for schema in RunSchema.all.values {
      for group in ["model.", "task.", "training."] {
        #expect(schema.types.keys.contains { $0.hasPrefix(group) && $0 != group + "kind" })
      }
    }
    #expect(RunSchema.all.count == modelCatalogue.count * taskCatalogue.count)
  }

  @Test func `properties are keys in snake case`() {
    #expect(snakeCase("innerWidth") == "inner_width")
    #expect(snakeCase("beta1") == "beta1")
    #expect(snakeCase("warmUp") == "warm_up")
  }

  /// The list tells which setting to use instead, so it is written by hand; tasks say what they derive.
  @Test func `the list of derived keys is that of the tasks`() throws {
    let manifest = try Sample.project().manifest()
    let declared = Set(manifest.runs.flatMap { $0.derived.keys })
    #expect(declared == Set(RunSchema.derived.keys))
    let settings = Set(RunSchema.all.values.flatMap { $0.types.keys })
    #expect(settings.isSuperset(of: RunSchema.derived.values))
    #expect(settings.isDisjoint(with: declared))
  }

  @Test func `a base may hold settings of models that are not run`() throws {
    let project = try Sample.project("model.memory: [none, long-term]", "model.kind: transformer")
    try project.write(
      Sample.base.replacing("  abstractor_activation: none\n", with: ""), to: "common/base.yaml")
    let sorting = Sample.sorting.replacing("model.memory: [none, long-term]", with: "model.kind: transformer")
    try project.write(sorting.replacing("rows: model.memory", with: "rows: model.kind"), to: "sorting.yaml")
    let runs = try project.manifest().runs
    #expect(runs.count == 2)
    #expect(runs[0].settings.group("model").keys.allSatisfy { !$0.hasPrefix("memoria") })

    // A key that the other model does not know either is nobody's.
    try project.write(
      Sample.base.replacing("  abstractor_activation: none\n", with: "").replacing(
        "engrams: 2", with: "engrms: 2"),
      to: "common/base.yaml")
    #expect(project.complaint().contains("model.memoria.engrms is not a key"))
  }
}

@Suite struct TrainingSchedule {
  @Test func `the paper's schedule has 12500 steps, 750 of them rising`() {
    let training = TrainingConfiguration(
      batch: 32, epochs: 5, rate: 2e-4, warmUp: 0.06, clip: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    #expect(training.stepsPerEpoch(examples: 80_000) == 2500)
    #expect(training.steps(examples: 80_000) == 12_500)
    #expect(training.warmUpSteps(examples: 80_000) == 750)
    #expect(training.stepsPerEpoch(examples: 33) == 2)
    #expect(TrainingConfiguration.complaints(about: training).isEmpty)
  }
}
