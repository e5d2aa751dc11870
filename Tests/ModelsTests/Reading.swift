import Engrams
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
  /// Whether every segment but the last is read for its memory alone.
  var onlyRemembers = false
  /// The positions of the last segment that are asked for; nil for all.
  var positions: Range<Int>?
  /// Whether these are all that is computed of it.
  var finishes = false
  var keepsLog = true
  /// Where reading begins.
  var firstSegment = 0
  /// The segment before which the model's numbers are stored, and a model made of them goes on in its place.
  var resumesAt: Int?

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
    /// What is carried on, by example; empty behind a segment that nobody reads on from.
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
  /// What the memory's log tells in the end.
  private(set) var log: EngramLog?

  init<M: SequenceModel>(
    _: M.Type, _ configuration: M.Configuration, vocabulary: Int, _ request: Request,
    state: (M.Memory, Int) -> [[Float]]
  ) {
    var parameters = Parameters(seed: request.seed, stored: request.stored)
    var model = M(configuration, vocabulary: vocabulary, in: parameters.root)
    self.parameters = parameters.all.map { ($0.path, $0.value.values) }
    reach = M.reach(of: configuration).segments(ofLength: request.segmentLength)
    let B = request.examples.count
    var memory = model.emptyMemory(sequences: B, keepsLog: request.keepsLog)
    for number in request.firstSegment..<request.segments {
      let range = request.range(of: number)
      let tokens = request.tokens.flatMap { $0[range] }
      let isLast = number == request.segments - 1
      let asked = (isLast ? request.positions : nil) ?? 0..<range.count
      let next = request.tokens.flatMap { row in
        range.dropFirst(asked.lowerBound).prefix(asked.count).map { row[($0 + 1) % row.count] }
      }
      let moment = Moment(
        seed: request.seed, step: 4, segment: number, segments: request.segments,
        segmentLength: request.segmentLength, examples: request.examples, isTraining: request.isTraining)
      if number == request.resumesAt {
        // Somebody else goes on with the memory first: what is taken up again must not notice.
        var other = memory
        _ = model(tokens, memory: &other, at: moment)
        let stored = parameters.all.map { ($0.path, $0.value.values) }
        parameters = Parameters(seed: request.seed + 1, stored: Dictionary(uniqueKeysWithValues: stored))
        model = M(configuration, vocabulary: vocabulary, in: parameters.root)
      }
      func forward() -> (hidden: Tensor, logits: Tensor, auxiliaryLoss: Tensor?) {
        let output =
          isLast && request.finishes
          ? model.finish(tokens, positions: asked, memory: &memory, at: moment)
          : model(tokens, memory: &memory, at: moment)
        let hidden_BRD =
          isLast && request.finishes ? output.hidden_BLD : output.hidden_BLD.positions(asked)
        let logits = model.logits(of: hidden_BRD)
        return (hidden_BRD, logits.reshaped([logits.shape.rows, logits.shape.columns]), output.auxiliaryLoss)
      }
      if request.onlyRemembers && !isLast {
        model.remember(tokens, memory: &memory, at: moment)
        segments.append(Segment(state: (0..<B).map { state(memory, $0) }))
        traced = traced ?? Reading.firstTrace(in: memory, at: "memory")
        continue
      }
      var out: (hidden: Tensor, logits: Tensor, auxiliaryLoss: Tensor?)?
      if request.takesGradients && isLast {
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
          losses: rows(out.logits.crossEntropies(labels: next)),
          state: isLast && request.finishes ? [] : (0..<B).map { state(memory, $0) }))
      traced = traced ?? Reading.firstTrace(in: memory, at: "memory")
    }
    log = model.report(of: memory)?.log
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
