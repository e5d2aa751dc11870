/// Activations that bend a number: floors, the logistic function, its integral.
extension Statement {
  /// 1 / (1 + exp(−x)), from e = exp(−|x|).
  package static func sigmoid<S: Scalar>(_ x: S) -> S {
    let e = S.exponential(-x.magnitude)
    return (x < 0 ? e : 1) / (1 + e)
  }

  /// dy y (1 − y), y being the logistic function.
  package static func sigmoidPullback<S: Scalar>(_ y: S, _ dy: S) -> S { dy * (y * (1 - y)) }

  /// max(x, 0) + log(1 + e), e = exp(−|x|), with what rounding took from 1 + e.
  package static func softplus<S: Scalar>(_ x: S) -> S {
    let e = S.exponential(-x.magnitude)
    let u = 1 + e
    let curve = S.logarithm(u) + (e - (u - 1)) / u
    return (x > 0 ? x : 0) + curve
  }

  /// dy / (1 + exp(−x))
  package static func softplusPullback<S: Scalar>(_ x: S, _ dy: S) -> S { dy * sigmoid(x) }

  /// x, or `floor` where x is below.
  package static func atLeast<S: Scalar>(_ floor: S, _ x: S) -> S { x < floor ? floor : x }

  /// dy where x ≥ `floor`, 0 elsewhere.
  package static func atLeastPullback<S: Scalar>(_ floor: S, _ x: S, _ dy: S) -> S { x >= floor ? dy : 0 }

  /// x above 0, +0 below.
  package static func relu<S: Scalar>(_ x: S) -> S { x <= 0 ? 0 : x }

  /// dy where x > 0, 0 elsewhere.
  package static func reluPullback<S: Scalar>(_ x: S, _ dy: S) -> S { x > 0 ? dy : 0 }
}
