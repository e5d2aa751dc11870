import Tensors

/// How fast matrix products of the models' shapes are (medians), against what this machine can do at all (the fastest).
package struct MatrixProductBenchmark: Sendable {
  package struct Row: Sendable, Encodable {
    /// What a model uses such a product for.
    package let use: String
    package let rows, inner, columns: Int
    /// The median of several tries.
    package let seconds: Double
    /// 10⁹ floating-point operations a second, in the median.
    package let gigaflops: Double
    /// Of the peak measured in the same run, in the median.
    package let fraction: Double
    /// The same of the fastest try: like the peak, it leaves out what other processes took.
    package let bestFraction: Double

    enum CodingKeys: String, CodingKey {
      case use, rows, inner, columns, seconds, gigaflops
      case fraction = "fraction_of_peak"
      case bestFraction = "best_fraction_of_peak"
    }
  }

  package let instructionSet: String
  package let threads: Int
  /// 10⁹ fused multiply-adds of registers a second, times two.
  package let peakGigaflops: Double
  package let rows: [Row]

  /// Measures with the processor of here and now: every shape with data as it lies in a training step.
  package init() {
    let processor = Processor.current
    instructionSet = processor.instructionSet.description
    threads = processor.workers.threads
    // Other processes only take away from a peak, so the fastest of many tries, before and after, is nearest to it.
    let before = MatrixProductBenchmark.peak(of: processor)
    let measured = MatrixProductBenchmark.shapes.map { MatrixProductBenchmark.measure($0) }
    let peak = max(before, MatrixProductBenchmark.peak(of: processor))
    peakGigaflops = peak * 1e-9
    rows = measured.map { shape, timing in
      let operations = 2 * Double(shape.M) * Double(shape.K) * Double(shape.N)
      let rate = operations / timing.median
      return Row(
        use: shape.use, rows: shape.M, inner: shape.K, columns: shape.N, seconds: timing.median,
        gigaflops: rate * 1e-9, fraction: rate / peak, bestFraction: operations / timing.fastest / peak)
    }
  }

  /// Floating-point operations a second.
  private static func peak(of processor: Processor) -> Double {
    let clock = ContinuousClock()
    // Twenty times some milliseconds, whatever the instruction set.
    var rounds = 1000
    while clock.measure({ _ = processor.multiplyAdd(rounds: rounds) }) < .milliseconds(4) { rounds *= 2 }
    return (0..<20).reduce(0.0) { best, _ in
      var operations = 0.0
      let seconds = clock.measure { operations = processor.multiplyAdd(rounds: rounds) } / .seconds(1)
      return max(best, operations / seconds)
    }
  }

  private struct Shape {
    enum Form { case forward, transposed, weightGradient }
    let use: String
    let form: Form
    let M, K, N: Int
  }

  /// Of the quick tier (512 tokens of width 64 in a batch's segment) and of the paper's (1024 of width 512 in one
  /// sequence's).
  private static let shapes: [Shape] = [("quick", 512, 64), ("paper", 1024, 512)].flatMap { tier, tokens, D in
    [
      Shape(use: "\(tier): queries, keys, values", form: .forward, M: tokens, K: D, N: 3 * D),
      Shape(use: "\(tier): attention output", form: .forward, M: tokens, K: D, N: D),
      Shape(use: "\(tier): feed-forward in", form: .forward, M: tokens, K: D, N: 4 * D),
      Shape(use: "\(tier): feed-forward out", form: .forward, M: tokens, K: 4 * D, N: D),
      Shape(use: "\(tier): gradient of feed-forward input", form: .transposed, M: tokens, K: 4 * D, N: D),
      Shape(
        use: "\(tier): gradient of feed-forward weight", form: .weightGradient, M: D, K: tokens, N: 4 * D),
    ]
  }

  private static func measure(_ shape: Shape) -> (Shape, Timing) {
    func numbers(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor {
      let place = Place(seed: seed, purpose: .data, site: 0, step: 0)
      return Tensor(
        [rows, columns],
        place.words(first: 0, count: rows * columns).map { Float($0 >> 8) * 0x1p-23 - 1 })
    }
    switch shape.form {
    case .forward:
      let (x, weight) = (numbers(shape.M, shape.K, seed: 1), numbers(shape.K, shape.N, seed: 2))
      return (shape, timing(prepare: {}) { _ = x.mapped(by: weight) })
    case .transposed:
      let (x, weight) = (numbers(shape.M, shape.K, seed: 1), numbers(shape.N, shape.K, seed: 2))
      return (shape, timing(prepare: {}) { _ = x.scored(against: weight) })
    case .weightGradient:
      // xᵀ dy for a loss that adds up the outputs: a product, and filling dy.
      let (x, weight) = (numbers(shape.K, shape.M, seed: 1), numbers(shape.M, shape.N, seed: 2))
      let sweep = timing(prepare: { () -> (Tape, Tensor, Tensor) in
        let tape = Tape()
        let watched = tape.watch(weight)
        return (tape, x.mapped(by: watched).sum(), watched)
      }) { tape, loss, watched in
        _ = tape.gradients(of: loss, for: [watched])
      }
      return (shape, sweep)
    }
  }

  /// A table for people.
  package var text: String {
    let head = ["product", "M", "K", "N", "µs", "GFLOP/s", "of peak", "at best"]
    let body = rows.map {
      [
        $0.use, "\($0.rows)", "\($0.inner)", "\($0.columns)", NumberText.fixed($0.seconds * 1e6, digits: 1),
        NumberText.fixed($0.gigaflops, digits: 1),
        NumberText.fixed($0.fraction * 100, digits: 0) + " %",
        NumberText.fixed($0.bestFraction * 100, digits: 0) + " %",
      ]
    }
    return "\(instructionSet) kernels on \(counted(threads, "thread")); peak of fused multiply-adds: "
      + "\(NumberText.fixed(peakGigaflops, digits: 1)) GFLOP/s\n"
      + inColumns([head] + body, numbersRight: true)
  }

  /// A list of objects for programs.
  package var json: String {
    jsonText(
      rows.map {
        Object(instruction_set: instructionSet, threads: threads, peak_gigaflops: peakGigaflops, product: $0)
      })
  }

  private struct Object: Encodable {
    let instruction_set: String
    let threads: Int
    let peak_gigaflops: Double
    let product: Row
  }
}
