/// Counts what matrix products must compute, whoever computes them and how often.
///
/// Every operation that is made of products says how many floating-point operations the shapes ask for: a multiplication
/// and an addition for every pair of factors that takes part, each once. What a kernel computes in vain, for masked
/// pairs or a second time, is not counted. So a count divided by a time tells how much of it was useful.
package enum UsefulOperations {
  /// What the running task counts in; nil while nobody asks.
  @TaskLocal private static var meter: Meter?

  private final class Meter: @unchecked Sendable {
    // Operations add on the thread that calls them, never on those that share the work.
    var total = 0
  }

  /// How many operations `body` asks for.
  package static func counted(_ body: () -> Void) -> Double {
    let meter = Meter()
    $meter.withValue(meter, operation: body)
    return Double(meter.total)
  }

  /// A product of [M, K] and [K, N].
  static func add(product M: Int, _ N: Int, _ K: Int) { add(2 * M * N * K) }

  static var areCounted: Bool { meter != nil }

  static func add(_ operations: Int) { meter?.total += operations }
}
