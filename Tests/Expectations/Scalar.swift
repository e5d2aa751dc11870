import Foundation

/// A number that the plain statements of the kernels are written for, once.
///
/// At `Float` they say every rounding, and are the oracle for the bits of each instruction set. At `Double`
/// they are the same formulas with ten digits more, and serve finite differences.
package protocol Scalar: BinaryFloatingPoint, Sendable {
  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  /// log(1 + x) for x ≥ 0.
  static func logarithmOfOnePlus(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
  static func errorFunction(_ x: Self) -> Self
}

extension Double: Scalar {
  package static func exponential(_ x: Double) -> Double { exp(x) }
  package static func logarithm(_ x: Double) -> Double { log(x) }
  package static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  package static func errorFunction(_ x: Double) -> Double { erf(x) }
}

/// What each kernel computes, one element after another, with every rounding in its place.
///
/// Arrays are row-major. `addingProduct` is written wherever the kernels fuse, and nowhere else.
package enum Statement {}
