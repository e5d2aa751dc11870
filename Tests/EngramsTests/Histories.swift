import Engrams
import Tensors
import Testing

/// Seeded numbers for made-up histories (SplitMix64).
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float>) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// Sizes of a memory in tests.
func sizes(
  _ behaviour: Behaviour = .paper, order: AdjustOrder = .text, engrams: Int = 3, shortTerm: Int = 4,
  longTerm: Int = 4, capacity: Int = 9, depth: Int = 3, lifespan: Double = 4, gain: Double = 2
) -> EngramConfiguration {
  EngramConfiguration(
    behaviour: behaviour, order: order, engrams: engrams, remindedShortTerm: shortTerm,
    remindedLongTerm: longTerm,
    shortTermCapacity: capacity, searchDepth: depth, initialLifespan: lifespan, lifespanGain: gain)
}

/// The sizes of the quick sorting runs: initial lifespan = capacity / engrams + 1, as in the paper.
let sortingSizes = sizes(
  engrams: 8, shortTerm: 16, longTerm: 16, capacity: 32, depth: 5, lifespan: 5, gain: 4)

/// One step of a made-up history, before it happens.
struct Episode {
  let working_BWD: [Float]
  /// What the attention gives to a place: a function of row and place, some of it nothing.
  let weight: (_ row: Int, _ place: Int) -> Float
}

/// A memory that lives through a random history: working memory wanders among a few topics, and attention favours
/// some of the reminded.
struct History {
  let configuration: EngramConfiguration
  let rows: Int
  let width: Int
  let examples: [Int]
  private(set) var memory: EngramMemory
  private(set) var reminded: Reminded?
  private var dice: Dice
  private let topics: [Float]
  private(set) var step = 0

  init(
    _ configuration: EngramConfiguration, level: MemoryLevel = .longTerm, rows: Int = 1, width: Int = 4,
    seed: Int, examples: [Int]? = nil
  ) {
    self.configuration = configuration
    self.rows = rows
    self.width = width
    self.examples = examples ?? Array(0..<rows)
    memory = EngramMemory(configuration, level: level, rows: rows, keepsLog: true)
    dice = Dice(seed)
    topics = dice.floats(4 * width, in: -1.5...1.5)
  }

  /// What comes next. Multiples of 1/8, so that distances are exact and ties happen.
  mutating func episode() -> Episode {
    let W = configuration.engrams
    var working: [Float] = []
    for _ in 0..<rows * W {
      let topic = Int.random(in: 0..<4, using: &dice) * width
      working += dice.floats(width, in: -0.75...0.75).enumerated().map {
        (8 * ($0.element + topics[topic + $0.offset])).rounded() / 8
      }
    }
    let salt = dice.next()
    return Episode(working_BWD: working) { row, place in
      var own = Dice(Int((salt &+ UInt64(row * 1000 + place)) & 0xFFFF_FFFF))
      let draw = Float.random(in: 0...1, using: &own)
      return draw < 0.3 ? 0 : draw * draw
    }
  }

  mutating func remind(_ episode: Episode) -> Reminded {
    step += 1
    let working = Tensor([rows, configuration.engrams, width], episode.working_BWD)
    let occasion = Occasion(seed: 7, step: 3, segment: step, examples: examples)
    let reminded = memory.remind(working, tieBreak: .addressed(occasion))
    self.reminded = reminded
    return reminded
  }

  mutating func memorize(_ episode: Episode) {
    guard let reminded else { return }
    memory.memorize(weight_BN: weights(episode, reminded))
    self.reminded = nil
  }

  func weights(_ episode: Episode, _ reminded: Reminded) -> [Float] {
    let places = reminded.vectors_BND.shape.extents[1]
    return (0..<rows).flatMap { row in
      (0..<places).map { $0 < reminded.visible[row] ? episode.weight(row, $0) : 0 }
    }
  }

  mutating func live() {
    let episode = episode()
    _ = remind(episode)
    memorize(episode)
  }
}

func expectClose(
  _ measured: [Float], _ expected: [Float], within tolerance: Float,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(measured.count == expected.count, sourceLocation: sourceLocation)
  for (place, pair) in zip(measured, expected).enumerated() where !(abs(pair.0 - pair.1) <= tolerance) {
    Issue.record("place \(place): \(pair.0) is not \(pair.1)", sourceLocation: sourceLocation)
  }
}
