import Expectations
import Tensors
import Testing

@Suite struct NearnessTests {
  /// Distances, their negatives and the sums of exponentials, each as an operation of its own.
  private func apart(_ chosen: ChosenRows, _ vectors_WD: Tensor) -> [Float] {
    let D = vectors_WD.shape[1]
    let rows = chosen.rows.flatMap { chosen.table_ND[$0 * D..<($0 + 1) * D] }
    guard !rows.isEmpty else { return [] }
    return squaredDistances(Tensor([chosen.rows.count, D], rows), vectors_WD).negated().logSumExp().values
  }

  @Test(arguments: [1, 3, 64, 70])
  func `scores are those of the three operations, bit for bit, on every processor`(width: Int) {
    let (B, W) = (5, 7)
    let vectors = plainNoise(B * W * width, seed: 1)
    let tables = (0..<B).map { plainNoise((20 + 30 * $0) * width, seed: UInt64(2 + $0)) }
    let chosen = [
      ChosenRows(tables[0], []), ChosenRows(tables[1], Array(0..<50)),
      ChosenRows(tables[2], [0, 1, 4, 5, 79]),
      ChosenRows(tables[3], Array(7..<104)), ChosenRows(tables[4], (0..<70).map { 2 * $0 }),
    ]
    let expected = (0..<B).flatMap { b in
      apart(chosen[b], Tensor([W, width], Array(vectors[b * W * width..<(b + 1) * W * width])))
    }
    for (name, scores) in onEveryProcessor({
      logarithmicNearness(of: chosen, to: Tensor([B, W, width], vectors)).values
    }) {
      expectSameBits(scores, expected, "\(name)")
    }
  }

  @Test func `a row that is not there is told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = logarithmicNearness(of: [ChosenRows([1, 2, 3, 4], [2])], to: Tensor([1, 1, 2], [0, 0]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a row outside 0..<2 was chosen of a table of vectors"), "\(text)")
  }
}
