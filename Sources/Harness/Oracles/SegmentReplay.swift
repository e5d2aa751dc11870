import Models
import Networks
import Tensors

/// Replays the segments of an oracle file through one of this program's models.
///
/// Limits are those that the files' README suggests for single precision.
struct SegmentReplay<M: SequenceModel> {
  let file: OracleFile
  let model: M
  let parameters: Parameters
  private let names: [String: String]
  let segments: Int
  let segmentLength: Int
  private let vocabulary: Int

  init(_ file: OracleFile, _ configuration: M.Configuration, names: [String: String]) throws(OracleError) {
    let stored = try file.parameters("weights", named: names).mapValues { $0.map { Float($0) } }
    for (ours, theirs) in names.sorted(by: { $0.key < $1.key }) where stored[ours] == nil {
      throw .missing(file: file.name, what: "weights/\(theirs)")
    }
    self.file = file
    self.names = names
    let sizes = try file.numbers("sizes")
    guard let segments = sizes["segments"].flatMap({ Int(exactly: $0) }), segments > 0,
      let segmentLength = sizes["segment"].flatMap({ Int(exactly: $0) })
    else {
      throw .missing(
        file: file.name, what: "number of segments, and their length, in its attribute \"sizes\"")
    }
    (self.segments, self.segmentLength) = (segments, segmentLength)
    vocabulary = try file.integer("vocab_size")
    parameters = Parameters(
      seed: 0, stored: try SegmentReplay.fitting(stored, configuration, file, segmentLength))
    model = M(configuration, vocabulary: vocabulary, in: parameters.root)
  }

  /// `stored`, if the sizes are possible and every parameter has its numbers: models stop the program otherwise.
  private static func fitting(
    _ stored: [String: [Float]], _ configuration: M.Configuration, _ file: OracleFile, _ segmentLength: Int
  ) throws(OracleError) -> [String: [Float]] {
    let vocabulary = try file.integer("vocab_size")
    let complaints = M.complaints(
      about: configuration, vocabulary: vocabulary, segmentLength: segmentLength)
    if let complaint = complaints.first { throw .file(file.name, "\(complaint.key) \(complaint.sentence)") }
    guard vocabulary > 0 else { throw .file(file.name, "its vocabulary has \(vocabulary) symbols") }
    let expected = Parameters.outline()
    _ = M(configuration, vocabulary: vocabulary, in: expected.root)
    for parameter in expected.all where stored[parameter.path]?.count != parameter.value.shape.count {
      let found = stored[parameter.path].map { "\($0.count) numbers" } ?? "absent"
      throw .file(
        file.name, "its \(parameter.path) is \(found), expected \(parameter.value.shape.count) numbers")
    }
    return stored
  }

  /// The tokens of a segment, each one a row of the model's table.
  private func tokens(_ segment: Int) throws(OracleError) -> [Int32] {
    let found = try file.integers("segments/\(segment)/input_ids")
    guard found.allSatisfy({ (0..<vocabulary).contains($0) }) else {
      throw .file(file.name, "a token of segment \(segment) is not below the vocabulary of \(vocabulary)")
    }
    return found.map { Int32($0) }
  }

  /// Sequences of the batch.
  private func rows() throws(OracleError) -> Int {
    guard let rows = try file.shape("segments/0/input_ids").first, rows > 0 else {
      throw .file(file.name, "its first segment has no sequences")
    }
    return rows
  }

  private func moment(_ segment: Int, _ rows: Int) -> Moment {
    Moment(
      seed: 0, step: 0, segment: segment, segments: segments, segmentLength: segmentLength,
      examples: Array(0..<rows), isTraining: false)
  }

  /// Every segment in order, with what the model adds to the loss and the gradients of that alone.
  func runAuxiliary(
    _ compare: (_ segment: Int, _ loss: Tensor, _ gradients: [Tensor?]) throws(OracleError) -> Void
  ) throws(OracleError) {
    let rows = try rows()
    var memory = model.emptyMemory(sequences: rows, keepsLog: false)
    for segment in 0..<segments {
      let tokens = try tokens(segment)
      let (loss, gradients) = parameters.gradients {
        model(tokens, memory: &memory, at: moment(segment, rows)).auxiliaryLoss ?? Tensor([], [0])
      }
      try compare(segment, loss, gradients)
    }
  }

  /// Every segment in order: logits, then whatever `memory` compares; loss and gradients in the last one.
  ///
  /// - total: A group of the file; its loss and gradients are those with what the model adds to the loss.
  func run(
    total: String? = nil,
    before: (_ segment: Int, _ memory: inout M.Memory) throws(OracleError) -> Void = { _, _ in },
    after: (_ segment: Int, M.Memory, inout Comparison) throws(OracleError) -> Void = { _, _, _ in }
  ) throws(OracleError) -> Comparison {
    var comparison = Comparison()
    let rows = try rows()
    var memory = model.emptyMemory(sequences: rows, keepsLog: false)
    for segment in 0..<segments {
      let tokens = try tokens(segment)
      let moment = moment(segment, rows)
      try before(segment, &memory)
      let logits: Tensor
      if segment < segments - 1 {
        logits = model.logits(of: model(tokens, memory: &memory, at: moment).hidden_BLD)
      } else {
        logits = try lastSegment(tokens, rows, &memory, moment, total, &comparison)
      }
      let expected = try file.doubles("segments/\(segment)/logits")
      let largest = expected.reduce(1) { max($0, abs($1)) }
      comparison.compare(
        "logits", logits.values, expected, tolerance: 1e-4 * largest, at: "segment \(segment)")
      if file.has("segments/\(segment)/log_probabilities") {
        // Their own difference: scores less log of the sum of their exponentials, row by row.
        let reference = try file.doubles("segments/\(segment)/log_probabilities")
        comparison.compare(
          "log_probabilities", logProbabilities(logits), reference, tolerance: 1e-4 * largest,
          at: "segment \(segment)")
      }
      try after(segment, memory, &comparison)
    }
    return comparison
  }

  private func lastSegment(
    _ tokens: [Int32], _ rows: Int, _ memory: inout M.Memory, _ moment: Moment, _ total: String?,
    _ comparison: inout Comparison
  ) throws(OracleError) -> Tensor {
    let labels = try file.integers("segments/\(moment.segment)/labels").map { Int32($0) }
    let columns = labels.count / rows
    let weights = labels.indices.map { index -> Float in
      let row = index / columns
      let counted = labels[row * columns..<(row + 1) * columns].count { $0 >= 0 }
      return 1 / Float(counted * rows)
    }
    var logits: Tensor?
    let (loss, gradients) = parameters.gradients {
      let output = model(tokens, memory: &memory, at: moment)
      let scores = model.logits(of: output.hidden_BLD)
      logits = scores.detached
      let flat = scores.reshaped([scores.shape.rows, scores.shape.columns])
      let loss = flat.crossEntropy(labels: labels, weights: weights)
      guard total != nil, let auxiliary = output.auxiliaryLoss else { return loss }
      return loss + auxiliary
    }
    let (group, words) = total.map { ("\($0)/", "\($0) ") } ?? ("", "")
    let expectedLoss = try file.doubles("\(group)loss")
    comparison.compare(
      "\(words)loss", [loss.scalar], expectedLoss, tolerance: 1e-5, at: "segment \(moment.segment)")
    try compare(gradients, "\(group)gradients", as: "\(words)gradients", &comparison)
    guard let logits else { throw .missing(file: file.name, what: "last segment") }
    return logits
  }

  /// Compares the gradients of all parameters with a group of the file; one that is not there is zero.
  func compare(
    _ gradients: [Tensor?], _ group: String, as name: String, _ comparison: inout Comparison
  ) throws(OracleError) {
    let expected = try file.parameters(group, named: names)
    let largest = expected.values.reduce(0) { $1.reduce($0) { max($0, abs($1)) } }
    for (parameter, gradient) in zip(parameters.all, gradients) {
      let zeros = [Double](repeating: 0, count: parameter.value.shape.count)
      let reference = expected[parameter.path] ?? zeros
      let largestHere = reference.reduce(0) { max($0, abs($1)) }
      comparison.compare(
        name, gradient?.values ?? zeros.map { Float($0) }, reference,
        tolerance: 2e-4 * largestHere + 1e-6 * largest, at: parameter.path)
    }
  }

  /// Scores normalised over the vocabulary.
  private func logProbabilities(_ logits: Tensor) -> [Float] {
    let columns = logits.shape.columns
    let sums = logits.detached.reshaped([logits.shape.rows, columns]).logSumExp().values
    return zip(logits.values.indices, logits.values).map { $1 - sums[$0 / columns] }
  }
}
