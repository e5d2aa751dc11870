/// In which order terms are added: a tree whose leaves are terms.
///
/// It can be read from results alone (Xie, Gao and Ni, "FPRev", 2025): term i is a number so large that it swallows
/// whatever is added to it, term j is minus that, all others are 1. What was added to either before they met is lost,
/// so the result is the number of terms outside the smallest branch that holds both. All pairs tell the whole tree.
indirect enum SummationTree {
  case term(Int)
  case sum(SummationTree, SummationTree)

  /// Swallows every small whole number.
  static let large: Float = 0x1p100

  /// ((a + b) + c) + …
  static func chain(_ terms: some Sequence<SummationTree>) -> SummationTree? {
    terms.reduce(nil) { sum, term in sum.map { .sum($0, term) } ?? term }
  }

  /// A matrix product: a chain over each chunk of 256 terms; chunks are added in order.
  static func product(_ count: Int) -> SummationTree? {
    chain(
      stride(from: 0, to: count, by: 256).compactMap { first in
        chain((first..<min(first + 256, count)).map(SummationTree.term))
      })
  }

  /// A row sum: term i in lane i mod 64, each lane a chain; lanes fold by halves.
  static func row(_ count: Int) -> SummationTree? {
    var lanes = (0..<64).map { lane in
      chain(stride(from: lane, to: count, by: 64).map(SummationTree.term))
    }
    for half in [32, 16, 8, 4, 2, 1] {
      lanes = (0..<half).map { chain([lanes[$0], lanes[$0 + half]].compactMap { $0 }) }
    }
    return lanes[0]
  }

  /// How many terms hang on the smallest branch that holds both, for every pair i < j, at `i * count + j`.
  func branches(count: Int) -> [Int] {
    var table = [Int](repeating: 0, count: count * count)
    _ = fill(&table, count)
    return table
  }

  /// Returns the terms below.
  private func fill(_ table: inout [Int], _ count: Int) -> [Int] {
    switch self {
    case .term(let term): return [term]
    case .sum(let left, let right):
      let (a, b) = (left.fill(&table, count), right.fill(&table, count))
      for i in a {
        for j in b { table[min(i, j) * count + max(i, j)] = a.count + b.count }
      }
      return a + b
    }
  }
}

/// Terms that make a sum show how it is ordered.
struct Probes {
  let count: Int
  let pairs: [(Int, Int)]

  /// All pairs of the given terms.
  init(_ count: Int, among terms: [Int]) {
    self.count = count
    pairs = terms.flatMap { i in terms.filter { $0 > i }.map { (i, $0) } }
  }

  /// A row of terms for each pair.
  var rows: [Float] {
    var rows = [Float](repeating: 1, count: pairs.count * count)
    for (row, pair) in pairs.enumerated() {
      rows[row * count + pair.0] = SummationTree.large
      rows[row * count + pair.1] = -SummationTree.large
    }
    return rows
  }

  /// What a sum in the order of `tree` gives for each pair.
  func results(_ tree: SummationTree?) -> [Float] {
    guard let branches = tree?.branches(count: count) else { return [] }
    return pairs.map { Float(count - branches[$0.0 * count + $0.1]) }
  }
}
