import Foundation

/// The distance of a result from the truth, in units of the last place of the truth, rounded to `Float`.
///
/// Infinities and NaN count as wrong unless they agree.
package func ulps(_ found: Float, from truth: Double) -> Double {
  let nearest = Float(truth)
  if nearest.isNaN || nearest.isInfinite || !found.isFinite {
    // One step beyond the largest number is infinity: count it so.
    if found == nearest || (found.isNaN && nearest.isNaN) { return 0 }
    return nearest.isInfinite && found.magnitude == .greatestFiniteMagnitude ? 1 : .infinity
  }
  return abs(Double(found) - truth) / Double(nearest.ulp)
}

/// The largest of many distances, and the input it belongs to.
package func largestUlps(
  _ found: [Float], at inputs: [Float], from truth: (Double) -> Double
) -> (distance: Double, input: Float) {
  var worst = (distance: 0.0, input: Float(0))
  for (y, x) in zip(found, inputs) {
    let distance = ulps(y, from: truth(Double(x)))
    if distance > worst.distance { worst = (distance, x) }
  }
  return worst
}

/// Numbers of every size and sign: the floats whose bit patterns are `step` apart.
package func floats(every step: UInt32) -> [Float] {
  stride(from: UInt64(0), to: 1 << 32, by: Int(step)).map { Float(bitPattern: UInt32($0)) }
}
