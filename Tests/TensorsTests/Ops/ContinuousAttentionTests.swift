import Expectations
import Tensors
import Testing

/// Continuous attention of all heads, beside the statement of one.
private struct Looking: StatedOperation {
  var (B, L, N, D, heads) = (1, 1, 2, 1, 1)
  /// Standard deviations of the basis functions, which go round.
  var widths = [0.2, 0.1]

  var inputs: [Shape] { [[B, L, heads], [B, L, heads], [B, N, D]] }

  /// Means in and around 0...1, variances well above 0.
  var values: [[Float]] {
    [
      plainNoise(B * L * heads, seed: 1).map { 0.5 + 0.6 * $0 },
      plainNoise(B * L * heads, seed: 2).map { 0.02 + 0.02 * $0.magnitude }, plainNoise(B * N * D, seed: 3),
    ]
  }

  var centres: [Float] { (0..<N).map { Float($0 / widths.count * widths.count) / Float(N) } }
  var variances: [Float] { (0..<N).map { widths[$0 % widths.count] }.map { Float($0 * $0) } }

  func computed(_ x: [Tensor]) -> Tensor {
    let attention = ContinuousAttention(heads: heads, centres: centres, variances: variances)
    return attention(mean_BLH: x[0], variance_BLH: x[1], value_BND: x[2])
  }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    let K = D / heads
    let statement = ContinuousAttentionStatement(
      width: K, centres: centres.map { S($0) }, variances: variances.map { S($0) })
    var context = [S](repeating: 0, count: B * L * D)
    for head in 0..<B * heads {
      let (b, h) = (head / heads, head % heads)
      let bells = (0..<L).map { (b * L + $0) * heads + h }
      var values: [S] = []
      for j in 0..<N {
        let start = (b * N + j) * D + h * K
        values += x[2][start..<start + K]
      }
      let own = statement(bells.map { x[0][$0] }, bells.map { x[1][$0] }, values)
      for index in own.indices { context[(b * L + index / K) * D + h * K + index % K] = own[index] }
    }
    return context
  }
}

@Suite struct ContinuousAttentionTests {
  @Test(arguments: [1, 5, 17], [(2, 1, 1), (4, 6, 3), (18, 8, 2), (34, 33, 1)])
  func `continuous attention is as stated`(L: Int, sizes: (N: Int, D: Int, heads: Int)) {
    let looking = Looking(B: 2, L: L, N: sizes.N, D: sizes.D, heads: sizes.heads)
    expectStated(looking, at: looking.values)
  }

  @Test(arguments: [[0.15], [0.3, 0.2, 0.1], [0.2, 0.1, 0.15, 0.25, 0.3]])
  func `any number of widths is as stated`(widths: [Double]) {
    let looking = Looking(B: 1, L: 3, N: 60, D: 4, heads: 2, widths: widths)
    expectStated(looking, at: looking.values)
  }

  @Test func `widths that never come again are as stated`() {
    let looking = Looking(B: 1, L: 3, N: 37, D: 2, heads: 1, widths: (0..<37).map { 0.1 + 0.01 * Double($0) })
    expectStated(looking, at: looking.values)
  }

  @Test func `heads are shared out among threads`() {
    let looking = Looking(B: 3, L: 70, N: 40, D: 24, heads: 2)
    expectStated(looking, at: looking.values)
  }

  @Test func `blocks of queries are as stated`() {
    let looking = Looking(B: 1, L: 258, N: 6, D: 2, heads: 1)
    expectStated(looking, at: looking.values)
  }

  /// What queries look with, r, is what they see of functions that are numbered; then they mix values by it.
  @Test func `one operation has the bits of densities and a mixture`() {
    let looking = Looking(B: 2, L: 19, N: 290, D: 290, heads: 1)
    let attention = ContinuousAttention(heads: 1, centres: looking.centres, variances: looking.variances)
    let (mean, variance) = (
      Tensor(looking.inputs[0], looking.values[0]), Tensor(looking.inputs[1], looking.values[1])
    )
    var identity = [Float](repeating: 0, count: 290 * 290)
    for j in 0..<290 { identity[291 * j] = 1 }
    let value_BND = Tensor([2, 290, 33], plainNoise(2 * 290 * 33, seed: 6))
    for (name, found) in onEveryProcessor({ () -> ([Float], [Float]) in
      let r_BLN = attention(
        mean_BLH: mean, variance_BLH: variance, value_BND: Tensor([2, 290, 290], identity + identity))
      let context = attention(mean_BLH: mean, variance_BLH: variance, value_BND: value_BND)
      return (context.values, value_BND.mixed(by: r_BLN).values)
    }) {
      expectSameBits(found.0, found.1, name)
    }
  }

  /// Golden numbers computed in double precision elsewhere: centres 0, 0, 1, 1, widths .05 and .1, μ = .3, v = .02.
  @Test func `the overlap of bells and its slopes have the published values`() {
    let attention = ContinuousAttention(
      heads: 1, centres: [0, 0, 1, 1], variances: [0.0025, 0.01, 0.0025, 0.01])
    let r = [3.599397768e-1, 5.139344327e-1, 4.964030580e-5, 6.540503307e-4]
    let slopes = [-4.799197023, -5.139344327, 1.544365069e-3, 1.526117438e-2]
    let widening = [23.99598512, 17.13114776, 2.292033873e-2, 1.671461956e-1]
    var identity = [Float](repeating: 0, count: 16)
    for j in 0..<4 { identity[5 * j] = 1 }
    let value = Tensor([1, 4, 4], identity)
    for j in 0..<4 {
      let tape = Tape()
      let mean = tape.watch(Tensor([1, 1, 1], [0.3])), variance = tape.watch(Tensor([1, 1, 1], [0.02]))
      let context = attention(mean_BLH: mean, variance_BLH: variance, value_BND: value)
      // The inputs .3 and .02 themselves are rounded to single precision: 1e-8, times slopes of up to 70 times r.
      func expect(_ found: Float?, _ expected: Double) {
        #expect(abs(Double(found ?? .nan) - expected) <= 4e-6 * abs(expected), "function \(j)")
      }
      expect(context.values[j], r[j])
      let gradients = tape.gradients(of: context.columns(j..<j + 1).sum(), for: [mean, variance])
      expect(gradients[0]?.scalar, slopes[j])
      expect(gradients[1]?.scalar, widening[j])
    }
  }

  @Test func `a query far from every function sees nothing, and a narrow one does not overflow`() {
    let attention = ContinuousAttention(heads: 1, centres: [0, 1], variances: [1e-6, 1e-6])
    let tape = Tape()
    let mean = tape.watch(Tensor([1, 2, 1], [0.5, 1])),
      variance = tape.watch(Tensor([1, 2, 1], [1e-6, 1e-6]))
    let value = tape.watch(Tensor([1, 2, 2], [1, 2, 3, 4]))
    let context = attention(mean_BLH: mean, variance_BLH: variance, value_BND: value)
    expectSameBits(Array(context.values.prefix(2)), [0, 0])
    // 1 / √(2π 2e-6) = 282.09479
    #expect(abs(context.values[2] / 3 - 282.09479) < 1e-3 && abs(context.values[3] / 4 - 282.09479) < 1e-3)
    for gradient in tape.gradients(of: context.sum(), for: [mean, variance, value]) {
      #expect(gradient?.hasNonFinite == false)
    }
  }
}
