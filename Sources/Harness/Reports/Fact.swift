import Records

/// Something to be known about a run, for people and for programs at once.
struct Fact: Sendable {
  /// Its key in JSON.
  let key: String
  /// What stands before it: the key in words, unless the key itself is what people type.
  let label: String
  /// For people: a number and where it comes from.
  let words: String
  /// The same for programs.
  let value: FactValue

  init(_ key: String, label: String? = nil, _ words: String, _ value: FactValue) {
    (self.key, self.words, self.value) = (key, words, value)
    self.label = label ?? String(key.map { $0 == "_" ? " " : $0 })
  }

  /// A number that is written as it is.
  init(_ key: String, _ number: Int, _ rest: String = "") {
    self.init(key, number.grouped + rest, .integer(number))
  }
}

/// What a fact is to a program.
indirect enum FactValue: Sendable, Encodable {
  case value(Value)
  case list([FactValue])
  case object([String: FactValue])
  case none

  static func integer(_ number: Int) -> FactValue { .value(.integer(number)) }
  static func real(_ number: Double) -> FactValue { .value(.real(number)) }
  static func text(_ text: String) -> FactValue { .value(.text(text)) }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let value): try EncodableValue(value: value).encode(to: encoder)
    case .list(let values): try values.encode(to: encoder)
    case .object(let members): try members.encode(to: encoder)
    case .none:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    }
  }
}

/// Facts about one side of a run, under a heading.
struct FactSection: Sendable {
  /// Its heading, and its key in JSON.
  let title: String
  let facts: [Fact]

  var value: FactValue { .object(Dictionary(facts.map { ($0.key, $0.value) }) { first, _ in first }) }

  /// The labels in a column; long words beside them in lines of at most `width` characters.
  func text(width: Int) -> String {
    let label = facts.reduce(0) { max($0, $1.label.columns) }
    let lines = facts.flatMap { fact in
      fact.words.wrapped(width: max(20, width - label - 4)).enumerated().map { index, line in
        "  " + padded(index == 0 ? fact.label : "", label) + "  " + line + "\n"
      }
    }
    return "\n\(title):\n" + lines.joined()
  }
}

extension String {
  /// Lines of at most so many characters, broken between words; longer words stay whole, and so do lines as they are.
  package func wrapped(width: Int) -> [String] {
    split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
      var lines = [""]
      for word in paragraph.split(separator: " ") {
        if lines[lines.count - 1].isEmpty {
          lines[lines.count - 1] = String(word)
        } else if lines[lines.count - 1].columns + 1 + word.columns > width {
          lines.append(String(word))
        } else {
          lines[lines.count - 1] += " " + word
        }
      }
      return lines
    }
  }
}

extension Int {
  /// `28,847,616`
  var grouped: String {
    let digits = String(magnitude)
    let groups = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }
    return (self < 0 ? "-" : "") + groups.joined()
  }
}
