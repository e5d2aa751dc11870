import Tensors

/// How fast matrix products of the models' shapes are, against what this machine can do at all, and beside OpenBLAS
/// where it is installed.
package struct MatrixProductBenchmark: Sendable {
  struct Row: Sendable {
    let shape: ProductShape
    /// The median of several tries.
    var seconds: Double
    var openBLASSeconds: Double?

    var rate: Double { shape.products.operations / seconds }
  }

  private let conditions: BenchmarkConditions
  /// Floating-point operations a second of fused multiply-adds in registers.
  private var peak: Double
  private var rows: [Row]
  private let hasOpenBLAS: Bool

  /// Measures with the processor of here and now.
  ///
  /// - Parameter note: hears what is being timed.
  package init(_ shapes: [ProductShape] = ProductShape.all, tries: Int, note: (String) -> Void) {
    let processor = Processor.current
    conditions = BenchmarkConditions()
    let library = OpenBLAS(threads: processor.workers.threads)
    hasOpenBLAS = library != nil
    // Other processes only take away from a peak, so the fastest of many tries, before and after, is nearest to it.
    let before = MatrixProductBenchmark.peak(of: processor)
    rows = shapes.map { shape in
      note("\(shape.shape) \(shape.use)")
      let seconds = shape.products.timed(tries: tries).median
      let (a, b) = shape.products.operands
      let other = library.map { library in
        timing(tries: tries, prepare: {}) { _ = shape.products.computed(a, b, by: library) }.median
      }
      return Row(shape: shape, seconds: seconds, openBLASSeconds: other)
    }
    peak = max(before, MatrixProductBenchmark.peak(of: processor))
  }

  /// The middle of several measurements, shape by shape.
  package init(medianOf several: [MatrixProductBenchmark]) {
    self = several[0]
    peak = several.map(\.peak).max() ?? peak
    for index in rows.indices {
      rows[index].seconds = median(several.map { $0.rows[index].seconds })
      let others = several.compactMap { $0.rows[index].openBLASSeconds }
      rows[index].openBLASSeconds = others.isEmpty ? nil : median(others)
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
      let seconds = clock.measure { operations = processor.multiplyAdd(rounds: rounds) }.inSeconds
      return max(best, operations / seconds)
    }
  }

  package var table: BenchmarkTable {
    @Sendable func rate(_ value: Double) -> String { NumberText.fixed(value, digits: 1) }
    var columns = [
      BenchmarkTable.Column("shape", "shape", .label), BenchmarkTable.Column("product", "product", .label),
      BenchmarkTable.Column("seconds", "µs") { NumberText.fixed($0 * 1e6, digits: 1) },
      BenchmarkTable.Column("gigaflops", "GFLOP/s", .more, show: rate),
      BenchmarkTable.Column("fraction_of_peak", "of peak", show: percent),
    ]
    if hasOpenBLAS {
      columns += [
        BenchmarkTable.Column("openblas_gigaflops", "OpenBLAS", show: rate),
        BenchmarkTable.Column("openblas_gigaflops_ratio", "×") { NumberText.fixed($0, digits: 2) },
      ]
    }
    let body = rows.map { row in
      var cells: [String: BenchmarkTable.Cell] = [
        "shape": .text(row.shape.shape), "product": .text(row.shape.use), "seconds": .number(row.seconds),
        "gigaflops": .number(row.rate * 1e-9), "fraction_of_peak": .number(row.rate / peak),
        "peak_gigaflops": .number(peak * 1e-9),
      ]
      if let other = row.openBLASSeconds {
        cells["openblas_gigaflops"] = .number(row.shape.products.operations / other * 1e-9)
        cells["openblas_gigaflops_ratio"] = .number(other / row.seconds)
      }
      return BenchmarkTable.Row(cells: cells)
    }
    return BenchmarkTable(
      name: "matmul", conditions: conditions,
      notes: [
        "peak of fused multiply-adds: \(rate(peak * 1e-9)) GFLOP/s; \(hasOpenBLAS ? "OpenBLAS: installed" : "OpenBLAS: not installed")"
      ], columns: columns, rows: body)
  }
}

/// `87 %`
func percent(_ fraction: Double) -> String { NumberText.fixed(fraction * 100, digits: 0) + " %" }
