import Glibc

/// OpenBLAS, where somebody has installed it: a yardstick for benchmarks. No result is ever computed with it, for it
/// promises no bits.
///
/// It is looked for when it is wanted, so the program neither needs nor is built with it. Its sendability is unchecked:
/// it is a table of C functions, which may be called from several threads.
package final class OpenBLAS: @unchecked Sendable {
  private typealias Multiply =
    @convention(c) (
      _ order: Int32, _ transposeA: Int32, _ transposeB: Int32, _ M: Int32, _ N: Int32, _ K: Int32,
      _ alpha: Float,
      _ a: UnsafePointer<Float>, _ aRow: Int32, _ b: UnsafePointer<Float>, _ bRow: Int32, _ beta: Float,
      _ c: UnsafeMutablePointer<Float>, _ cRow: Int32
    ) -> Void
  private typealias SetThreads = @convention(c) (Int32) -> Void

  private let sgemm: Multiply
  private let setThreads: SetThreads

  /// Nil where it is not installed.
  package init?(threads: Int) {
    // It stays open: its own threads may not lose their code.
    guard let library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL),
      let multiply = dlsym(library, "cblas_sgemm"),
      let setThreads = dlsym(library, "openblas_set_num_threads")
    else { return nil }
    sgemm = unsafeBitCast(multiply, to: Multiply.self)
    self.setThreads = unsafeBitCast(setThreads, to: SetThreads.self)
    self.threads = threads
    self.setThreads(Int32(threads))
  }

  /// How many threads one product is shared by.
  var threads: Int { didSet { setThreads(Int32(threads)) } }

  /// c [M, N] = a b, either of them stored as its transpose, all contiguous.
  func multiply(
    _ a: UnsafePointer<Float>, transposed aIsTransposed: Bool, _ b: UnsafePointer<Float>,
    transposed bIsTransposed: Bool, into c: UnsafeMutablePointer<Float>, _ M: Int, _ N: Int, _ K: Int
  ) {
    // cblas.h: 101 rows are contiguous; 111 as it is, 112 transposed.
    sgemm(
      101, aIsTransposed ? 112 : 111, bIsTransposed ? 112 : 111, Int32(M), Int32(N), Int32(K), 1, a,
      Int32(aIsTransposed ? M : K), b, Int32(bIsTransposed ? K : N), 0, c, Int32(N))
  }
}
