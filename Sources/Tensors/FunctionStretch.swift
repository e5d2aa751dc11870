/// How a function behaved at numbers of one sign, given in the order of their bit patterns: how far it was from the
/// truth, and where it turned back.
package struct FunctionStretch: Sendable {
  /// What errors are counted in: the distance between floats around the true result, or around the input, for
  /// functions that end as a small difference of large numbers and are only ever added to such.
  package enum Unit: String, Sendable {
    case result = "ulp"
    case input = "ulp of x"
  }

  /// The largest error, in units; infinite where one is NaN or infinite and the other is not, or a zero has the wrong
  /// sign.
  package private(set) var error = 0.0
  /// Where it was.
  package private(set) var worst: Float = 0
  /// How often a larger number gave a smaller result, and the first that did so.
  package private(set) var reversals = 0
  package private(set) var firstReversal: Float?
  /// The first and the last result that is not NaN.
  private var first, last: Float?
  private let start: Float
  /// Whether `last` is that of a number below zero.
  private var isNegative: Bool

  /// Values at inputs against the truth, a function in double precision.
  package init(inputs: [Float], values: [Float], truth: (Double) -> Double, unit: Unit) {
    require(
      inputs.count == values.count && !inputs.isEmpty,
      "\(values.count) values do not belong to \(inputs.count) inputs, or there are none")
    start = inputs[0]
    isNegative = start.sign == .minus
    for i in inputs.indices {
      let (x, value) = (inputs[i], values[i])
      let distance = FunctionStretch.distance(value, from: truth(Double(x)), at: x, unit: unit)
      if distance > error { (error, worst) = (distance, x) }
      if value.isNaN { continue }
      if let last { noteReversal(from: last, to: value, at: x) }
      if first == nil { first = value }
      last = value
    }
  }

  /// Puts the stretch that comes next behind this one.
  package mutating func append(_ next: FunctionStretch) {
    if next.error > error { (error, worst) = (next.error, next.worst) }
    // Where the signs change, bit patterns begin again at zero: numbers below it come after those above.
    if let before = isNegative == next.isNegative ? last : first, let value = next.first {
      let isReversed = next.isNegative ? value > before : value < before
      if isReversed { noteReversal(at: next.start) }
    }
    reversals += next.reversals
    firstReversal = firstReversal ?? next.firstReversal
    // Numbers below zero that all gave NaN have no last result, not that of the numbers above.
    last = isNegative == next.isNegative ? next.last ?? last : next.last
    isNegative = next.isNegative
  }

  private mutating func noteReversal(from last: Float, to value: Float, at x: Float) {
    // Below zero, bit patterns grow as numbers fall.
    if isNegative ? value > last : value < last { noteReversal(at: x) }
  }

  private mutating func noteReversal(at x: Float) {
    reversals += 1
    firstReversal = firstReversal ?? x
  }

  private static func distance(_ value: Float, from truth: Double, at x: Float, unit: Unit) -> Double {
    let nearest = Float(truth)
    guard nearest.isFinite && value.isFinite else {
      return nearest == value || (nearest.isNaN && value.isNaN) ? 0 : .infinity
    }
    if truth == 0 && value == 0 { return truth.sign == value.sign ? 0 : .infinity }
    let scale: Float = unit == .result ? nearest : x
    // The distance between floats there: a power of two, from the exponent.
    let exponent = scale.bitPattern & 0x7f80_0000
    let step = exponent == 0 ? 0x1p-149 : Double(Float(bitPattern: exponent)) * 0x1p-23
    return abs(Double(value) - truth) / step
  }
}
