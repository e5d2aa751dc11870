/// A JSON value, written with members in the order given.
indirect enum JSON {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  static func optional(_ number: Double?) -> JSON { number.map { .number($0) } ?? .null }
  static func optional(_ number: Int?) -> JSON { number.map { .integer($0) } ?? .null }
  static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  /// An axis label: a number where it reads as one.
  static func label(_ label: String) -> JSON {
    if label.isEmpty { return .null }
    if let integer = Int(label), String(integer) == label { return .integer(integer) }
    if let number = JSONNumber(label)?.value, number.isFinite, "\(number)" == label { return .number(number) }
    return .string(label)
  }

  /// One value, indented, ending in a line feed. Values without members stay on one line.
  var text: String { written(indent: 0) + "\n" }

  private func written(indent: Int) -> String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    // Swift prints the shortest decimal that reads back as the same Double, and JSON reads all it prints.
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.quoted(value)
    case .array(let values):
      Self.enclosed(
        "[", values.map { $0.written(indent: indent + 2) }, "]", isFlat: values.allSatisfy(\.isLeaf), indent)
    case .object(let members):
      Self.enclosed(
        "{", members.map { "\(Self.quoted($0.0)): \($0.1.written(indent: indent + 2))" }, "}",
        isFlat: members.allSatisfy { $0.1.isLeaf } && members.count < 5, indent)
    }
  }

  private var isLeaf: Bool {
    switch self {
    case .array(let values): values.isEmpty
    case .object(let members): members.isEmpty
    default: true
    }
  }

  private static func enclosed(
    _ open: String, _ parts: [String], _ close: String, isFlat: Bool, _ indent: Int
  ) -> String {
    if parts.isEmpty || isFlat { return open + parts.joined(separator: ", ") + close }
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    return "\(open)\n\(inner)\(parts.joined(separator: ",\n\(inner)"))\n\(outer)\(close)"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
