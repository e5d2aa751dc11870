import Expectations
import Tensors
import Testing

private struct NaturalLogarithm: StatedOperation {
  let count: Int
  var inputs: [Shape] { [[count]] }
  func computed(_ x: [Tensor]) -> Tensor { x[0].logarithm() }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] { x[0].map { S.logarithm($0) } }
}

@Suite struct LogarithmTests {
  @Test(arguments: [1, 15, 17, 40, 1000, 50_001])
  func `logarithms are as stated`(count: Int) {
    expectStated(
      NaturalLogarithm(count: count), at: [plainNoise(count, seed: 6).map { 0.2 + 3 * abs($0) }])
  }
}
