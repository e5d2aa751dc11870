import Records
import Tables
import Testing

@Suite struct TableBuilder {
  @Test func `shuffled runs give the same bytes`() throws {
    let expected = try SortingAblation.halfway()
    let inOrder = try SortingAblation.table()
    var generator = Shuffling(state: 7)
    for _ in 0..<20 {
      let table = try SortingAblation.table(SortingAblation.observations().shuffled(using: &generator))
      for format in Format.allCases {
        #expect(
          table.render(format, width: 100, colour: true) == inOrder.render(format, width: 100, colour: true))
      }
    }
    #expect(expected != inOrder)
  }

  /// The mean as a quotient of whole numbers, and (n Σx² − (Σx)²) / (n (n − 1)), which needs no mean.
  @Test func `mean and deviation are those of the textbook`() throws {
    let table = try SortingAblation.table()
    for (memory, group) in table.groups.enumerated() {
      for (length, cell) in group.measured.prefix(4).enumerated() {
        let right = SortingAblation.right[memory][length]
        let sum = right.reduce(0, +)
        let squares = right.reduce(0) { $0 + $1 * $1 }
        let variance = Double(3 * squares - sum * sum) / 6
        let summary = try #require(cell.summary)
        #expect(abs(summary.mean - Double(sum) / 30_000) < 1e-15)
        #expect(abs((summary.deviation ?? -1) - variance.squareRoot() / 10_000) < 1e-13)
        #expect(summary.median == Double(right.sorted()[1]) / 10_000)
        #expect(summary.count == 3)
      }
    }
  }

  @Test func `rows follow the manifest and columns their size`() throws {
    let table = try SortingAblation.table()
    #expect(table.groups.map(\.labels) == SortingAblation.memories.map { [$0] })
    #expect(table.columns == [["4"], ["8"], ["16"], ["32"], ["47"]])
    #expect(table.groups.allSatisfy { $0.measured[4].summary == nil && $0.published?[4].summary != nil })
  }

  @Test func `runs in a cell are ordered by seed as a number`() throws {
    let seeds = (1...12).map { seed in
      var (settings, derived) = SortingAblation.settings(memory: 0, length: 0, seed: seed)
      settings["seed"] = .integer(seed)
      derived["task.segments"] = .integer(4)
      let record = Record(
        run: SortingAblation.digest(0x900 - seed), settings: settings, derived: derived,
        metrics: ["test.accuracy": 0.5], cost: [:])
      return Observation(record, tier: "quick")
    }
    let cell = try SortingAblation.table(seeds, reference: false, extraRows: []).groups[0].measured[0]
    #expect(cell.samples.map(\.over) == (1...12).map { ["\($0)"] })
  }

  @Test func `a cell that averages over an unlisted key is refused`() throws {
    var observations = SortingAblation.observations()
    observations.append(variant(of: observations[0], id: 0xABC, setting: "training.rate", to: .real(0.002)))
    let error = #expect(throws: TablesError.self) { try SortingAblation.table(observations) }
    let sentence = error?.description ?? ""
    #expect(sentence.contains("training.rate (absent and 0.002)"))
    #expect(sentence.contains("model.memory=none, task.segments=4"))
    #expect(sentence.contains(SortingAblation.run(memory: 0, length: 0, seed: 1).short))
    #expect(sentence.contains(SortingAblation.digest(0xABC).short))
  }

  @Test func `two lengths of equally many segments are no one cell`() throws {
    var observations = SortingAblation.observations()
    observations.append(variant(of: observations[0], id: 0xABC, setting: "task.length", to: .integer(50)))
    let error = #expect(throws: TablesError.self) { try SortingAblation.table(observations) }
    #expect(error?.description.contains("task.length (55 and 50)") == true)
  }

  @Test func `runs that wait are held to the same as finished ones`() throws {
    var observations = SortingAblation.observations { _, _, _ in .waiting }
    observations.append(variant(of: observations[0], id: 0xABC, setting: "training.rate", to: .real(0.002)))
    #expect(throws: TablesError.self) { try SortingAblation.table(observations) }
  }

  @Test func `seeds that are not averaged over are refused`() throws {
    let specification = try SortingAblation.specification(over: [])
    let error = #expect(throws: TablesError.self) {
      try Table(
        specification, heading: SortingAblation.heading, unit: .fraction,
        observations: SortingAblation.observations(), order: [:], reference: nil, extraRows: [], notes: [])
    }
    #expect(error?.description.contains("seed (") == true)
  }

  @Test func `tiers and numerics do not mix`() throws {
    var observations = SortingAblation.observations()
    let last = observations.removeLast()
    let ofPaper = Observation(
      run: last.run, settings: last.settings, derived: last.derived, tier: "paper", state: last.state)
    #expect(throws: TablesError.self) { try SortingAblation.table(observations + [ofPaper]) }
    let other = variant(of: last, id: 0xABC, setting: "numerics", to: .text("numerics-1"))
    let error = #expect(throws: TablesError.self) { try SortingAblation.table(observations + [other]) }
    #expect(error?.description.contains("numerics-0 and numerics-1") == true)
  }

  @Test func `a run counts once`() throws {
    let observations = SortingAblation.observations()
    #expect(throws: TablesError.self) { try SortingAblation.table(observations + [observations[5]]) }
  }

  @Test func `a key that no run has is refused with the nearest known one`() throws {
    let specification = try SortingAblation.specification(columns: ["task.segment"])
    let error = #expect(throws: TablesError.self) {
      try Table(
        specification, heading: SortingAblation.heading, unit: .fraction,
        observations: SortingAblation.observations(), order: [:], reference: nil, extraRows: [], notes: [])
    }
    #expect(error?.description.contains("did you mean task.segments?") == true)
  }

  @Test func `a metric that a finished run lacks is refused with what it has`() throws {
    let specification = try TableSpecification(
      name: "t", rows: ["model.memory"], columns: ["task.segments"], cell: "test.acuracy", over: ["seed"],
      show: .mean, better: nil, reference: nil)
    let error = #expect(throws: TablesError.self) {
      try Table(
        specification, heading: SortingAblation.heading, unit: .fraction,
        observations: SortingAblation.observations(), order: [:], reference: nil, extraRows: [], notes: [])
    }
    #expect(error?.description.contains("did you mean test.accuracy?") == true)
  }

  @Test func `a specification names every key once and some rows`() {
    #expect(throws: TablesError.self) {
      try TableSpecification(
        name: "t", rows: [], columns: ["seed"], cell: "test.accuracy", over: [], show: .mean, better: nil,
        reference: nil)
    }
    #expect(throws: TablesError.self) {
      try TableSpecification(
        name: "t", rows: ["seed"], columns: [], cell: "test.accuracy", over: ["seed"], show: .mean,
        better: nil,
        reference: nil)
    }
  }

  @Test func `a computed number for a column that is not there is refused`() {
    let row = ExtraRow(label: "chance floor", values: [[.integer(5)]: 0.1])
    let error = #expect(throws: TablesError.self) { try SortingAblation.table(extraRows: [row]) }
    #expect(error?.description.contains("no column (5)") == true)
  }

  @Test func `the median needs no deviation`() throws {
    let table = try SortingAblation.table(show: .median)
    #expect(table.render(.text, width: 100, colour: false).contains("median of 3 seeds"))
    let line = table.render(.markdown, width: 0, colour: false).split(separator: "\n").first {
      $0.contains("| quick |")
    }
    #expect(line == "| none | quick | 44.01 | 41.99 | 39.85 | 38.90 | – |")
  }

  @Test func `a table of which nothing has run yet shows what is published`() throws {
    let table = try SortingAblation.table(SortingAblation.observations { _, _, _ in .waiting })
    #expect(table.groups.flatMap(\.measured).allSatisfy { $0.summary == nil })
    #expect(table.render(.text, width: 100, colour: false).contains("36.19"))
  }

  @Test func `the best is marked only where all have finished`() throws {
    let complete = try SortingAblation.table().render(.markdown, width: 100, colour: false)
    let halfway = try SortingAblation.halfway().render(.markdown, width: 100, colour: false)
    #expect(complete.contains("**55.02 ±0.97**"))
    #expect(complete.ranges(of: "**52.14 ±0.32**").count == 2)
    #expect(!halfway.contains("±0.32**"))
  }

  private func variant(of observation: Observation, id: Int, setting: String, to value: Value) -> Observation
  {
    var settings = observation.settings
    settings[setting] = value
    let run = SortingAblation.digest(id)
    guard case .finished(let record) = observation.state else {
      return Observation(
        run: run, settings: settings, derived: observation.derived, tier: "quick", state: observation.state)
    }
    let changed = Record(
      run: run, settings: settings, derived: record.derived, metrics: record.metrics, cost: record.cost)
    return Observation(changed, tier: "quick")
  }
}

/// A small generator, the same in every test run (SplitMix64).
struct Shuffling: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
