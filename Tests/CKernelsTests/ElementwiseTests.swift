import CKernels
import Expectations
import Testing

private typealias Unary =
  @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void

@Suite struct Elementwise {
  private static let special: [Float] = [
    0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 88.72283, 88.72284, -87.33655,
    -103.97, -103.98, 104, -104, 0.5, -0.5, 4, -4, 10, -10, 0.99999994, 1.0000001,
  ]

  /// Every kind of number; and in plain noise, so many that the last vector is full, and each number short of
  /// that.
  private static let inputs: [[Float]] =
    [special, floats(every: 104_729), plainNoise(4096).map { $0 * 12 }]
    + sizes.map { plainNoise($0, seed: 3) }

  /// Every tail, and the edges of longer vectors.
  private static let sizes = Array(1...130) + [255, 256, 257, 300]

  private func expectSame(
    _ kernel: KeyPath<kernel_table, Unary>, _ statement: (Float) -> Float,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for x in Self.inputs {
      let expected = x.map(statement)
      for set in InstructionSet.here {
        let found = results(x.count) { memory, out in
          set.kernels[keyPath: kernel](out, memory.holding(x), x.count)
        }
        expectSameBits(found, expected, "\(set.name), \(x.count) numbers", sourceLocation: sourceLocation)
      }
    }
  }

  @Test func `exp has its pinned bits`() { expectSame(\.exponential, Float.exponential) }
  @Test func `log has its pinned bits`() { expectSame(\.logarithm, Float.logarithm) }
  @Test func `tanh has its pinned bits`() { expectSame(\.hyperbolic_tangent, Float.hyperbolicTangent) }
  @Test func `erf has its pinned bits`() { expectSame(\.error_function, Float.errorFunction) }
  @Test func `gelu has its pinned bits in both forms`() {
    expectSame(\.gelu_tanh, Statement.geluTanh)
    expectSame(\.gelu_exact, Statement.geluExact)
  }
  @Test func `relu has its pinned bits`() { expectSame(\.relu, Statement.relu) }
  @Test func `the logistic function and its integral have their pinned bits`() {
    expectSame(\.sigmoid, Statement.sigmoid)
    expectSame(\.softplus, Statement.softplus)
  }

  @Test func `a floor lets pass what is above it, and NaN`() {
    for x in Self.inputs {
      for floor in [Float(1e-4), -2, 0] {
        for set in InstructionSet.here {
          let found = results(x.count) { memory, out in
            set.kernels.at_least(out, memory.holding(x), floor, x.count)
          }
          expectSameBits(found, x.map { Statement.atLeast(floor, $0) }, "\(set.name), \(x.count) numbers")
        }
      }
    }
  }

  /// Gradients at every kind of number, the edges themselves among them.
  @Test func `pullbacks of activations have their pinned bits`() {
    for x in Self.inputs {
      let dy = plainNoise(x.count, seed: 4)
      for set in InstructionSet.here {
        func expectPairs(
          _ what: String, _ statement: (Float, Float) -> Float,
          _ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
        ) {
          let found = results(x.count) { memory, out in kernel(out, memory.holding(x), memory.holding(dy)) }
          expectSameBits(found, zip(x, dy).map(statement), "\(what) \(set.name), \(x.count) numbers")
        }
        let kernels = set.kernels
        expectPairs("gelu tanh", Statement.geluTanhPullback) {
          kernels.gelu_tanh_pullback($0, $1, $2, x.count)
        }
        expectPairs("gelu exact", Statement.geluExactPullback) {
          kernels.gelu_exact_pullback($0, $1, $2, x.count)
        }
        expectPairs("log", { $1 / $0 }) { kernels.logarithm_pullback($0, $1, $2, x.count) }
        expectPairs("relu", Statement.reluPullback) { kernels.relu_pullback($0, $1, $2, x.count) }
        expectPairs("sigmoid", Statement.sigmoidPullback) { kernels.sigmoid_pullback($0, $1, $2, x.count) }
        expectPairs("softplus", Statement.softplusPullback) { kernels.softplus_pullback($0, $1, $2, x.count) }
        expectPairs("floor", { Statement.atLeastPullback(0.5, $0, $1) }) {
          kernels.at_least_pullback($0, $1, $2, 0.5, x.count)
        }
      }
    }
  }

  @Test(arguments: sizes)
  func `two operands give the bits of one operation`(n: Int) {
    let a = plainNoise(n, seed: 1), b = plainNoise(n, seed: 2).map { $0 * 3 }
    for set in InstructionSet.here {
      let kernels = set.kernels
      func found(_ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void)
        -> [Float]
      {
        results(n) { memory, out in body(out, memory.holding(a), memory.holding(b)) }
      }
      func expectPairs(_ values: [Float], _ statement: (Float, Float) -> Float) {
        expectSameBits(values, zip(a, b).map(statement), set.name)
      }
      expectPairs(found { kernels.add($0, $1, $2, n) }) { $0 + $1 }
      expectPairs(found { kernels.subtract($0, $1, $2, n) }) { $0 - $1 }
      expectPairs(found { kernels.multiply($0, $1, $2, n) }) { $0 * $1 }
      expectPairs(found { out, a, _ in kernels.scale(out, a, 0.3, n) }) { x, _ in 0.3 * x }
      expectPairs(found { kernels.logarithm_pullback($0, $1, $2, n) }) { $1 / $0 }
      expectPairs(found { kernels.gelu_tanh_pullback($0, $1, $2, n) }, Statement.geluTanhPullback)
      expectPairs(found { kernels.gelu_exact_pullback($0, $1, $2, n) }, Statement.geluExactPullback)
      expectPairs(
        found { out, a, b in
          for i in 0..<n { out[i] = a[i] }
          kernels.add(out, out, b, n)
        }
      ) { $0 + $1 }
    }
  }

  @Test(arguments: sizes)
  func `a row is added to every row`(columns: Int) {
    let rows = 3
    let x = plainNoise(rows * columns, seed: 1), row = plainNoise(columns, seed: 2)
    for set in InstructionSet.here {
      let found = results(x.count) { memory, out in
        set.kernels.add_to_rows(out, memory.holding(x), memory.holding(row), rows, columns)
      }
      expectSameBits(found, x.indices.map { x[$0] + row[$0 % columns] }, set.name)
    }
  }

  @Test(arguments: sizes)
  func `a step of Adam is the formula`(n: Int) {
    let step = Statement.AdamStep<Float>(
      gradientScale: 0.37, rate: 2e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, correction1: 0.19,
      correction2: 0.0396)
    let g = plainNoise(n, seed: 4)
    var p = plainNoise(n, seed: 1), m = plainNoise(n, seed: 2), v = plainNoise(n, seed: 3).map(\.magnitude)
    let (p0, m0, v0) = (p, m, v)
    for i in 0..<n { Statement.adam(&p[i], &m[i], &v[i], g[i], step) }
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let (pp, mm, vv) = (memory.holding(p0), memory.holding(m0), memory.holding(v0))
      set.kernels.adam(
        pp, mm, vv, memory.holding(g), n, step.gradientScale, step.rate, step.beta1, step.beta2, step.epsilon,
        step.correction1, step.correction2)
      expectSameBits(memory.contents(pp, n), p, "\(set.name) p")
      expectSameBits(memory.contents(mm, n), m, "\(set.name) m")
      expectSameBits(memory.contents(vv, n), v, "\(set.name) v")
    }
  }
}
