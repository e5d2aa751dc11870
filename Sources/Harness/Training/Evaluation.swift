package import Engrams
import Models
package import Tasks
import Tensors

/// What an evaluation measured.
package struct Evaluation {
  /// Mean cross-entropy of the labels, in nats.
  package fileprivate(set) var loss = 0.0
  package fileprivate(set) var tally = Tally()
  /// Labels right, by example.
  package fileprivate(set) var right: [Int] = []
  fileprivate(set) var labels: [Int] = []
  /// What the memory did, batch by batch; empty for models without engrams or where no log was wanted.
  package fileprivate(set) var logs: [EngramLog] = []
  fileprivate(set) var memory = MemorySize()
}

extension Trainee {
  /// Loss and accuracy over a whole split, with dropout off, in the order of the data. Training is not disturbed.
  package func evaluate(
    _ split: Split, keepsLog: Bool, progressed: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  )
    -> Evaluation?
  {
    var evaluation = Evaluation()
    let count = task.count(of: split)
    for start in stride(from: 0, to: count, by: training.batch) {
      let batch = start..<min(start + training.batch, count)
      var memory = MemorySize()
      for group in groups(of: batch.count) {
        let numbers = group.map { start + $0 }
        memory += evaluate(numbers, of: split, keepsLog: keepsLog, into: &evaluation)
      }
      evaluation.memory.grow(to: memory)
      guard progressed(batch.upperBound, count) else { return nil }
    }
    evaluation.loss /= Double(max(evaluation.tally.labels, 1))
    return evaluation
  }

  /// Adds some examples, whose losses are summed for now.
  private func evaluate(_ numbers: [Int], of split: Split, keepsLog: Bool, into evaluation: inout Evaluation)
    -> MemorySize
  {
    let segments = task.batch(numbers, of: split)
    let examples = numbers.map { $0 + offset(of: split) }
    var tallies = [Tally](repeating: Tally(), count: numbers.count)
    var log: EngramLog?
    let memory = read(segments, examples: examples, isTraining: false, keepsLog: keepsLog) { output in
      let output = output()
      let logits = model.logits(of: output.hidden_RD)
      evaluation.loss += logits.crossEntropies(labels: output.labels).reduce(0.0) { $0 + Double($1) }
      for (index, prediction) in logits.argMax().enumerated() {
        let isRight = prediction == output.labels[index]
        tallies[output.sequences[index]] += Tally(right: isRight ? 1 : 0, labels: 1)
      }
    } finished: { memory in
      if keepsLog { log = model.report(of: memory)?.log }
    }
    if let log { evaluation.logs.append(log) }
    for tally in tallies {
      evaluation.tally += tally
      evaluation.right.append(tally.right)
      evaluation.labels.append(tally.labels)
    }
    return memory
  }
}
