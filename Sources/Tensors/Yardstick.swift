import CKernels

extension Processor {
  /// Keeps every thread busy with fused multiply-adds in registers, which nothing can outrun.
  ///
  /// Returns how many floating-point operations that were, on all threads together: two for a multiply-add.
  package func multiplyAdd(rounds: Int) -> Double {
    var sinks = [Float](repeating: 0, count: 16 * workers.threads)
    var operations = [Double](repeating: 0, count: workers.threads)
    sinks.withUnsafeMutableBufferPointer { sinks in
      operations.withUnsafeMutableBufferPointer { operations in
        guard let sink = sinks.baseAddress, let count = operations.baseAddress else { return }
        workers.share(workers.threads, cost: 1 << 20) { range in
          for thread in range { count[thread] = kernels.fma_rounds(sink + 16 * thread, rounds) }
        }
      }
    }
    return operations.reduce(0, +)
  }
}

/// A batch of matrix products that do not know each other, from operands that lie where training leaves them: what
/// yardsticks are timed on, own kernels and a library's alike.
package struct Products: Sendable, Hashable {
  /// How the operands of c [M, N] lie.
  package enum Form: Sendable {
    /// a [M, K] times b [K, N].
    case plain
    /// a [M, K] times the transpose of b [N, K].
    case secondTransposed
    /// The transpose of a [K, M] times b [K, N].
    case firstTransposed
  }

  package let form: Form
  package let count: Int
  package let M, K, N: Int

  package init(_ form: Form, count: Int = 1, M: Int, K: Int, N: Int) {
    (self.form, self.count, self.M, self.K, self.N) = (form, count, M, K, N)
  }

  /// Multiplications and additions.
  package var operations: Double { 2 * Double(count) * Double(M) * Double(K) * Double(N) }

  /// a and b with numbers from −1 to 1.
  package var operands: (a: Tensor, b: Tensor) {
    func numbers(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor {
      let place = Place(seed: seed, purpose: .data, site: 0, step: 0)
      let words = place.words(first: 0, count: count * rows * columns)
      let values = words.map { Float($0 >> 8) * 0x1p-23 - 1 }
      return Tensor(count == 1 ? [rows, columns] : [count, rows, columns], values)
    }
    let a = form == .firstTransposed ? numbers(K, M, seed: 1) : numbers(M, K, seed: 1)
    return (a, form == .secondTransposed ? numbers(N, K, seed: 2) : numbers(K, N, seed: 2))
  }

  /// Strides of a and b from row to row of the product, and along the terms of a sum.
  private var strides: (a: (Int, Int), b: (Int, Int)) {
    (form == .firstTransposed ? (1, M) : (K, 1), form == .secondTransposed ? (1, K) : (N, 1))
  }

  /// The products [count, M, N] by the kernels; threads share the rows of all of them.
  package func computed(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (aStrides, bStrides) = strides
    return Tensor([count, M, N]) { out in
      Processor.current.workers.share(count * M, cost: 2 * N * K) { rows in
        var row = rows.lowerBound
        while row < rows.upperBound {
          let (product, first) = row.quotientAndRemainder(dividingBy: M)
          let height = min(M - first, rows.upperBound - row)
          kernels.matmul(
            out + row * N, N, a.pointer + product * M * K + first * aStrides.0, aStrides.0, aStrides.1,
            b.pointer + product * K * N, bStrides.0, bStrides.1, height, N, K, 0)
          row += height
        }
      }
    }
  }

  /// The same by another library.
  package func computed(_ a: Tensor, _ b: Tensor, by library: OpenBLAS) -> Tensor {
    func product(_ number: Int, _ out: UnsafeMutablePointer<Float>) {
      library.multiply(
        a.pointer + number * M * K, transposed: form == .firstTransposed, b.pointer + number * K * N,
        transposed: form == .secondTransposed, into: out + number * M * N, M, N, K)
    }
    return Tensor([count, M, N]) { out in
      guard count > 1 else { return product(0, out) }
      // It shares out one product, and knows no batch: so small ones are shared out here.
      library.threads = 1
      Processor.current.workers.share(count, cost: 2 * M * N * K) {
        for number in $0 { product(number, out) }
      }
      library.threads = Processor.current.workers.threads
    }
  }
}
