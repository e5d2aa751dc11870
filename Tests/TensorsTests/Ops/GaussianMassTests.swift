import Expectations
import Tensors
import Testing

@Suite struct GaussianMassTests {
  private static let edges: [Float] = [-0.1, 0, 0.25, 0.3, 0.75, 1, 1.2]

  /// In Double, by the definition.
  private func stated(_ mean: [Float], _ variance: [Float]) -> [Double] {
    zip(Self.edges, Self.edges.dropFirst()).map { low, high in
      zip(mean, variance).reduce(0.0) { sum, bell in
        func below(_ edge: Float) -> Double {
          Double.errorFunction((Double(edge) - Double(bell.0)) / (2 * Double(bell.1)).squareRoot())
        }
        return sum + (below(high) - below(low)) / 2
      }
    }
  }

  @Test(arguments: [(1, [1]), (2, [5, 3]), (3, [33, 2]), (2, [1024, 4])])
  func `masses are those of the Gaussians, with the same bits everywhere`(B: Int, extents: [Int]) {
    let count = extents.reduce(1, *)
    let means = plainNoise(B * count, seed: 1).map { 0.5 + 0.7 * $0 }
    // From the narrowest that attention may have to wider than the line.
    let variances = plainNoise(B * count, seed: 2).map { 1e-6 + 0.8 * $0 * $0 * abs($0) }
    let shape = Shape([B] + extents)
    let outcomes = onEveryProcessor {
      gaussianMasses(
        mean: Tensor(shape, means), variance: Tensor(shape, variances), edges: Self.edges)
    }
    #expect(outcomes[0].outcome.shape == [B, 6])
    let found = outcomes[0].outcome.values
    for (name, other) in outcomes { expectSameBits(other.values, found, name) }
    for b in 0..<B {
      let range = b * count..<(b + 1) * count
      for (bin, expected) in stated(Array(means[range]), Array(variances[range])).enumerated() {
        #expect(
          abs(Double(found[b * 6 + bin]) - expected) < 1e-6 * Double(count).squareRoot() + 2e-6 * expected)
      }
    }
  }

  @Test func `a sequence's masses are its own`() {
    let (mean, variance) = (plainNoise(40, seed: 1), plainNoise(40, seed: 2).map { 0.01 + abs($0) })
    let both = gaussianMasses(
      mean: Tensor([2, 20], mean), variance: Tensor([2, 20], variance), edges: Self.edges
    ).values
    for b in 0..<2 {
      let alone = gaussianMasses(
        mean: Tensor([1, 20], Array(mean[b * 20..<(b + 1) * 20])),
        variance: Tensor([1, 20], Array(variance[b * 20..<(b + 1) * 20])), edges: Self.edges)
      expectSameBits(alone.values, Array(both[b * 6..<(b + 1) * 6]))
    }
  }
}
