/// eˣ in Double, to about 2e-16 relative, from + - × ÷ alone: a system's own function may differ between machines.
///
///     x = n log 2 + r,  |r| ≤ log(2) / 2,  eˣ = 2ⁿ eʳ
///
/// Below -708, where numbers stop being normal, it is 0; above 709 it is infinite.
package func naturalExponential(_ x: Double) -> Double {
  if x < -708 { return 0 }
  if x > 709 { return .infinity }
  if x.isNaN { return x }
  // Adding the large number rounds to a whole one.
  let n = (x * 1.4426950408889634 + 0x1.8p52) - 0x1.8p52
  // log 2 in two parts. The first ends in zeros enough to make n times it exact.
  let r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33
  // The fifteenth term of the series is below 1e-18.
  var series = 1.0
  for term in stride(from: 14, through: 1, by: -1) { series = series * r / Double(term) + 1 }
  return series * Double(sign: .plus, exponent: Int(n), significand: 1)
}
