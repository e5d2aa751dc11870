import Records

/// A setting as JSON has it; a number that JSON cannot spell is null.
struct EncodableValue: Encodable {
  let value: Value

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .boolean(let flag): try container.encode(flag)
    case .integer(let number): try container.encode(number)
    case .real(let number):
      if number.isFinite { try container.encode(number) } else { try container.encodeNil() }
    case .text(let text): try container.encode(text)
    case .list(let values): try container.encode(values.map(EncodableValue.init))
    }
  }
}

extension Settings {
  /// The entries under their dotted keys, as JSON has them.
  var encodable: [String: EncodableValue] {
    keys.reduce(into: [:]) { entries, key in
      if let value = self[key] { entries[key] = EncodableValue(value: value) }
    }
  }
}

extension [String: Double] {
  /// The same with null for what JSON cannot spell: a metric may be NaN.
  var encodable: [String: EncodableValue] { mapValues { EncodableValue(value: .real($0)) } }

  /// The same, and `cost.seconds.is_lower_bound` beside a `cost.seconds` that is at least so much.
  func encodable(lowerBounds: Set<String>) -> [String: EncodableValue] {
    lowerBounds.reduce(into: encodable) { all, key in
      if all[key] != nil { all["\(key).is_lower_bound"] = EncodableValue(value: .boolean(true)) }
    }
  }
}
