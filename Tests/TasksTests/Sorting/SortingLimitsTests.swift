import Tasks
import Tensors
import Testing

@Suite struct SortingLimits {
  static let fine = sorting().configuration

  static let impossible: [(key: String, change: @Sendable (inout Sorting.Configuration) -> Void)] = [
    ("symbols", { $0.symbols = 1 }),
    ("symbols", { $0.symbols = .min }),
    ("symbols", { $0.symbols = 60_001 }),
    ("length", { $0.length = 0 }),
    ("length", { $0.length = .max }),
    ("length", { ($0.symbols, $0.length) = (60_000, 247_112) }),
    ("segment_length", { $0.segmentLength = 0 }),
    ("examples", { $0.examples = -1 }),
    ("examples", { $0.examples = 1 << 26 + 1 }),
    ("validation_examples", { $0.validationExamples = -1 }),
    ("test_examples", { $0.testExamples = -1 }),
    ("data_seed", { $0.dataSeed = -1 }),
  ]

  @Test(arguments: impossible.indices)
  func `an impossible number is named, with what was found and what is possible`(index: Int) throws {
    var configuration = Self.fine
    Self.impossible[index].change(&configuration)
    let complaints = Sorting.complaints(about: configuration)
    try #require(complaints.count == 1)
    #expect(complaints[0].key == Self.impossible[index].key)
    #expect(
      try #/[a-z_]+ is -?\d+: .* must be at (least|most) \d+/#.wholeMatch(in: complaints[0].sentence) != nil)
  }

  @Test func `a sentence written out`() {
    var configuration = Self.fine
    configuration.segmentLength = 0
    #expect(
      Sorting.complaints(about: configuration).map(\.sentence)
        == ["segment_length is 0: the tokens read at once must be at least 1"])
  }

  @Test func `everything impossible is named at once`() {
    let configuration = Sorting.Configuration(
      symbols: 0, length: 0, segmentLength: 0, examples: -1, validationExamples: -1, testExamples: -1,
      dataSeed: -1)
    #expect(Sorting.complaints(about: configuration).count == 7)
  }

  @Test func `the smallest and the largest sizes are possible`() {
    var configuration = Sorting.Configuration(
      symbols: 2, length: 1, segmentLength: 1, examples: 1, validationExamples: 1, testExamples: 1,
      dataSeed: 0)
    #expect(Sorting.complaints(about: configuration) == [])
    (configuration.symbols, configuration.length, configuration.segmentLength) = (60_000, 247_111, .max)
    (configuration.examples, configuration.dataSeed) = (1 << 26, .max)
    #expect(Sorting.complaints(about: configuration) == [])
    #expect(Sorting(configuration).segments == 1)
  }

  @Test func `every key of the configuration can be complained about`() {
    let properties = Mirror(reflecting: Self.fine).children.compactMap(\.label)
    let keys = properties.map { property in
      property.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
    #expect(Set(keys) == Set(Self.impossible.map(\.key)))
  }

  @Test func `a task of impossible sizes stops the program`() async {
    await #expect(processExitsWith: .failure) { _ = sorting(symbols: 1) }
  }

  @Test func `an example that the split does not have stops the program`() async {
    await #expect(processExitsWith: .failure) { _ = sorting().example(100, of: .train) }
    await #expect(processExitsWith: .failure) { _ = sorting().example(-1, of: .test) }
  }
}
