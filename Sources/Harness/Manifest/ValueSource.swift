import Records

/// Where a `SettingsDecoder` finds values: in settings, or nowhere, to learn what a configuration asks for.
protocol ValueSource {
  /// The value at `slot`, which the configuration declares to be of `type`.
  func value(at slot: Slot, _ type: FieldType) throws -> Value

  /// How many elements the list at `key` has.
  func count(of key: String) throws -> Int
}

extension ValueSource {
  /// Decodes one property: a value where its type is one that settings have, else a group or a list.
  func decode<T: Decodable>(_ type: T.Type, at slot: Slot) throws -> T {
    func cast(_ value: Any?) throws -> T {
      guard let value = value as? T else { throw UnreadableConfiguration("\(slot.key) is no \(T.self)") }
      return value
    }
    switch type {
    case is Bool.Type:
      if case .boolean(let flag) = try value(at: slot, .boolean) { return try cast(flag) }
    case is String.Type:
      if case .text(let text) = try value(at: slot, .text) { return try cast(text) }
    case is Double.Type:
      if case .real(let number) = try value(at: slot, .real) { return try cast(number) }
    case is Float.Type:
      if case .real(let number) = try value(at: slot, .real) { return try cast(Float(number)) }
    case let integers as any FixedWidthInteger.Type:
      return try cast(try integer(integers, at: slot))
    case let names as any (CaseIterable & RawRepresentable).Type:
      return try cast(try choice(names, at: slot))
    default:
      guard slot.index == nil else { throw UnreadableConfiguration("\(slot.key) is a list of groups") }
      return try T(from: SettingsDecoder(source: self, prefix: slot.key + ".", slot: slot))
    }
    throw UnreadableConfiguration("\(slot.key) is no \(T.self)")
  }

  private func integer<I: FixedWidthInteger>(_ type: I.Type, at slot: Slot) throws -> I? {
    let range = Int(clamping: I.min)...Int(clamping: I.max)
    guard case .integer(let number) = try value(at: slot, .integer(range)) else { return nil }
    return I(exactly: number)
  }

  private func choice<E: CaseIterable & RawRepresentable>(_ type: E.Type, at slot: Slot) throws -> E? {
    let names = E.allCases.compactMap { $0.rawValue as? String }
    guard case .text(let text) = try value(at: slot, .choice(names)) else { return nil }
    return E.allCases.first { $0.rawValue as? String == text }
  }
}

/// Typed settings as a source; types have been checked before.
struct StoredValues: ValueSource {
  let settings: Settings

  func value(at slot: Slot, _ type: FieldType) throws -> Value {
    guard let value = settings[slot.key] else { throw UnreadableConfiguration("\(slot.key) is missing") }
    guard let index = slot.index else { return value }
    guard case .list(let values) = value, index < values.count else {
      throw UnreadableConfiguration("\(slot.key) has no element \(index)")
    }
    return values[index]
  }

  func count(of key: String) throws -> Int {
    guard case .list(let values) = settings[key] else { throw UnreadableConfiguration("\(key) is no list") }
    return values.count
  }
}
