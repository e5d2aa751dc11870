/// The numbers (or texts) of a dataset, row after row.
///
/// These are the kinds a file of ours may hold. Reading widens the narrower integers of other programs'
/// files to 32 bits and half-precision numbers to single precision; both are exact. `texts` exists for
/// such files: ours hold long text as bytes and short text in attributes.
package enum Elements: Sendable {
  case float32([Float])
  case float64([Double])
  case uint8([UInt8])
  case int32([Int32])
  case uint32([UInt32])
  case int64([Int64])
  case uint64([UInt64])
  case texts([String])

  /// How many there are.
  package var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .uint8(let values): values.count
    case .int32(let values): values.count
    case .uint32(let values): values.count
    case .int64(let values): values.count
    case .uint64(let values): values.count
    case .texts(let values): values.count
    }
  }

  /// The kind, in words, for messages.
  package var kind: String {
    switch self {
    case .float32: "32-bit numbers"
    case .float64: "64-bit numbers"
    case .uint8: "bytes"
    case .int32: "32-bit integers"
    case .uint32: "unsigned 32-bit integers"
    case .int64: "64-bit integers"
    case .uint64: "unsigned 64-bit integers"
    case .texts: "texts"
    }
  }

  /// The elements as single-precision numbers, if that is what they are.
  package var floats: [Float]? {
    if case .float32(let values) = self { values } else { nil }
  }

  /// The elements as double-precision numbers: those of either precision, widened exactly.
  package var doubles: [Double]? {
    switch self {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    default: nil
    }
  }

  /// The elements as integers, whatever their width; nil if they are none, or too large for `Int`.
  package var integers: [Int]? {
    switch self {
    case .uint8(let values): values.map(Int.init)
    case .int32(let values): values.map(Int.init)
    case .uint32(let values): values.map(Int.init)
    case .int64(let values): values.map(Int.init)
    case .uint64(let values): values.allSatisfy { $0 <= UInt64(Int.max) } ? values.map(Int.init) : nil
    case .float32, .float64, .texts: nil
    }
  }

  /// The bytes, if that is what they are.
  package var bytes: [UInt8]? {
    if case .uint8(let values) = self { values } else { nil }
  }

  /// The unsigned 64-bit integers, if that is what they are.
  package var unsigned64: [UInt64]? {
    if case .uint64(let values) = self { values } else { nil }
  }

  /// The unsigned 32-bit integers, if that is what they are.
  package var unsigned32: [UInt32]? {
    if case .uint32(let values) = self { values } else { nil }
  }
}

extension Elements: Equatable {
  /// Same kind and same bits: what is not a number equals itself, and the two zeros differ.
  package static func == (one: Elements, other: Elements) -> Bool {
    switch (one, other) {
    case (.float32(let a), .float32(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.float64(let a), .float64(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.uint8(let a), .uint8(let b)): a == b
    case (.int32(let a), .int32(let b)): a == b
    case (.uint32(let a), .uint32(let b)): a == b
    case (.int64(let a), .int64(let b)): a == b
    case (.uint64(let a), .uint64(let b)): a == b
    case (.texts(let a), .texts(let b)): a == b
    default: false
    }
  }
}
