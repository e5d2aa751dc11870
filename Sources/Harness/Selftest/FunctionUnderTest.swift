import Foundation
import Networks
import Tensors

/// A function that models compute with, the truth in double precision, and what is promised of it.
///
/// The truth comes from the C library: it measures errors, and no result of a run depends on it.
package struct FunctionUnderTest: Sendable {
  package let name: String
  /// Errors must stay below, in units.
  let allowed: Double
  let unit: FunctionStretch.Unit
  /// Whether a larger number never gives a smaller result.
  let isMonotone: Bool
  /// Numbers farther from zero are refused; NaN and infinity with them. Nil where all floats are allowed.
  let limit: Float?
  /// Nil where the function knows no instruction sets: plain arithmetic in double precision.
  let kernel: ElementFunction?
  let values: @Sendable ([Float]) -> [Float]
  let truth: @Sendable (Double) -> Double

  package static let all: [FunctionUnderTest] =
    ElementFunction.allCases.map { FunctionUnderTest($0) } + [
      FunctionUnderTest("sin", { Float(sineAndCosine(Double($0)).sine) }, truth: { sin($0) }),
      FunctionUnderTest("cos", { Float(sineAndCosine(Double($0)).cosine) }, truth: { cos($0) }),
    ]

  private init(
    _ name: String, _ value: @escaping @Sendable (Float) -> Float,
    truth: @escaping @Sendable (Double) -> Double
  ) {
    (self.name, self.truth, kernel) = (name, truth, nil)
    // Half a unit, but for rounding twice.
    (allowed, unit, isMonotone, limit) = (0.500001, .result, false, Float(largestAngle))
    values = { $0.map(value) }
  }

  private init(_ kernel: ElementFunction) {
    name = kernel.rawValue
    self.kernel = kernel
    limit = nil
    values = { kernel($0) }
    switch kernel {
    case .exponential: (allowed, isMonotone, unit, truth) = (1, true, .result, { exp($0) })
    case .logarithm: (allowed, isMonotone, unit, truth) = (1, true, .result, { log($0) })
    case .hyperbolicTangent: (allowed, isMonotone, unit, truth) = (1.5, true, .result, { tanh($0) })
    case .errorFunction: (allowed, isMonotone, unit, truth) = (1.5, true, .result, { erf($0) })
    case .sigmoid:
      (allowed, isMonotone, unit) = (2.25, true, .result)
      truth = { x in x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }
    case .softplus:
      (allowed, isMonotone, unit) = (2, true, .result)
      truth = { x in x.isNaN ? x : max(x, 0) + log1p(exp(-abs(x))) }
    case .geluTanh:
      (allowed, isMonotone, unit) = (2.25, false, .input)
      truth = { x in x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) }
    case .geluExact:
      (allowed, isMonotone, unit) = (2, false, .input)
      truth = { x in x / 2 * erfc(-x * 0.5.squareRoot()) }
    }
  }
}
