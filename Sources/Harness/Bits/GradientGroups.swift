import Models
import Networks
import Tasks
import Tensors

/// Gradients of a batch that is read in groups (numerics-1: Sources/Tensors/README.md).
extension BitsSelftest {
  /// The gradients of a batch are those of its groups, each computed by itself and the last one first, added in their
  /// order; on every instruction set but the portable one, whose products of thousands of terms take minutes, and on
  /// several threads.
  func groups(_ table: Table) async throws -> BitsTable.Row {
    let specifications = try BitsSizes.specificationsOfSeveralGroups()
    return try await table.row("a batch of several groups, and its groups one by one") { subject in
      guard let specification = specifications.first(where: { $0.model.name == subject.name }) else {
        return .failed("no run of this model has a batch of several groups")
      }
      return groupsDifference(specification)
    }
  }
}

private func groupsDifference(_ specification: Specification) -> BitsCell {
  func compare<M: SequenceModel>(_ model: M.Type) -> BitsCell {
    func compare<T: LearningTask>(on task: T.Type) -> BitsCell {
      func trainee() -> Trainee<M, T> {
        Trainee(
          specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
          specification.training, seed: specification.seed)
      }
      let whole = trainee()
      let examples = Array(0..<specification.training.batch)
      let groups = whole.groups(of: examples.count)
      guard groups.count > 1 else { return .failed("the batch is one group") }
      var sum = Learned(parameters: whole.parameters.all.count)
      let names = whole.parameters.all.map(\.path)
      Processor.$current.withValue(Processor(.best, threads: 2)) {
        let apart = groups.reversed().map { group in
          trainee().learn(from: Array(examples[group]), inBatchOf: examples.count)
        }
        for learned in apart.reversed() { sum += learned }
      }
      for instructions in InstructionSet.available where instructions != .portable {
        for threads in [1, 7] {
          let difference = Processor.$current.withValue(Processor(instructions, threads: threads)) {
            firstDifference(bits(of: sum, names), bits(of: trainee().learn(from: examples), names))
          }
          if let difference { return BitsCell(difference) }
        }
      }
      return BitsCell(nil)
    }
    let task = specification.task
    return compare(on: task)
  }
  let model = specification.model
  return compare(model)
}

private func bits(of learned: Learned, _ names: [String]) -> [NumberBytes] {
  [NumberBytes("loss", [learned.loss])]
    + zip(names, learned.gradients).map { NumberBytes("gradient of \($0)", $1?.values ?? []) }
}
