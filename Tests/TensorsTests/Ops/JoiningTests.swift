import Expectations
import Tensors
import Testing

private struct Joined: StatedOperation {
  var inputs: [Shape]

  func computed(_ x: [Tensor]) -> Tensor { joined(x) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    (0..<inputs[0][0]).flatMap { b in
      zip(inputs, x).flatMap { shape, values in
        values[b * shape[1] * shape[2]..<(b + 1) * shape[1] * shape[2]]
      }
    }
  }
}

@Suite struct JoiningTests {
  @Test func `parts lie one after another in every sequence`() {
    expectStated(Joined(inputs: [[2, 3, 4], [2, 1, 4]]))
    expectStated(Joined(inputs: [[3, 2, 5], [3, 0, 5], [3, 4, 5]]))
    expectStated(Joined(inputs: [[1, 2, 3]]))
  }

  @Test func `a constant part asks for no gradient`() {
    let tape = Tape()
    let x = tape.watch(Tensor([2, 2, 3], plainNoise(12)))
    let y = joined([Tensor([2, 5, 3], plainNoise(30)), x])
    let gradient = tape.gradients(of: (y * y).sum(), for: [x])[0]
    expectSameBits(gradient?.values ?? [], x.values.map { $0 + $0 })
    #expect(!joined([x.detached, x.detached]).isTraced)
  }

  @Test func `batches are stacked, as a constant`() {
    let (one, other) = (Tensor([2, 3, 4], plainNoise(24)), Tensor([1, 3, 4], plainNoise(12, seed: 2)))
    let both = stacked([one, Tape().watch(other)])
    #expect(both.shape == [3, 3, 4] && !both.isTraced)
    expectSameBits(both.values, one.values + other.values)
    #expect(stacked([Tensor([2, 0, 4], []), Tensor([1, 0, 4], [])]).shape == [3, 0, 4])
  }

  @Test(arguments: [0, 1, 3, 4, 5, 7])
  func `the latest rows are the last of both`(count: Int) {
    let (memory, segment) = (Tensor([2, 4, 3], plainNoise(24)), Tensor([2, 3, 3], plainNoise(18, seed: 2)))
    let all = joined([memory, segment]).values
    let kept = latest(count, of: memory, Tape().watch(segment))
    #expect(kept.shape == [2, count, 3] && !kept.isTraced)
    expectSameBits(kept.values, (0..<2).flatMap { all[($0 * 7 + 7 - count) * 3..<($0 + 1) * 21] })
  }

  @Test(arguments: [0..<0, 0..<2, 0..<4, 1..<6, 3..<5, 4..<7, 5..<6, 0..<7])
  func `any rows of both are taken, as a constant`(range: Range<Int>) {
    let (older, newer) = (Tensor([2, 4, 3], plainNoise(24)), Tensor([2, 3, 3], plainNoise(18, seed: 2)))
    let all = joined([older, newer]).values
    let found = joined(Tape().watch(older), Tape().watch(newer), rows: range)
    #expect(found.shape == [2, range.count, 3] && !found.isTraced)
    expectSameBits(
      found.values,
      (0..<2).flatMap { all[($0 * 7 + range.lowerBound) * 3..<($0 * 7 + range.upperBound) * 3] })
  }

  @Test func `nothing is added to a constant by parts without rows`() {
    let x = Tensor([2, 3, 2], plainNoise(12))
    let nothing = Tensor([2, 0, 2], [])
    expectSameBits(joined([nothing, x, nothing]).values, x.values)
    #expect(joined([nothing, nothing]).shape == [2, 0, 2])
  }

  @Test func `parts that do not fit are refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = joined([Tensor([2, 1, 3], repeating: 0), Tensor([2, 1, 4], repeating: 0)])
    }
  }
}
