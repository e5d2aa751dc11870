/// The elementary functions of the engine at `Float`, operation by operation: no C library decides a bit.
extension Float: Scalar {
  /// Adding it to a number below 2^22 rounds that to a whole number, left in the low bits.
  private static let magic: Float = 0x1.8p23

  /// Σ coefficients[i] x^i, Horner's way.
  private static func polynomial(_ x: Float, _ coefficients: Float...) -> Float {
    var value = coefficients[coefficients.count - 1]
    for c in coefficients.dropLast().reversed() { value = c.addingProduct(value, x) }
    return value
  }

  /// n and exp(r) − 1, where x = n log 2 + r and |r| ≤ log(2)/2.
  private static func reduced(_ x: Float) -> (power: Float, remainder: Float) {
    let n = magic.addingProduct(x, 0x1.715476p0) - magic
    var r = x.addingProduct(n, -0x1.62e43p-1)
    r = r.addingProduct(n, 0x1.05c61p-29)
    let q = polynomial(
      r, 0x1p-1, 0x1.555554p-3, 0x1.5554b2p-5, 0x1.11118ap-7, 0x1.6d71f8p-10, 0x1.a032c0p-13)
    return (n, r.addingProduct(r * r, q))
  }

  /// 2^n for whole n from −126 to 127.
  private static func powerOfTwo(_ n: Float) -> Float {
    Float(bitPattern: ((n + magic).bitPattern &+ 127) &<< 23)
  }

  package static func exponential(_ x: Float) -> Float {
    var x = x
    if x > 104 { x = 104 }
    if x < -104 { x = -104 }
    let (power, remainder) = reduced(x)
    let half = magic.addingProduct(power, 0.5) - magic
    return (remainder + 1) * powerOfTwo(half) * powerOfTwo(power - half)
  }

  /// log(2^e (1 + f)) for f from √½ − 1 to √2 − 1.
  private static func logarithm(power e: Float, fraction f: Float) -> Float {
    let q = polynomial(
      f, 0x1.555548p-2, -0x1.000006p-2, 0x1.99a4b6p-3, -0x1.555c4ep-3, 0x1.23376ap-3, -0x1.fc2206p-4,
      0x1.e6f052p-4, -0x1.de3c10p-4, 0x1.1457d6p-4)
    let curve = f * f * Float(-0.5).addingProduct(q, f)
    let low = curve.addingProduct(e, -0x1.05c61p-29) + f
    return low.addingProduct(e, 0x1.62e43p-1)
  }

  package static func logarithm(_ x: Float) -> Float {
    if x.isNaN || x == .infinity { return x }
    if x == 0 { return -.infinity }
    if x < 0 { return .nan }
    let tiny = x < .leastNormalMagnitude
    let offset = Int32(bitPattern: (tiny ? x * 0x1p25 : x).bitPattern) &- 0x3f35_04f3
    let f = Float(bitPattern: UInt32(bitPattern: (offset & 0x7f_ffff) + 0x3f35_04f3)) - 1
    return logarithm(power: Float(offset >> 23) + (tiny ? -25 : 0), fraction: f)
  }

  package static func logarithmOfOnePlus(_ x: Float) -> Float {
    if x.isNaN { return x }
    let e = (Int32(bitPattern: (x + 1).bitPattern) &- 0x3f35_04f3) >> 23
    let part = powerOfTwo(Float(-e))
    return logarithm(power: Float(e), fraction: (part - 1).addingProduct(x, part))
  }

  package static func hyperbolicTangent(_ x: Float) -> Float {
    var a = x.magnitude
    if a < 0.6875 {
      let t = a * a
      let p = polynomial(
        t, -0x1.555550p-2, 0x1.110f5ep-3, -0x1.b9be5ap-5, 0x1.61a322p-6, -0x1.033bb6p-7, 0x1.f69848p-10)
      return Float(signOf: x, magnitudeOf: a.addingProduct(p * t, a))
    }
    if a > 10 { a = 10 }
    let (power, remainder) = reduced(a * 2)
    let scale = powerOfTwo(power)
    return Float(signOf: x, magnitudeOf: 1 - 2 / (scale + 1).addingProduct(remainder, scale))
  }

  package static func errorFunction(_ x: Float) -> Float {
    let a = x.magnitude
    if a < 0.96875 {
      let p = polynomial(
        a * a, 0x1.06eba8p-3, -0x1.81273ep-2, 0x1.ce2cf8p-4, -0x1.b7f90ep-6, 0x1.5405b2p-8, -0x1.a3f706p-11,
        0x1.496a42p-14)
      return Float(signOf: x, magnitudeOf: a.addingProduct(p, a))
    }
    let g = polynomial(
      (a > 4 ? 4 : a) - 1.75, 0x1.1457e0p2, 0x1.fad482p1, 0x1.d1e354p-1, 0x1.50866ap-6, -0x1.2dc682p-8,
      0x1.022176p-10, -0x1.938fdep-13)
    return Float(signOf: x, magnitudeOf: 1 - exponential(-g))
  }
}
