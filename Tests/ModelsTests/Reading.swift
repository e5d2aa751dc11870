import Models
import Networks
import Tensors

/// What a model is to read: one sequence of tokens for every example.
struct Request {
  var seed: UInt64 = 3
  var examples: [Int]
  /// By example.
  var tokens: [[Int32]]
  var segmentLength = 6
  var isTraining = true
  /// Whether the last segment is read with gradients.
  var takesGradients = false
  /// Values by path in place of initial ones.
  var stored: [String: [Float]]?
  /// Where reading begins.
  var firstSegment = 0

  /// Sequences of `length` tokens below 7 without a pattern.
  init(examples: [Int], length: Int) {
    self.examples = examples
    tokens = examples.map { example in
      let place = Place(seed: 1, purpose: .data, site: siteHash("tokens"), step: UInt32(example))
      return (0..<length).map { Int32(place.below(7, element: UInt64($0))) }
    }
  }

  var segments: Int { (tokens[0].count - 1) / segmentLength + 1 }

  func range(of segment: Int) -> Range<Int> {
    segment * segmentLength..<min((segment + 1) * segmentLength, tokens[0].count)
  }
}

/// What came out, by segment and example.
struct Reading {
  struct Segment: Equatable {
    /// [B][L · D] and [B][L · V]
    var hidden: [[Float]] = []
    var logits: [[Float]] = []
    /// Cross-entropies with the next tokens, [B][L].
    var losses: [[Float]] = []
    /// What is carried on, by example.
    var state: [[[Float]]] = []
  }

  private(set) var segments: [Segment] = []
  private(set) var reach: Int?
  private(set) var loss: Float = 0
  /// By path; nil where the loss has no path to a parameter.
  private(set) var gradients: [(path: String, values: [Float]?)] = []
  /// As they started.
  private(set) var parameters: [(path: String, values: [Float])] = []
  /// The first traced tensor that was carried on, by its place in the memory.
  private(set) var traced: String?

  init<M: SequenceModel>(
    _: M.Type, _ configuration: M.Configuration, vocabulary: Int, _ request: Request,
    state: (M.Memory, Int) -> [[Float]]
  ) {
    let parameters = Parameters(seed: request.seed, stored: request.stored)
    let model = M(configuration, vocabulary: vocabulary, in: parameters.root)
    self.parameters = parameters.all.map { ($0.path, $0.value.values) }
    reach = M.reach(of: configuration).segments(ofLength: request.segmentLength)
    let B = request.examples.count
    var memory = model.emptyMemory(sequences: B, keepsLog: true)
    for number in request.firstSegment..<request.segments {
      let range = request.range(of: number)
      let tokens = request.tokens.flatMap { $0[range] }
      let next = request.tokens.flatMap { row in range.map { row[($0 + 1) % row.count] } }
      let moment = Moment(
        seed: request.seed, step: 4, segment: number, segments: request.segments,
        segmentLength: request.segmentLength, examples: request.examples, isTraining: request.isTraining)
      func forward() -> (hidden: Tensor, logits: Tensor, auxiliaryLoss: Tensor?) {
        let output = model(tokens, memory: &memory, at: moment)
        let logits = model.logits(of: output.hidden_BLD)
        return (
          output.hidden_BLD, logits.reshaped([logits.shape.rows, logits.shape.columns]), output.auxiliaryLoss
        )
      }
      var out: (hidden: Tensor, logits: Tensor, auxiliaryLoss: Tensor?)?
      if request.takesGradients && number == request.segments - 1 {
        let (loss, gradients) = parameters.gradients {
          let found = forward()
          out = found
          let weights = next.map { _ in 1 / Float(next.count) }
          let loss = found.logits.crossEntropy(labels: next, weights: weights)
          return found.auxiliaryLoss.map { loss + $0 } ?? loss
        }
        self.loss = loss.scalar
        self.gradients = zip(parameters.all, gradients).map { ($0.path, $1?.values) }
      } else {
        out = forward()
      }
      guard let out else { continue }
      func rows(_ values: [Float]) -> [[Float]] {
        let extent = values.count / B
        return (0..<B).map { Array(values[$0 * extent..<($0 + 1) * extent]) }
      }
      segments.append(
        Segment(
          hidden: rows(out.hidden.values), logits: rows(out.logits.values),
          losses: rows(out.logits.crossEntropies(labels: next)), state: (0..<B).map { state(memory, $0) }))
      traced = traced ?? Reading.firstTrace(in: memory, at: "memory")
    }
  }

  /// Looks through everything a value holds.
  private static func firstTrace(in value: Any, at path: String) -> String? {
    if let tensor = value as? Tensor { return tensor.isTraced ? path : nil }
    if value is [Float] || value is [Int32] || value is [UInt8] || value is [UInt64] || value is [Int] {
      return nil
    }
    for child in Mirror(reflecting: value).children {
      if let found = firstTrace(in: child.value, at: "\(path).\(child.label ?? "item")") { return found }
    }
    return nil
  }
}
