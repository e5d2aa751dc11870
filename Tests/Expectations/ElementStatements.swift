/// Activations and the optimizer: one number in, one number out.
extension Statement {
  /// 2 √(2/π) and 0.044715 times it.
  private static func tanhFormFactors<S: Scalar>() -> (a: S, b: S) {
    (S(1.5957691216057308), S(0.07135481627260025))
  }

  /// x / (1 + exp(−2u)), that is x/2 (1 + tanh u), u = √(2/π) (x + 0.044715 x³).
  package static func geluTanh<S: Scalar>(_ x: S) -> S { x * geluGate(x) }

  private static func geluGate<S: Scalar>(_ x: S) -> S {
    let (a, b): (S, S) = tanhFormFactors()
    return 1 / (1 + S.exponential(-(x * a.addingProduct(b, x * x))))
  }

  /// dy (s + x s (1 − s) d(2u)/dx), s being the gate.
  package static func geluTanhPullback<S: Scalar>(_ x: S, _ dy: S) -> S {
    let (a, b): (S, S) = tanhFormFactors()
    let s = geluGate(x)
    let slope = x * a.addingProduct(3 * b, x * x)
    return dy * s.addingProduct(s * (1 - s), slope)
  }

  /// x/2 (1 + erf(x / √2)).
  package static func geluExact<S: Scalar>(_ x: S) -> S {
    (x * S(0.5)) * (1 + S.errorFunction(x * S(0.7071067811865476)))
  }

  /// dy (Φ(x) + x φ(x)), the normal distribution and its density.
  package static func geluExactPullback<S: Scalar>(_ x: S, _ dy: S) -> S {
    let e = S.errorFunction(x * S(0.7071067811865476))
    let density = S.exponential((x * x) * S(-0.5)) * S(0.3989422804014327)
    return dy * (S(0.5) * (1 + e)).addingProduct(x, density)
  }

  /// The constants of one step of Adam; the gradient is multiplied by `gradientScale` first.
  package struct AdamStep<S: Scalar> {
    package var gradientScale, rate, beta1, beta2, epsilon, correction1, correction2: S
    package init(
      gradientScale: S, rate: S, beta1: S, beta2: S, epsilon: S, correction1: S, correction2: S
    ) {
      self.gradientScale = gradientScale
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.correction1 = correction1
      self.correction2 = correction2
    }
  }

  /// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  p ← p − rate (m / c₁) / (√(v / c₂) + ε).
  package static func adam<S: Scalar>(_ p: inout S, _ m: inout S, _ v: inout S, _ g: S, _ step: AdamStep<S>) {
    let gradient = g * step.gradientScale
    m = ((1 - step.beta1) * gradient).addingProduct(step.beta1, m)
    v = ((1 - step.beta2) * (gradient * gradient)).addingProduct(step.beta2, v)
    let root = (v / step.correction2).squareRoot()
    p = p.addingProduct(-step.rate, (m / step.correction1) / (root + step.epsilon))
  }
}
