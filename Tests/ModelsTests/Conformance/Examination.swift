import Models
import Networks
import Tensors

/// A model with a configuration, whatever their types.
protocol Examinee: Sendable {
  var reach: Reach { get }
  var mixesSequences: Bool { get }
  func read(_ request: Request) -> Reading
  func learn(_ lesson: Lesson) -> Lesson.Outcome
  func carried(_ request: Request) -> [Carried]
  func joined(_ requests: [Request]) -> [[[Float]]]?
}

/// How many numbers a memory holds.
struct Carried {
  /// Of what the rows carry on.
  let state: Int
  /// Of everything, bookkeeping too.
  let all: Int
}

struct Examination<M: SequenceModel>: Examinee {
  let configuration: M.Configuration
  let vocabulary: Int
  let state: @Sendable (M.Memory, Int) -> [[Float]]

  var reach: Reach { M.reach(of: configuration) }
  var mixesSequences: Bool { M.mixesSequences(under: configuration) }

  func read(_ request: Request) -> Reading {
    Reading(M.self, configuration, vocabulary: vocabulary, request, state: state)
  }

  func learn(_ lesson: Lesson) -> Lesson.Outcome {
    lesson.taught(to: M.self, configuration, vocabulary: vocabulary)
  }

  /// What each row carries when batches were read apart and their memories joined; nil where they cannot be.
  func joined(_ requests: [Request]) -> [[[Float]]]? {
    let memories = requests.map { request in
      let parameters = Parameters(seed: request.seed)
      let model = M(configuration, vocabulary: vocabulary, in: parameters.root)
      var memory = model.emptyMemory(sequences: request.examples.count, keepsLog: false)
      for number in 0..<request.segments {
        let range = request.range(of: number)
        let moment = Moment(
          seed: request.seed, step: 4, segment: number, segments: request.segments,
          segmentLength: request.segmentLength, examples: request.examples, isTraining: request.isTraining)
        _ = model(request.tokens.flatMap { $0[range] }, memory: &memory, at: moment)
      }
      return memory
    }
    let rows = requests.reduce(0) { $0 + $1.examples.count }
    return M.joined(memories).map { joined in (0..<rows).map { state(joined, $0) } }
  }

  /// How much the memory holds after every segment.
  func carried(_ request: Request) -> [Carried] {
    let parameters = Parameters(seed: request.seed)
    let model = M(configuration, vocabulary: vocabulary, in: parameters.root)
    var memory = model.emptyMemory(sequences: request.examples.count, keepsLog: false)
    return (0..<request.segments).map { number in
      let range = request.range(of: number)
      let moment = Moment(
        seed: request.seed, step: 4, segment: number, segments: request.segments,
        segmentLength: request.segmentLength, examples: request.examples, isTraining: request.isTraining)
      _ = model(request.tokens.flatMap { $0[range] }, memory: &memory, at: moment)
      let rows = request.examples.indices.map { state(memory, $0).reduce(0) { $0 + $1.count } }
      return Carried(state: rows.reduce(0, +), all: numbers(in: memory))
    }
  }

  /// Counts everything a value holds: tensors and arrays by their elements, all else by what it is made of.
  private func numbers(in value: Any) -> Int {
    switch value {
    case let tensor as Tensor: return tensor.shape.count
    case let array as [Float]: return array.count
    case let array as [Int32]: return array.count
    case let array as [Int]: return array.count
    case let array as [UInt64]: return array.count
    case let array as [UInt8]: return array.count
    case is Int, is Int32, is UInt64, is Float, is Double, is Bool: return 1
    default: return Mirror(reflecting: value).children.reduce(0) { $0 + numbers(in: $1.value) }
    }
  }
}
