import Tensors

/// Batches cut in other ways.
extension BitsSelftest {
  /// A document's hidden states and memory do not depend on the batch it is read in.
  func documents(_ table: Table) async throws -> [BitsTable.Row] {
    let ways: [(words: String, batches: ([Int]) -> [[Int]])] = [
      ("documents read one by one", { $0.map { [$0] } }),
      (
        "documents read in an uneven split",
        { [Array($0.prefix($0.count / 3)), Array($0.dropFirst($0.count / 3))] }
      ),
      ("documents read in reverse order", { [$0.reversed()] }),
    ]
    var rows: [BitsTable.Row] = []
    for way in ways {
      rows.append(
        try await table.row(way.words) { subject in
          let numbers = Array(0..<subject.specification.training.batch)
          func bits(_ batches: [[Int]]) -> [NumberBytes] {
            let read = Processor.$current.withValue(Processor(.best, threads: 1)) {
              documentBits(subject.specification, weights: subject.baseline.weights, batches: batches)
            }
            return numbers.flatMap { read[$0] ?? [] }
          }
          return BitsCell(firstDifference(bits([numbers]), bits(way.batches(numbers))))
        })
    }
    return rows
  }
}
