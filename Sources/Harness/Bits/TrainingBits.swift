package import Archive
import Records
package import Tensors

/// All that a whole training leaves, as bytes: parameters, both moments of the optimizer, the memory of documents that the
/// trained model reads, every metric.
package struct TrainingBits: Sendable {
  package let result: RunResult
  package let weights: [NamedArray]
  package let parts: [NumberBytes]

  /// - last: The checkpoint of the last step.
  init(_ specification: Specification, _ result: RunResult, _ weights: [NamedArray], last: Checkpoint) {
    (self.result, self.weights) = (result, weights)
    func named(_ words: String, _ arrays: [NamedArray]) -> [NumberBytes] {
      arrays.map { NumberBytes("\(words) \($0.name)", $0.values) }
    }
    let documents = Array(0..<min(specification.training.batch, 8))
    let read = documentBits(specification, weights: weights, batches: [documents])
    parts =
      named("parameter", last.parameters) + named("first moment of", last.firstMoments)
      + named("second moment of", last.secondMoments) + named("published weight", weights)
      + last.scalars.map { NumberBytes("optimizer's \($0.name)", [$0.value]) }
      + documents.flatMap { read[$0] ?? [] } + metrics(result)
  }
}

/// Everything measured.
private func metrics(_ result: RunResult) -> [NumberBytes] {
  var parts: [NumberBytes] = []
  for series in result.series {
    parts.append(NumberBytes("\(series.name).step", series.steps))
    parts += series.columns.map { NumberBytes("\(series.name).\($0.name)", $0.values) }
  }
  parts += result.metrics.map { NumberBytes($0.name, [$0.value]) }
  for item in result.items { parts.append(NumberBytes("labels right in \(item.split)", item.correct)) }
  if let log = result.memoryLog {
    parts += log.columns.map { NumberBytes("memory log's \($0.name)", $0.values) }
    for list in log.lists {
      parts.append(NumberBytes("memory log's \(list.name) by record", list.offsets.map { UInt64($0) }))
      parts.append(NumberBytes("memory log's \(list.name)", list.values))
    }
  }
  return parts + [NumberBytes("the result's digest", Array(result.digest.hex.utf8))]
}

/// Trains a run to its end, leaving after every `steps` steps and going on from the checkpoint with the next of
/// `processors`, of which there may be one.
///
/// - steps: nil to go through without leaving.
package func trainingBits(
  _ specification: Specification, leavingAfter steps: Int?, on processors: [Processor]
) throws -> TrainingBits {
  var checkpoint: Checkpoint?
  for attempt in 0... {
    var observer = Leaving(after: steps, last: checkpoint)
    let processor = processors[attempt % processors.count]
    let outcome = try Processor.$current.withValue(processor) {
      try train(specification, resumingFrom: checkpoint, observer: &observer)
    }
    switch outcome {
    case .stopped(let next): checkpoint = next
    case .diverged(let step, let what): throw BitsError.diverged(step: step, what: what)
    case .finished(let result, let weights):
      guard let last = observer.last else { throw BitsError.noStep }
      return Processor.$current.withValue(processor) {
        TrainingBits(specification, result, weights, last: last)
      }
    }
  }
  throw BitsError.noStep
}

/// Takes a checkpoint after every step, and leaves after some.
private struct Leaving: TrainingObserver {
  let steps: Int?
  private(set) var last: Checkpoint?
  private var done = 0

  init(after steps: Int?, last: Checkpoint?) { (self.steps, self.last) = (steps, last) }

  mutating func progressed(_ progress: TrainingProgress) -> TrainingRequest {
    guard progress.phase == .training else { return .proceed }
    done += 1
    return done == steps ? .stop : .checkpoint
  }

  mutating func save(_ checkpoint: Checkpoint) { last = checkpoint }
  func ended(_ cost: AttemptCost) {}
}

/// Why the same bits could not be looked for.
package enum BitsError: Error, CustomStringConvertible {
  case diverged(step: Int, what: String)
  case noStep
  case unpublished(String)
  case interrupted

  package var description: String {
    switch self {
    case .diverged(let step, let what): "at step \(step), \(what) was not a finite number any more"
    case .noStep: "the training has no step"
    case .unpublished(let why): "nothing was published: \(why)"
    case .interrupted: "asked to leave"
    }
  }
}
