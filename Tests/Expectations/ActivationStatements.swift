/// Activations that bend a number: floors, the logistic function, its integral.
extension Statement {
  /// 1 / (1 + exp(−x)): q left of 0 and 1 − q right of it, q = 1 / (1 + exp|x|), or e − e² far out, e = exp(−|x|).
  package static func sigmoid<S: Scalar>(_ x: S) -> S {
    if x.isNaN { return x }
    let a = x.magnitude
    let e = S.exponential(a > 10 ? -a : a)
    let q = a > 10 ? e.addingProduct(-e, e) : 1 / (1 + e)
    return x < 0 ? q : 1 - q
  }

  /// dy y (1 − y), y being the logistic function.
  package static func sigmoidPullback<S: Scalar>(_ y: S, _ dy: S) -> S { dy * (y * (1 - y)) }

  /// log(1 + exp(x)), which is x above 15.
  package static func softplus<S: Scalar>(_ x: S) -> S {
    x > 15 ? x : S.logarithmOfOnePlus(S.exponential(x))
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
