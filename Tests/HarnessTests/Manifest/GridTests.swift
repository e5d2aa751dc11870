import Records
import Testing

@testable import Harness

@Suite struct GridCombinations {
  /// Seeds and lengths of the runs of the sample with another grid.
  private func runs(_ grid: String) throws -> [String] {
    let project = try ProjectFolder([
      "sorting.yaml": "mneme: 1\nname: grid\ntier: quick\nbase: common/base.yaml\n" + grid,
      "common/base.yaml": Sample.base + "seed: 0\nmodel.memory: none\n",
    ])
    return try project.manifest().runs.map { run in
      ["task.length", "seed", "model.memory"].map { run.settings[$0]?.description ?? "" }.joined(
        separator: " ")
    }
  }

  @Test func `a manifest without a grid is one run`() throws {
    #expect(try runs("") == ["35 0 none"])
  }

  @Test func `lists multiply, the first slowest`() throws {
    #expect(
      try runs("grid: {task.length: [35, 36], seed: [2, 1]}\n")
        == ["35 2 none", "35 1 none", "36 2 none", "36 1 none"])
  }

  @Test func `a scalar is a list of one`() throws {
    #expect(try runs("grid: {task.length: 36, seed: [2, 1]}\n") == ["36 2 none", "36 1 none"])
  }

  @Test func `zipped lists advance together behind the grid`() throws {
    #expect(
      try runs("grid: {seed: [1, 2]}\nzip: [{task.length: [35, 36], model.memory: [none, working]}]\n")
        == ["35 1 none", "36 1 working", "35 2 none", "36 2 working"])
  }

  @Test func `an excluded combination needs no sense`() throws {
    // 3 heads do not divide a width of 16.
    let project = try Sample.project(
      "seed: [1, 2]", "seed: [1, 2]\n  model.heads: [2, 3]\nexclude: [{model.heads: 3}]")
    #expect(try project.manifest().runs.count == 4)
  }

  @Test func `exclusion compares numbers by size and takes any of a list`() throws {
    #expect(
      try runs("grid: {seed: [1, 2, 3, 4]}\nexclude: [{seed: [1.0, 3e0]}, {seed: \"4\"}]\n") == ["35 2 none"])
  }

  @Test func `exclusion sees settings outside of the grid`() throws {
    #expect(try runs("grid: {seed: [1, 2]}\nexclude: [{seed: 1, task.length: 35}]\n") == ["35 2 none"])
  }

  @Test func `what is included comes behind and multiplies by itself`() throws {
    #expect(
      try runs(
        "grid: {seed: [1, 2]}\nexclude: [{seed: 2}]\ninclude: [{seed: 2}, {task.length: [37, 38], seed: 5}]\n"
      )
        == ["35 1 none", "35 2 none", "37 5 none", "38 5 none"])
  }

  @Test func `inclusion alone is no product with the base`() throws {
    #expect(try runs("include: [{seed: 3}, {seed: 4}]\n") == ["35 3 none", "35 4 none"])
  }

  @Test func `more than a hundred thousand runs are refused`() throws {
    let list = (1...400).map(String.init).joined(separator: ", ")
    let complaint = try Sample.project(
      "seed: [1, 2]", "seed: [\(list)]\n  task.data_seed: [\(list)]"
    ).complaint()
    #expect(
      complaint
        == "sorting.yaml:5: the grid has 320000 runs, more than 100000; shorten its lists, or say --really.")
  }

  @Test func `a grid that is meant is multiplied out, and none beyond ten millions`() throws {
    let list = (1...400).map(String.init).joined(separator: ", ")
    let project = try Sample.project("seed: [1, 2]", "seed: [\(list)]\n  task.data_seed: [\(list)]")
    let layer = try ManifestFiles(reading: project.path + "/Experiments/sorting.yaml").layer
    #expect(try Grid.$isMeant.withValue(true) { try Grid.combinations(of: layer).count } == 320_000)
    let complaint = try Sample.project(
      "seed: [1, 2]", "seed: [\(list)]\n  task.data_seed: [\(list)]\n  task.length: [\(list)]")
    Grid.$isMeant.withValue(true) {
      #expect(
        complaint.complaint()
          == "sorting.yaml:5: the grid has 128000000 runs, more than 10000000; so many are never made: shorten its lists."
      )
    }
  }

  @Test func `the size of a grid does not overflow`() throws {
    let list = (1...3000).map(String.init).joined(separator: ", ")
    let keys = [
      "task.data_seed", "task.length", "task.examples", "task.test_examples", "training.seed", "model.width",
    ]
    let lines = keys.map { "\n  \($0): [\(list)]" }.joined()
    let complaint = try Sample.project("seed: [1, 2]", "seed: [1, 2]" + lines).complaint()
    #expect(
      complaint
        == "sorting.yaml:5: the grid has beyond 2^63 runs, more than 100000; shorten its lists, or say --really."
    )
    #expect(Grid.size([]) == 1 && Grid.size([3, 0, .max, .max]) == 0 && Grid.size([.max, 2]) == .max)
  }

  @Test(arguments: 0..<40) func `random grids have the runs that a naive enumeration has`(number: Int) throws
  {
    let grid = RandomGrid(number)
    let project = try ProjectFolder([
      "sorting.yaml": "mneme: 1\nname: random\ntier: quick\nbase: common/base.yaml\n" + grid.yaml,
      "common/base.yaml": Sample.base + "seed: 0\nmodel.memory: none\n",
    ])
    let expected = grid.runs
    let manifest = try project.manifest()
    let found = manifest.runs.map { run in
      RandomGrid.keys.map { run.settings[$0]?.description ?? "" }
    }
    #expect(found == expected)
    #expect(Set(manifest.runs.map(\.run)).count == expected.count)
  }
}

/// A grid made of addressed numbers, with its runs enumerated one counter at a time.
struct RandomGrid {
  static let keys = ["seed", "task.length", "task.data_seed", "task.symbols"]
  private static let defaults = ["0", "35", "1", "4"]

  private var lists: [(key: Int, values: [Int])] = []
  private var zipped: [(key: Int, values: [Int])] = []
  private var excluded: (key: Int, value: Int)?

  init(_ number: Int) {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var keys = Array(Self.keys.indices)
    func take() -> Int { keys.remove(at: below(keys.count)) }
    for _ in 0..<1 + below(2) { lists.append((take(), (0..<1 + below(3)).map { 10 + $0 })) }
    if below(2) == 0 {
      let count = 2 + below(2)
      for _ in 0..<2 { zipped.append((take(), (0..<count).map { 20 + $0 })) }
    }
    if below(2) == 0, let list = lists.first, list.values.count > 1 {
      excluded = (list.key, 10 + below(list.values.count))
    }
  }

  var yaml: String {
    func map(_ lists: [(key: Int, values: [Int])]) -> String {
      "{" + lists.map { "\(Self.keys[$0.key]): \($0.values)" }.joined(separator: ", ") + "}"
    }
    var text = "grid: \(map(lists))\n"
    if !zipped.isEmpty { text += "zip: [\(map(zipped))]\n" }
    if let excluded { text += "exclude: [{\(Self.keys[excluded.key]): \(excluded.value)}]\n" }
    return text
  }

  /// The values of `keys` in every run: numbers counted up in mixed radix, the last digit fastest.
  var runs: [[String]] {
    let zipCount = zipped.first?.values.count ?? 1
    let radices = lists.map(\.values.count) + [zipCount]
    var runs: [[String]] = []
    for number in 0..<radices.reduce(1, *) {
      var rest = number
      var digits: [Int] = []
      for radix in radices.reversed() {
        digits.insert(rest % radix, at: 0)
        rest /= radix
      }
      var values = Self.defaults
      for (place, list) in lists.enumerated() { values[list.key] = "\(list.values[digits[place]])" }
      for list in zipped { values[list.key] = "\(list.values[digits[lists.count]])" }
      if let excluded, values[excluded.key] == "\(excluded.value)" { continue }
      runs.append(values)
    }
    return runs
  }
}
