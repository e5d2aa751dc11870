package import Tensors

/// How far away a place is, as sines and cosines of many wavelengths (Vaswani et al., 2017, in Transformer-XL's order).
///
///     R(distance) = [sin(d w_0), …, sin(d w_{D/2-1}), cos(d w_0), …, cos(d w_{D/2-1})],  d = min(distance, clamp)
///     w_i = 10000^(-2i/D)
///
/// A constant, computed when first asked for, in double precision from + - × ÷ alone: every machine has its bits.
package final class Sinusoids {
  private let rows, width, clamp: Int
  private let tables = MadeOnce<Int, Tensor>()

  package init(rows: Int, width: Int, clamp: Int) {
    require(width % 2 == 0, "as many sines as cosines do not fill a width of \(width)")
    (self.rows, self.width, self.clamp) = (rows, width, clamp)
  }

  /// [P, D]. Row p is for the distance P - 1 - p: the nearest come last, as keys do.
  package var table_PD: Tensor { tables.value(for: rows) { table() } }

  private func table() -> Tensor {
    let frequencies = (0..<width / 2).map {
      naturalExponential(-Double(2 * $0) / Double(width) * Sinusoids.logarithmOfBase)
    }
    var values: [Float] = []
    values.reserveCapacity(rows * width)
    for row in 0..<rows {
      let distance = Double(min(rows - 1 - row, clamp))
      let circle = frequencies.map { sineAndCosine(distance * $0) }
      for point in circle { values.append(Float(point.sine)) }
      for point in circle { values.append(Float(point.cosine)) }
    }
    return Tensor([rows, width], values)
  }

  /// log 10000
  private static let logarithmOfBase = 9.210340371976183
}

/// As far from zero as `sineAndCosine` goes: `mneme selftest functions` looks at every float up to there.
package let largestAngle = 65_536.0

/// sin x and cos x to about 2e-16, |x| ≤ 65,536: x = n π/2 + r with |r| ≤ π/4, and their series at r.
package func sineAndCosine(_ x: Double) -> (sine: Double, cosine: Double) {
  require(
    abs(x) <= largestAngle,
    "sine and cosine were asked for \(x); they are computed, and checked, from -\(largestAngle) to \(largestAngle)"
  )
  // The differences below would lose the sign of -0.
  if x == 0 { return (x, 1) }
  let n = (x * 0.6366197723675814).rounded()
  // π/2 in three parts. The first two end in zeros enough to make n times them exact.
  let r = ((x - n * 0x1.921fb54p0) - n * 0x1.10b4611p-30) - n * 0x1.4c4c6628b80dcp-59
  let square = r * r
  // The terms after the last are below 1e-18.
  var (sine, cosine) = (1.0, 1.0)
  for k in stride(from: 8, through: 1, by: -1) {
    sine = 1 - square * sine / Double(2 * k * (2 * k + 1))
    cosine = 1 - square * cosine / Double((2 * k - 1) * 2 * k)
  }
  sine *= r
  switch Int(n) & 3 {
  case 0: return (sine, cosine)
  case 1: return (cosine, -sine)
  case 2: return (-sine, -cosine)
  default: return (-cosine, sine)
  }
}
