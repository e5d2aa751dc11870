import CKernels
import Expectations
import Testing

/// A comparison that nothing can fail shows nothing: each rule of the order, changed by one step, is noticed.
@Suite struct Mutations {
  /// The statement of a product with its two rules as parameters.
  private func product(_ a: [Float], _ b: [Float], M: Int, N: Int, K: Int, chunk: Int, fused: Bool) -> [Float]
  {
    var c: [Float] = []
    for i in 0..<M {
      for j in 0..<N {
        var total: Float?
        for first in stride(from: 0, to: K, by: chunk) {
          var chain: Float = 0
          for k in first..<min(first + chunk, K) {
            let (x, y) = (a[i * K + k], b[k * N + j])
            chain = fused ? chain.addingProduct(x, y) : chain + x * y
          }
          total = total.map { $0 + chain } ?? chain
        }
        c.append(total ?? 0)
      }
    }
    return c
  }

  /// The statement of a dot product with its two rules as parameters.
  private func dot(_ a: [Float], _ b: [Float], lanes: Int, fused: Bool) -> Float {
    var sums = [Float](repeating: 0, count: lanes)
    for i in a.indices {
      sums[i % lanes] = fused ? sums[i % lanes].addingProduct(a[i], b[i]) : sums[i % lanes] + a[i] * b[i]
    }
    while sums.count > 1 { sums = (0..<sums.count / 2).map { sums[$0] + sums[$0 + sums.count / 2] } }
    return sums[0]
  }

  /// Expects the comparison that all tests of kernels use to complain.
  private func expectNoticed(_ found: [Float], _ altered: [Float], _ what: String) {
    withKnownIssue("a changed rule: \(what)") { expectSameBits(found, altered, what) }
  }

  @Test(arguments: InstructionSet.here)
  func `another chunk, and a multiplication rounded by itself, change a matrix product`(set: InstructionSet) {
    let (M, N, K) = (13, 33, 600)
    let a = plainNoise(M * K, seed: 1), b = plainNoise(K * N, seed: 2)
    let found = results(M * N) { memory, c in
      set.kernels.matmul(c, N, memory.holding(a), K, 1, memory.holding(b), N, 1, M, N, K, 0)
    }
    expectSameBits(found, product(a, b, M: M, N: N, K: K, chunk: 256, fused: true), "the rules as they are")
    for chunk in [128, 255, 257, 512, 600] {
      expectNoticed(found, product(a, b, M: M, N: N, K: K, chunk: chunk, fused: true), "chunks of \(chunk)")
    }
    expectNoticed(found, product(a, b, M: M, N: N, K: K, chunk: 256, fused: false), "two roundings")
  }

  @Test(arguments: InstructionSet.here)
  func `another number of lanes, and a multiplication rounded by itself, change a row`(set: InstructionSet) {
    let rows = 5, count = 700
    let a = plainNoise(rows * count, seed: 1), b = plainNoise(rows * count, seed: 2)
    let ones = [Float](repeating: 1, count: count)
    func dots(_ b: [Float]?, lanes: Int, fused: Bool) -> [Float] {
      (0..<rows).map { row in
        let range = row * count..<(row + 1) * count
        return dot(Array(a[range]), b.map { Array($0[range]) } ?? ones, lanes: lanes, fused: fused)
      }
    }
    let sums = results(rows) { memory, out in set.kernels.row_sum(out, memory.holding(a), rows, count) }
    let products = results(rows) { memory, out in
      set.kernels.row_dot(out, memory.holding(a), memory.holding(b), rows, count)
    }
    expectSameBits(sums, dots(nil, lanes: 64, fused: true), "the rules as they are")
    expectSameBits(products, dots(b, lanes: 64, fused: true), "the rules as they are")
    for lanes in [1, 16, 32, 128] {
      expectNoticed(sums, dots(nil, lanes: lanes, fused: true), "\(lanes) lanes")
      expectNoticed(products, dots(b, lanes: lanes, fused: true), "\(lanes) lanes")
    }
    expectNoticed(products, dots(b, lanes: 64, fused: false), "two roundings")
  }

  /// The last step of the layer norm, and of Adam: one fma of many.
  @Test(arguments: InstructionSet.here)
  func `one fma written as two operations is noticed`(set: InstructionSet) {
    let columns = 300, epsilon: Float = 1e-5
    let x = plainNoise(columns), gain = plainNoise(columns, seed: 3), bias = plainNoise(columns, seed: 4)
    let found = results(columns) { memory, out in
      set.kernels.layer_norm(
        out, memory.room(1), memory.room(1), memory.holding(x), memory.holding(gain), memory.holding(bias),
        epsilon, 1, columns)
    }
    let (mean, reciprocal) = Statement.moments(x, epsilon: epsilon)
    expectSameBits(
      found, Statement.layerNorm(x, gain: gain, bias: bias, epsilon: epsilon), "the rules as they are")
    let altered = x.indices.map { bias[$0] + (x[$0] - mean) * reciprocal * gain[$0] }
    expectNoticed(found, altered, "layer norm with two roundings")
  }
}
