import Engrams
import Tensors

/// The paper's memory as one would say it: a list of engrams and a table of counts, no borders, no bits.
///
/// It is the specification that the fast memory is held against, one row at a time.
struct PlainMemory {
  struct Engram {
    let id: Int
    let birth: Int
    let vector: [Float]
    var lifespan: Float
    var kind: EngramKind
  }

  let configuration: EngramConfiguration
  let level: MemoryLevel
  let example: Int
  private(set) var engrams: [Engram] = []
  /// Count by identifiers, of everybody who ever lived.
  private(set) var counts: [[Int32]] = []
  private(set) var reminded: [Int] = []
  private(set) var found = 0
  private var step = 0

  init(_ configuration: EngramConfiguration, level: MemoryLevel, example: Int) {
    self.configuration = configuration
    self.level = level
    self.example = example
  }

  func engram(_ id: Int) -> Engram? { engrams.first { $0.id == id } }

  mutating func remind(_ working: [[Float]], _ occasion: Occasion) {
    step += 1
    for vector in working {
      let id = counts.count
      engrams.append(
        Engram(
          id: id, birth: step, vector: vector, lifespan: Float(configuration.initialLifespan), kind: .working)
      )
      for other in counts.indices { counts[other].append(0) }
      counts.append(Array(repeating: 0, count: id + 1))
    }
    let scores = scores()
    func nearest(_ count: Int, of ids: [Int]) -> [Int] {
      ids.sorted { scores[$0]! > scores[$1]! || scores[$0]! == scores[$1]! && $0 < $1 }.prefix(count).sorted()
    }
    let shortTerm = nearest(configuration.remindedShortTerm, of: ids(.shortTerm))
    let met = level == .longTerm ? search(shortTerm, occasion) : []
    found = met.count
    reminded = shortTerm + nearest(configuration.remindedLongTerm, of: met)
    let active = ids(.working) + reminded
    for i in active { for j in active { counts[i][j] += 1 } }
  }

  private func ids(_ kind: EngramKind) -> [Int] { engrams.filter { $0.kind == kind }.map { $0.id } }

  /// Of everybody at once, against working memory.
  private func scores() -> [Int: Float] {
    let working = engrams.filter { $0.kind == .working }
    let D = working[0].vector.count
    let all = Tensor([engrams.count, D], engrams.flatMap { $0.vector })
    let distances = squaredDistances(all, Tensor([working.count, D], working.flatMap { $0.vector }))
    return Dictionary(
      uniqueKeysWithValues: zip(engrams.map { $0.id }, distances.negated().logSumExp().values))
  }

  private func search(_ sources: [Int], _ occasion: Occasion) -> [Int] {
    let longTerm = ids(.longTerm)
    var starts: Set<Int> = []
    for source in sources {
      guard let most = longTerm.map({ counts[source][$0] }).max(), most > 0 else { continue }
      let equals = longTerm.filter { counts[source][$0] == most }
      let place = Place(seed: occasion.seed, purpose: .memory, site: siteHash("engrams"), step: occasion.step)
      let element = (UInt64(example) * 256 + UInt64(occasion.segment)) << 14 + UInt64(source)
      starts.insert(
        equals.count == 1 ? equals[0] : equals[Int(place.below(UInt32(equals.count), element: element))])
    }
    var chains = starts.sorted()
    var visited = starts
    for _ in 0..<configuration.searchDepth {
      chains = chains.compactMap { chain in
        let open = longTerm.filter { !visited.contains($0) && counts[chain][$0] > 0 }
        guard let most = open.map({ counts[chain][$0] }).max() else { return nil }
        return open.first { counts[chain][$0] == most }
      }
      visited.formUnion(chains)
    }
    return visited.sorted()
  }

  mutating func memorize(_ weights: [Float]) {
    let total = weights.reduce(0.0) { $0 + Double($1) }
    let gains = weights.map {
      total > 0 ? Float(Double($0) * (Double(reminded.count) * configuration.lifespanGain / total)) : 0
    }
    for index in engrams.indices {
      if let place = reminded.firstIndex(of: engrams[index].id) { engrams[index].lifespan += gains[place] }
      engrams[index].lifespan -= 1
    }
    engrams.removeAll { $0.lifespan <= 0 }
    for index in engrams.indices where engrams[index].kind == .working { engrams[index].kind = .shortTerm }
    let overflow = Set(ids(.shortTerm).dropLast(configuration.shortTermCapacity))
    for index in engrams.indices where overflow.contains(engrams[index].id) {
      engrams[index].kind = .longTerm
    }
    if level == .shortTerm { engrams.removeAll { $0.kind == .longTerm } }
  }

  var snapshot: EngramSnapshot {
    EngramSnapshot(
      vectors: engrams.flatMap { $0.vector }, kinds: engrams.map { $0.kind },
      lifespans: engrams.map { $0.lifespan },
      ages: engrams.map { Int32(step - $0.birth) }, identifiers: engrams.map { Int32($0.id) },
      counts: engrams.flatMap { i in engrams.map { counts[i.id][$0.id] } })
  }
}
