import Tasks
import Tensors
import Testing

@Suite struct SortingDraws {
  /// The prompt said naively: one word at a time, by long division, from cumulated weights.
  static func naivePrompt(_ task: Sorting, _ number: Int, step: UInt32) -> (prompt: [Int32], refused: Int) {
    let (n, L) = (task.configuration.symbols, task.configuration.length)
    var refused = 0
    func draw(_ draw: Int, below bound: UInt64) -> UInt64 {
      var attempt: UInt32 = 0
      while true {
        let place = Place(
          seed: UInt64(task.configuration.dataSeed), purpose: .data, site: siteHash("sorting"),
          step: step + 4 * attempt)
        let element = UInt64(number) * 4_294_967_296 + 2 * UInt64(draw)
        let word = UInt64(place.word(element)) << 32 | UInt64(place.word(element + 1))
        let product = UInt128(word) * UInt128(bound)
        if product % (1 << 64) >= (UInt128(1) << 64) % UInt128(bound) { return UInt64(product >> 64) }
        attempt += 1
        refused += 1
      }
    }
    func cumulated(_ draws: Range<Int>) -> [UInt64] {
      var total: UInt64 = 0
      return draws.map {
        total += draw($0, below: 9) + 1
        return total
      }
    }
    func owner(_ unit: UInt64, _ cumulated: [UInt64]) -> Int32 {
      var (low, high) = (0, cumulated.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if unit < cumulated[middle] { high = middle } else { low = middle + 1 }
      }
      return Int32(low)
    }
    let (starting, ending) = (cumulated(0..<n), cumulated(n..<(2 * n)))
    let (start, end) = (starting[n - 1], ending[n - 1])
    let prompt = (0..<L).map { j in
      let u = draw(2 * n + j, below: UInt64(L) * start * end)
      return u / (start * end) < UInt64(L - j - 1)
        ? owner(u / end % start, starting) : owner(u % end, ending)
    }
    return (prompt, refused)
  }

  @Test(arguments: [(2, 1), (8, 55), (20, 1000), (3, 2500)])
  func `prompts are those of the naive statement`(symbols: Int, length: Int) {
    let task = sorting(symbols: symbols, length: length, dataSeed: 5)
    for (step, split) in Split.allCases.enumerated() {
      for number in [0, 1, 99] {
        #expect(task.prompt(number, of: split) == Self.naivePrompt(task, number, step: UInt32(step)).prompt)
      }
    }
  }

  @Test func `a refused word is looked up again elsewhere, and moves no other draw`() {
    // Sizes at the limit, where words are refused often enough to be met.
    let task = sorting(symbols: 60_000, length: 247_111, examples: 1 << 26)
    let naive = Self.naivePrompt(task, 1 << 26 - 1, step: 0)
    #expect(naive.refused > 10)
    let prompt = task.prompt(1 << 26 - 1, of: .train)
    // Not the arrays themselves: a report of what differs between such long ones would take hours.
    #expect(prompt.count == naive.prompt.count)
    #expect(zip(prompt, naive.prompt).enumerated().first { $1.0 != $1.1 }?.offset == nil)
  }

  @Test func `weights are uniform in 1 to 9`() {
    let task = sorting(symbols: 20, examples: 2000)
    var seen = Array(repeating: 0, count: 10)
    for number in 0..<2000 {
      let (starting, ending) = task.weights(number, of: .train)
      for weight in starting + ending { seen[weight] += 1 }
    }
    #expect(seen[0] == 0)
    // χ² with 8 degrees of freedom: above 40 once in 300,000 data seeds.
    let expected = 80_000.0 / 9
    let deviation = seen[1...].reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(deviation < 40)
  }

  /// Σ (observed - expected)²/expected over the symbols of many examples, in part of the prompt, divided by
  /// its degrees of freedom: 1 when symbols are drawn from (1-r)·p⁰ + r·p¹, each r looked up by `progress`.
  static func misfit(_ positions: Range<Int>, _ progress: (Int) -> Double) -> Double {
    let (n, examples) = (20, 300)
    let task = sorting(symbols: n, length: 1000, examples: examples)
    var deviation = 0.0
    for number in 0..<examples {
      let (starting, ending) = task.weights(number, of: .train)
      let (start, end) = (Double(starting.reduce(0, +)), Double(ending.reduce(0, +)))
      let prompt = task.prompt(number, of: .train)
      var observed = Array(repeating: 0.0, count: n)
      for position in positions { observed[Int(prompt[position])] += 1 }
      for symbol in 0..<n {
        let expected = positions.reduce(0.0) { sum, position in
          let r = progress(position)
          return sum + (1 - r) * Double(starting[symbol]) / start + r * Double(ending[symbol]) / end
        }
        deviation += (observed[symbol] - expected) * (observed[symbol] - expected) / expected
      }
    }
    return deviation / Double(examples * (n - 1))
  }

  @Test(arguments: [0..<100, 450..<550, 900..<1000])
  func `symbols drift linearly from the starting to the ending weights`(positions: Range<Int>) {
    // 5700 degrees of freedom: a standard deviation of about 0.02.
    let misfit = Self.misfit(positions) { Double($0 + 1) / 1000 }
    #expect(abs(misfit - 1) < 0.1)
  }

  @Test func `the other end's weights do not fit`() {
    #expect(Self.misfit(0..<100) { _ in 1 } > 2)
    #expect(Self.misfit(900..<1000) { _ in 0 } > 2)
  }

  @Test func `splits, examples and data seeds share nothing`() {
    let task = sorting(length: 100)
    var prompts: Set<[Int32]> = []
    for split in Split.allCases {
      for number in 0..<100 { prompts.insert(task.prompt(number, of: split)) }
    }
    for seed in [0, 2, 1 << 40] {
      for number in 0..<100 {
        prompts.insert(sorting(length: 100, dataSeed: seed).prompt(number, of: .train))
      }
    }
    #expect(prompts.count == 600)
  }

  @Test func `how many examples there are, and where they are cut, changes none of them`() {
    let few = sorting(segmentLength: 16, examples: 3)
    let many = sorting(segmentLength: 7, examples: 50_000, testExamples: 7)
    for number in 0..<3 { #expect(few.example(number, of: .train) == many.example(number, of: .train)) }
    #expect(few.weights(2, of: .train) == sorting(length: 503).weights(2, of: .train))
  }
}
