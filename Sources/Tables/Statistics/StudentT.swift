/// Student's t distribution with any positive number of degrees of freedom, whole or not.
package struct StudentT: Sendable, Equatable {
  package let degrees: Double

  package init(degrees: Double) {
    guard degrees > 0, degrees < .infinity else {
      fatalError("a t distribution has a positive, finite number of degrees of freedom; found \(degrees)")
    }
    self.degrees = degrees
  }

  /// P(T > t), precise to about twelve digits however small it is.
  package func upperTail(_ t: Double) -> Double {
    if t < 0 { return 1 - upperTail(-t) }
    if t == 0 { return 0.5 }
    let square = t * t
    return IncompleteBeta.value(
      degrees / 2, 0.5, at: 1 / (1 + square / degrees), complement: 1 / (1 + degrees / square)) / 2
  }

  /// The t that is exceeded with probability `tail`, which lies between 0 and 1.
  ///
  /// Newton's steps, kept inside an interval that holds the answer and halved where they leave it.
  package func quantile(upperTail tail: Double) -> Double {
    guard tail > 0, tail < 1 else { fatalError("a tail is between 0 and 1; found \(tail)") }
    if tail == 0.5 { return 0 }
    if tail > 0.5 { return -quantile(upperTail: 1 - tail) }
    var (low, high) = (0.0, 1.0)
    while upperTail(high) > tail, high < 1e300 { (low, high) = (high, 2 * high) }
    var t = low
    for _ in 0..<200 {
      let excess = upperTail(t) - tail
      if excess == 0 { return t }
      if excess > 0 { low = t } else { high = t }
      var next = t + excess / density(t)
      if !(next > low && next < high) { next = low + (high - low) / 2 }
      if next == t || (next - t).magnitude <= 0x1p-52 * next { return next }
      t = next
    }
    return t
  }

  private func density(_ t: Double) -> Double {
    Elementary.exp(
      -(degrees + 1) / 2 * Elementary.log1p(t * t / degrees) - Elementary.log(degrees) / 2
        - Elementary.logBeta(degrees / 2, 0.5))
  }
}
