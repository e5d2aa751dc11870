/// A short fact attached to a group or a dataset.
package struct Attribute: Sendable, Equatable {
  package let name: String
  package let value: Content

  /// What an attribute holds. Text is stored with a fixed length, in UTF-8.
  package enum Content: Sendable, Equatable {
    case text(String)
    case real(Double)
    case integer(Int64)
    case unsigned32(UInt32)
    case unsigned64(UInt64)
    case texts([String])
    case reals([Double])
    case integers([Int64])
  }

  package init(_ name: String, _ value: Content) {
    self.name = name
    self.value = value
  }

  /// The text, if it is one.
  package var text: String? {
    if case .text(let text) = value { text } else { nil }
  }

  /// The number, if it is a single one of any kind; integers beyond 2^53 lose their last bits.
  package var number: Double? {
    switch value {
    case .real(let number): number
    case .integer(let number): Double(number)
    case .unsigned32(let number): Double(number)
    case .unsigned64(let number): Double(number)
    default: nil
    }
  }
}
