package import Archive
import Models
import Networks
import Tasks
import Tensors

/// What a trained model makes of documents of the training split, dropout on: after every segment the hidden states and
/// all that is carried on, by document.
///
/// A document is the same one in whichever batch it is read, so `batches` may cut and order them in any way.
///
/// - weights: As a training ended with them.
/// - batches: Numbers of examples; each batch is read by itself.
package func documentBits(
  _ specification: Specification, weights: [NamedArray], batches: [[Int]]
) -> [Int: [NumberBytes]] {
  func read<M: SequenceModel>(_ model: M.Type) -> [Int: [NumberBytes]] {
    func read<T: LearningTask>(on task: T.Type) -> [Int: [NumberBytes]] {
      let reader = DocumentReader<M, T>(specification, weights)
      return batches.reduce(into: [:]) { found, batch in
        for (number, bits) in zip(batch, reader.read(batch)) { found[number] = bits }
      }
    }
    let task = specification.task
    return read(on: task)
  }
  let model = specification.model
  return read(model)
}

/// Reads batches of documents with fixed weights.
private struct DocumentReader<M: SequenceModel, T: LearningTask> {
  private let specification: Specification
  private let task: T
  private let parameters: Parameters
  private let model: M

  init(_ specification: Specification, _ weights: [NamedArray]) {
    self.specification = specification
    task = T(specification.configuration(of: T.self))
    parameters = Parameters(
      seed: specification.seed, stored: Dictionary(weights.map { ($0.name, $0.values) }) { first, _ in first }
    )
    model = M(
      specification.configuration(of: M.self), vocabulary: task.vocabulary, in: parameters.root)
  }

  /// In the order of `numbers`.
  func read(_ numbers: [Int]) -> [[NumberBytes]] {
    let segments = task.batch(numbers, of: .train)
    var memory = model.emptyMemory(sequences: numbers.count, keepsLog: false)
    var found = [[NumberBytes]](repeating: [], count: numbers.count)
    for segment in segments {
      let moment = Moment(
        seed: specification.seed, step: 1, segment: segment.number, segments: segments.count,
        segmentLength: task.segmentLength, examples: numbers, isTraining: true)
      let hidden = model(segment.tokens, memory: &memory, at: moment).hidden_BLD.values
      let count = hidden.count / numbers.count
      for (row, number) in numbers.enumerated() {
        let place = "of document \(number) after segment \(segment.number)"
        found[row].append(
          NumberBytes("hidden states \(place)", Array(hidden[row * count..<(row + 1) * count])))
        found[row] += memoryBits(memory, named: "memory \(place):", row: row, of: numbers.count)
      }
    }
    return found
  }
}
