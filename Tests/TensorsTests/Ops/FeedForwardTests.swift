import Expectations
import Tensors
import Testing

/// What a fused operation computes and learns, as bits.
private func outcome(
  of inputs: [(Shape, [Float])], _ operation: ([Tensor]) -> Tensor
) -> (y: [Float], gradients: [[Float]]) {
  let tape = Tape()
  let watched = inputs.map { tape.watch(Tensor($0, $1)) }
  let y = operation(watched)
  let loss = y.sum(weightedBy: Tensor(y.shape, plainNoise(y.shape.count, seed: 99)))
  return (y.values, tape.gradients(of: loss, for: watched).map { $0?.values ?? [] })
}

private func expectSameOutcome(
  _ inputs: [Shape], _ what: String, fused: ([Tensor]) -> Tensor, unfused: ([Tensor]) -> Tensor
) {
  let numbers = inputs.enumerated().map { ($1, plainNoise($1.count, seed: UInt64($0) + 1)) }
  let expected = outcome(of: numbers, unfused)
  for (name, found) in onEveryProcessor({ outcome(of: numbers, fused) }) {
    expectSameBits(found.y, expected.y, "\(what) by \(name)")
    for index in inputs.indices {
      expectSameBits(
        found.gradients[index], expected.gradients[index], "gradient \(index) of \(what) by \(name)")
    }
  }
  // Without gradients less is kept, and the bits are the same.
  let constants = numbers.map { Tensor($0, $1) }
  for (name, found) in onEveryProcessor({ fused(constants).values }) {
    expectSameBits(found, expected.y, "\(what) without gradients by \(name)")
  }
}

private func mask(_ site: UInt32, _ B: Int, _ L: Int, _ columns: Int, from row: Int = 0) -> DropoutMask {
  DropoutMask(
    place: Place(seed: 5, purpose: .dropout, site: site, step: 3), rate: 0.3,
    origins: (0..<B).map { UInt64(7 + 2 * $0) }, rows: L + 2, columns: columns
  ).from(row: row)
}

private typealias Sizes = (B: Int, L: Int, D: Int, F: Int)

@Suite struct FeedForwardTests {
  private static let sizes: [Sizes] = [(1, 1, 3, 5), (2, 5, 16, 33), (3, 7, 37, 64), (2, 70, 40, 300)]

  @Test(arguments: sizes)
  private func `a map onto a branch has the bits of map, dropout and sum`(sizes: Sizes) {
    let (B, L, D, F) = sizes
    for mask in [nil, mask(1, B, L, F), mask(1, B, L, F, from: 2)] {
      for hasBias in [true, false] {
        expectSameOutcome(
          [[B, L, D], [D, F], [B, L, F], [F]], "branch of \(sizes)",
          fused: {
            $0[0].mapped(
              by: $0[1], bias: hasBias ? $0[3] : nil, onto: ResidualBranch(residual: $0[2], mask: mask))
          },
          unfused: { $0[2] + $0[0].mapped(by: $0[1], bias: hasBias ? $0[3] : nil).dropout(mask) })
      }
    }
  }

  @Test(arguments: sizes)
  private func `feeding forward has the bits of its parts`(sizes: Sizes) {
    let (B, L, D, F) = sizes
    for activation in [Activation.gelu(.tanh), .gelu(.exact), .relu] {
      for (inner, outer) in [(nil, nil), (mask(1, B, L, F), mask(2, B, L, D))] {
        func parts(_ x: [Tensor]) -> Tensor {
          let h = x[0].mapped(by: x[1], bias: x[2])
          let a =
            switch activation {
            case .gelu(let form): h.gelu(form)
            case .relu: h.relu()
            }
          return a.dropout(inner).mapped(by: x[3], bias: x[4])
        }
        func fused(_ x: [Tensor], onto branch: ResidualBranch?) -> Tensor {
          x[0].fedForward(
            AffineMap(weight_DF: x[1], bias_F: x[2]), activation, dropout: inner,
            AffineMap(weight_DF: x[3], bias_F: x[4]), onto: branch)
        }
        let inputs: [Shape] = [[B, L, D], [D, F], [F], [F, D], [D]]
        expectSameOutcome(
          inputs, "\(activation) of \(sizes)", fused: { fused($0, onto: nil) }, unfused: parts)
        expectSameOutcome(
          inputs + [[B, L, D]], "\(activation) of \(sizes) on a branch",
          fused: { fused($0, onto: ResidualBranch(residual: $0[5], mask: outer)) },
          unfused: { $0[5] + parts($0).dropout(outer) })
      }
    }
  }
}
