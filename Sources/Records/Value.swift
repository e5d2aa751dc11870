/// One fact: what a setting is set to, or what a column of a table shows.
///
/// The schema decides the type, never the spelling: `1` for a real setting is `.real(1)`. Two values are
/// equal when their canonical bytes are: an integer never equals a real, and texts are compared byte by byte
/// (Swift's own `==` holds "é" in one scalar and in two to be the same text, though they hash apart).
package enum Value: Sendable {
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case list([Value])
}

extension Value {
  /// The word for the value's type, as errors use it: `boolean`, `integer`, `real`, `text` or `list`.
  package var kind: String {
    switch self {
    case .boolean: "boolean"
    case .integer: "integer"
    case .real: "real"
    case .text: "text"
    case .list: "list"
    }
  }

  /// How many lists lie inside each other here: 0 for a scalar, 1 for a flat list.
  var depth: Int {
    guard case .list(let values) = self else { return 0 }
    return 1 + (values.map(\.depth).max() ?? 0)
  }

  /// True unless a NaN or an infinity is somewhere inside.
  var isFinite: Bool {
    switch self {
    case .real(let number): number.isFinite
    case .list(let values): values.allSatisfy(\.isFinite)
    case .boolean, .integer, .text: true
    }
  }

  /// The same value without negative zeros: −0 and +0 are one setting.
  var withoutNegativeZero: Value {
    switch self {
    case .real(let number): .real(number + 0)
    case .list(let values): .list(values.map(\.withoutNegativeZero))
    case .boolean, .integer, .text: self
    }
  }
}

extension Value: Hashable {
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)): a == b
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .boolean(let flag): hasher.combine(flag)
    case .integer(let number): hasher.combine(number)
    case .real(let number): hasher.combine(number)
    case .text(let text):
      // By bytes, as texts are compared.
      var text = text
      text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .list(let values): hasher.combine(values)
    }
  }
}

extension Value: CustomStringConvertible {
  /// As a manifest or a table would show it: `true`, `3`, `0.5`, `1.0` (the shortest text that reads back as
  /// the same number), `memoria`, `[1, 2]`.
  package var description: String {
    switch self {
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .real(let number): number.description
    case .text(let text): text
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    }
  }
}
