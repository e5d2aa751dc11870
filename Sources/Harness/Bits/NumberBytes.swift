package import Archive
import Glibc

/// Numbers under a name, as the bytes they are: what is compared where every bit has to be the same.
package struct NumberBytes: Sendable {
  /// `parameter layers.0.attention.input.weight`.
  package let name: String
  /// Bytes of one number.
  package let size: Int
  /// Little-endian, without gaps.
  package let bytes: [UInt8]

  /// Of integers or floating-point numbers.
  package init<Number: BitwiseCopyable>(_ name: String, _ numbers: [Number]) {
    self.name = name
    size = MemoryLayout<Number>.stride
    bytes = unsafe numbers.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  package init(_ name: String, _ elements: Elements) {
    switch elements {
    case .float32(let numbers): self.init(name, numbers)
    case .float64(let numbers): self.init(name, numbers)
    case .uint8(let numbers): self.init(name, numbers)
    case .int32(let numbers): self.init(name, numbers)
    case .uint32(let numbers): self.init(name, numbers)
    case .int64(let numbers): self.init(name, numbers)
    case .uint64(let numbers): self.init(name, numbers)
    case .texts(let texts): self.init(name, texts.flatMap { Array($0.utf8) + [0] })
    }
  }

  /// The first number that is another one in `found`, where the same is expected; nil if memcmp finds none.
  package func difference(in found: NumberBytes) -> BitsDifference? {
    guard name == found.name else {
      return BitsDifference("what there is to compare", expected: name, found: found.name)
    }
    guard bytes.count == found.bytes.count, size == found.size else {
      return BitsDifference(
        name, expected: "\(bytes.count / size) numbers", found: "\(found.bytes.count / found.size) numbers")
    }
    let isSame = unsafe bytes.withUnsafeBytes { own in
      unsafe found.bytes.withUnsafeBytes { other in
        guard let one = own.baseAddress, let two = other.baseAddress else { return true }
        return unsafe memcmp(one, two, own.count) == 0
      }
    }
    guard !isSame, let place = bytes.indices.first(where: { bytes[$0] != found.bytes[$0] }) else {
      return nil
    }
    let element = place / size
    return BitsDifference("\(name), element \(element)", expected: hex(element), found: found.hex(element))
  }

  /// A number as its bits: `0x3f800000`.
  private func hex(_ element: Int) -> String {
    bytes[element * size..<(element + 1) * size].reversed().reduce("0x") { text, byte in
      text + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}

/// Where two computations of the same thing part, and what each has there.
package struct BitsDifference: Sendable, Equatable, CustomStringConvertible {
  /// `parameter layers.0.attention.input.weight, element 17`.
  package let place: String
  /// In hexadecimal, where it is a number.
  package let expected: String
  package let found: String

  package init(_ place: String, expected: String, found: String) {
    (self.place, self.expected, self.found) = (place, expected, found)
  }

  /// Of two results that were published.
  init(_ difference: ResultDifference) {
    self.init(difference.place, expected: difference.published, found: difference.again)
  }

  package var description: String { "\(place): expected \(expected), found \(found)" }
}

/// The first difference of two lists; nil where every bit is the same.
package func firstDifference(_ expected: [NumberBytes], _ found: [NumberBytes]) -> BitsDifference? {
  for (one, other) in zip(expected, found) {
    if let difference = one.difference(in: other) { return difference }
  }
  guard expected.count != found.count else { return nil }
  return BitsDifference(
    "what there is to compare", expected: "\(expected.count) tensors", found: "\(found.count) tensors")
}
