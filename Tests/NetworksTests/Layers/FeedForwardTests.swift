import Expectations
import Networks
import Tensors
import Testing

private let x_BLD = plainNoise(2 * 4 * 6, seed: 11)

/// W₂ dropout(max(W₁ x + b₁, 0)) + b₂, the second map without a bias.
private struct StatedRectifier: StatedLayer {
  let rate: Double?
  private let now = moment(examples: [3, 8], isTraining: true)
  init(rate: Double?) { self.rate = rate }

  func declared(in scope: Scope) -> FeedForward {
    FeedForward(
      input: Linear(6, 9, deviation: 1, in: scope["mlp"]["input"]), .relu, dropout: rate,
      output: Linear(9, 6, weight: .uniform(bound: 1), bias: nil, in: scope["mlp"]["output"]),
      in: scope["mlp"])
  }
  func computed(_ layer: FeedForward) -> Tensor { layer(Tensor([2, 4, 6], x_BLD), at: now) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let inner = plain.linear(x_BLD.map { S($0) }, "mlp.input").map { Statement.relu($0) }
    let kept = inner.indices.map { isKept($0) ? inner[$0] * S(Float(1 / (1 - (rate ?? 0)))) : 0 }
    return Statement.product(kept, plain.list("mlp.output.weight"), M: 8, N: 6, K: 9)
  }
  /// Segment 1 of 3, of four places.
  private func isKept(_ index: Int) -> Bool {
    guard let rate else { return true }
    let (b, row, column) = (index / 36, index / 9 % 4, index % 9)
    let origin = UInt64(now.examples[b] * 3 + 1)
    let word = Statement.word(
      (origin * 4 + UInt64(row)) * 9 + UInt64(column), seed: 6, purpose: Purpose.dropout.rawValue,
      site: siteHash("mlp.dropout"), step: 2)
    return Double(word) < ((1 - rate) * 0x1p32).rounded(.down)
  }
}

@Suite struct FeedForwardTests {
  @Test(arguments: [nil, 0.4])
  func `a feed-forward network may rectify, and drop what is between its maps`(rate: Double?) {
    expectStated(StatedRectifier(rate: rate))
  }

  @Test func `a feed-forward network drops nothing when not training`() {
    let parameters = Parameters(seed: 3)
    let input = Linear(6, 9, deviation: 1, in: parameters.root["input"])
    let output = Linear(9, 6, deviation: 1, in: parameters.root["output"])
    let layer = FeedForward(input: input, .gelu(.exact), dropout: 0.5, output: output, in: parameters.root)
    let plain = FeedForward(input: input, .gelu(.exact), output: output, in: parameters.root)
    let x = Tensor([2, 4, 6], x_BLD)
    expectSameBits(layer(x, at: moment(examples: [0, 1])).values, plain(x).values)
    let dropped = layer(x, at: moment(examples: [0, 1], isTraining: true)).values
    #expect(zip(dropped, plain(x).values).contains { $0 != $1 })
  }
}
