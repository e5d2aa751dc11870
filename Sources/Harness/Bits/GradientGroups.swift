import Models
import Networks
import Tasks
import Tensors

/// Gradients of a batch that is read in groups (numerics.md).
extension BitsSelftest {
  /// The gradients of a batch are those of its groups, each computed by itself and the last one first, added in their
  /// order.
  func groups(_ table: Table) async throws -> BitsTable.Row {
    let specifications = try BitsSizes.specificationsOfSeveralGroups()
    return try await table.row("a batch of several groups, and its groups one by one") { subject in
      guard let specification = specifications.first(where: { $0.model.name == subject.name }) else {
        return .failed("no run of this model has a batch of several groups")
      }
      return Processor.$current.withValue(Processor(.best, threads: 2)) { groupsDifference(specification) }
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
      let apart = groups.reversed().map { group in
        trainee().learn(from: Array(examples[group]), inBatchOf: examples.count)
      }
      var sum = Learned(parameters: whole.parameters.all.count)
      for learned in apart.reversed() { sum += learned }
      let names = whole.parameters.all.map(\.path)
      return BitsCell(firstDifference(bits(of: whole.learn(from: examples), names), bits(of: sum, names)))
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
