package import Tensors

/// The global L2 norm of gradients, in Double: squares summed tensor by tensor in the order of declaration.
package func gradientNorm(_ gradients: [Tensor?]) -> Double {
  gradients.reduce(0.0) { $0 + ($1?.sumOfSquares ?? 0) }.squareRoot()
}

/// What gradients are multiplied by so that their norm is at most `limit`: min(1, limit / (norm + 1e-6)).
package func clippingScale(norm: Double, limit: Double) -> Float { Float(min(1, limit / (norm + 1e-6))) }
