/// A place where two computations of one run differ, and what each has there.
package struct ResultDifference: Sendable, Equatable, CustomStringConvertible {
  /// What kind of place it is.
  package enum Subject: Sendable, Equatable {
    /// A number that was measured; the step is nil for a final one.
    case metric(String, step: UInt64?)
    /// A weight.
    case weight(tensor: String, element: Int)
    /// Anything else: a count, a name, a shape.
    case other
  }

  /// `train.loss at step 3`, `tensor layers.0.attention.query.weight, element 17`.
  package let place: String
  package let subject: Subject
  /// In decimal, and where it is a real number in hexadecimal behind it.
  package let published: String
  package let again: String
  /// The bit patterns; nil for what is no real number.
  package let bits: Bits?

  /// Two real numbers by their bits.
  package struct Bits: Sendable, Equatable {
    /// `0x3ff0000000000000`
    package let published: String
    package let again: String
    /// How many numbers of their precision lie between them, and one; nil where one is not finite.
    package let ulps: UInt64?

    package init(published: String, again: String, ulps: UInt64?) {
      (self.published, self.again, self.ulps) = (published, again, ulps)
    }
  }

  package init(_ place: String, _ published: String, _ again: String) {
    (self.place, self.published, self.again) = (place, published, again)
    (subject, bits) = (.other, nil)
  }

  package init(_ place: String, _ subject: Subject, _ published: Double, _ again: Double) {
    self.init(
      place, subject, ("\(published)", "\(again)"),
      (hexadecimal(published.bitPattern), hexadecimal(again.bitPattern)),
      ulps: published.isFinite && again.isFinite
        ? distance(published.bitPattern, again.bitPattern, sign: 1 << 63) : nil)
  }

  package init(_ place: String, _ subject: Subject, _ published: Float, _ again: Float) {
    self.init(
      place, subject, ("\(published)", "\(again)"),
      (hexadecimal(published.bitPattern), hexadecimal(again.bitPattern)),
      ulps: published.isFinite && again.isFinite
        ? distance(UInt64(published.bitPattern), UInt64(again.bitPattern), sign: 1 << 31) : nil)
  }

  private init(
    _ place: String, _ subject: Subject, _ decimal: (String, String), _ bits: (String, String), ulps: UInt64?
  ) {
    (self.place, self.subject) = (place, subject)
    (published, again) = ("\(decimal.0) (\(bits.0))", "\(decimal.1) (\(bits.1))")
    self.bits = Bits(published: bits.0, again: bits.1, ulps: ulps)
  }

  /// `train.loss at step 3: published 1.0 (0x3ff0000000000000), now 1.0000000000000002 (0x3ff0000000000001), 1 ulp apart`
  package var description: String {
    let apart = bits?.ulps.map { ", \(Int(clamping: $0).grouped) \($0 == 1 ? "ulp" : "ulps") apart" } ?? ""
    return "\(place): published \(published), now \(again)\(apart)"
  }
}

/// All digits of a bit pattern, zeros in front included.
private func hexadecimal(_ bits: some FixedWidthInteger) -> String {
  let digits = String(bits, radix: 16)
  return "0x" + String(repeating: "0", count: bits.bitWidth / 4 - digits.count) + digits
}

/// How far apart two finite numbers are in the order of all numbers of their precision; the two zeros are one place.
private func distance(_ one: UInt64, _ other: UInt64, sign: UInt64) -> UInt64 {
  let magnitudes = (one & ~sign, other & ~sign)
  if one & sign != other & sign { return magnitudes.0 + magnitudes.1 }
  return magnitudes.0 > magnitudes.1 ? magnitudes.0 - magnitudes.1 : magnitudes.1 - magnitudes.0
}
