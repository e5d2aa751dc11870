package import Archive
import Records

extension Selection {
  /// Reads what was typed after `--where`, given once or several times.
  ///
  /// - Parameter store: where keys are looked for that only older runs have; nil where nothing is stored.
  package init(_ texts: [String], in store: Store?) throws(SelectionError) {
    if texts.contains(where: { $0.allSatisfy { $0.isWhitespace || $0 == "," } }) {
      throw SelectionError(
        "", 0..<0, "is empty; expected a condition such as model.kind=memoria, or no such option.")
    }
    try self.init(texts.joined(separator: " ")) { key in
      guard let store, let runs = try? store.runs() else { return false }
      return runs.contains { (try? store.run($0).settings())?[key] != nil }
    }
  }

  /// - Parameter isStored: whether some stored run has a setting that this program does not know.
  init(_ text: String, isStored: (String) -> Bool) throws(SelectionError) {
    var reader = SelectionReader(text)
    self.init(text: reader.trimmed, terms: try reader.terms(isStored: isStored))
  }
}

/// Reads a selection from left to right, every letter once; nothing in it nests.
private struct SelectionReader {
  static let limit = 4096
  private static let operators: Set<Character> = ["=", "<", ">", "!", ":", "~"]
  private static let ends: Set<Character> = operators.union([",", "(", ")", "\"", "'"])

  private let text: String
  private let letters: [Character]
  private var place = 0

  init(_ text: String) {
    self.text = text
    letters = text.utf8.count <= Self.limit ? Array(text) : []
  }

  /// Without spaces at either end.
  var trimmed: String {
    String(letters.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  mutating func terms(isStored: (String) -> Bool) throws(SelectionError) -> [Selection.Term] {
    guard text.utf8.count <= Self.limit else {
      throw SelectionError(
        String(text.prefix(100)), 0..<0,
        "the selection has \(text.utf8.count) bytes; expected \(Self.limit) at most.")
    }
    var terms: [Selection.Term] = []
    skipSeparators()
    while place < letters.count {
      terms.append(try term(isStored))
      skipSeparators()
    }
    return terms
  }

  private mutating func term(_ isStored: (String) -> Bool) throws(SelectionError) -> Selection.Term {
    let start = place
    var name = word()
    var nameStart = start
    var isDenied = false
    if name == "not", !isOperator(after: place) {
      isDenied = true
      skipSpaces()
      (nameStart, name) = (place, word())
    }
    guard !name.isEmpty else {
      throw error(place..<place + 1, "\(found) stands where a key is expected, such as model.kind.")
    }
    let nameEnd = place
    skipSpaces()
    let operatorStart = place
    while place < letters.count, Self.operators.contains(letters[place]) { place += 1 }
    let sign = String(letters[operatorStart..<place])
    guard !sign.isEmpty else { throw noOperator(name, nameStart..<nameEnd) }
    guard let relation = Selection.Relation(rawValue: sign) else {
      throw error(
        operatorStart..<place, "“\(sign)” is no operator; expected one of \(Self.signs)\(Self.hint(sign)).")
    }
    guard let key = SelectionKey(name, isStored: isStored) else {
      let near = SelectionKey.nearest(to: name)
      throw error(
        nameStart..<nameEnd,
        "no run has a key \(shortened(name))"
          + (near.map { "; did you mean \($0)?" } ?? "; `mneme show RUN` lists keys."))
    }
    guard relation != .holding || key.name == "note" else {
      throw error(
        operatorStart..<operatorStart + 1,
        "~ looks into notes, as note~word does; expected = or != with \(key.expected).")
    }
    guard !relation.isOrder || key.isOrdered else {
      throw error(
        operatorStart..<operatorStart + sign.count,
        "\(name) has no order, so \(sign) means nothing; expected = or != with \(key.expected).")
    }
    let words = try values(of: name, key)
    guard !relation.isOrder || words.count == 1 else {
      throw error(
        words[1].place, "\(name)\(sign) takes one value; expected it alone, or = or != with several.")
    }
    var values: [Value] = []
    for word in words { values.append(try value(word, of: key)) }
    return Selection.Term(
      key: key, relation: relation, isDenied: isDenied, values: values, place: start..<place)
  }

  // MARK: Values

  private typealias Word = (text: String, place: Range<Int>)

  /// `a`, `a,b` or `(a b)`: one at least.
  private mutating func values(of name: String, _ key: SelectionKey) throws(SelectionError) -> [Word] {
    skipSpaces()
    var words: [Word] = []
    if place < letters.count, letters[place] == "(" {
      let open = place
      place += 1
      skipSeparators()
      while place < letters.count, letters[place] != ")" {
        words.append(try valueWord(name, key))
        skipSeparators()
      }
      guard place < letters.count else {
        throw error(open..<letters.count, "the list of \(name) has no end; expected ) after its last value.")
      }
      place += 1
      guard !words.isEmpty else {
        throw error(open..<place, "the list of \(name) is empty; expected \(key.expected).")
      }
      return words
    }
    words.append(try valueWord(name, key))
    // A comma goes on with a value, unless what follows it is the next term.
    while place < letters.count, letters[place] == "," {
      let comma = place
      skipSeparators()
      guard place < letters.count else { break }
      let next = try valueWord(name, key)
      if isOperator(after: place) {
        place = comma
        break
      }
      words.append(next)
    }
    return words
  }

  private mutating func valueWord(_ name: String, _ key: SelectionKey) throws(SelectionError) -> Word {
    let start = place
    if place < letters.count, letters[place] == "\"" || letters[place] == "'" {
      let quote = letters[place]
      place += 1
      while place < letters.count, letters[place] != quote { place += 1 }
      guard place < letters.count else {
        throw error(start..<letters.count, "the value of \(name) has no end; expected another \(quote).")
      }
      place += 1
      return (String(letters[start + 1..<place - 1]), start..<place)
    }
    let word = word()
    guard !word.isEmpty else {
      throw error(start..<start + 1, "\(found) stands where a value of \(name) is expected: \(key.expected).")
    }
    return (word, start..<place)
  }

  private func value(_ word: Word, of key: SelectionKey) throws(SelectionError) -> Value {
    switch key.name {
    case "run":
      guard (4...64).contains(word.text.utf8.count), word.text.allSatisfy({ $0.isASCII && $0.isHexDigit })
      else {
        throw error(word.place, "run is “\(shortened(word.text))”; expected \(key.expected).")
      }
      return .text(word.text)
    case "manifest", "tag", "note": return .text(word.text)
    default: break
    }
    let node = YAMLNode(text: word.text, at: .argument("--where"))
    var first: ManifestError?
    let guesses: [FieldType] = [.integer(Int.min...Int.max), .real, .boolean, .text]
    for type in key.types.isEmpty ? guesses : key.types {
      do throws(ManifestError) {
        let element = if case .list(let element) = type { element } else { type }
        return try element.value(of: node, for: key.name)
      } catch {
        first = first ?? error
      }
    }
    let sentence = first.map { ManifestError(nil, $0.fact).description } ?? "expected \(key.expected)."
    throw error(word.place, sentence + (key.types == [.real] ? Self.percentHint(word.text) : ""))
  }

  // MARK: Letters

  private mutating func word() -> String {
    let start = place
    while place < letters.count, !letters[place].isWhitespace, !Self.ends.contains(letters[place]) {
      place += 1
    }
    return String(letters[start..<place])
  }

  private mutating func skipSpaces() {
    while place < letters.count, letters[place].isWhitespace { place += 1 }
  }

  private mutating func skipSeparators() {
    while place < letters.count, letters[place].isWhitespace || letters[place] == "," { place += 1 }
  }

  private func isOperator(after place: Int) -> Bool {
    let next = letters[place...].first { !$0.isWhitespace }
    return next.map(Self.operators.contains) ?? false
  }

  // MARK: Errors

  private func error(_ place: Range<Int>, _ sentence: String) -> SelectionError {
    SelectionError(text, place, sentence)
  }

  private var found: String { place < letters.count ? "“\(letters[place])”" : "the end" }

  private static let signs = Selection.Relation.allCases.map(\.rawValue).joined(separator: " ")

  private static func hint(_ sign: String) -> String {
    let meant = ["==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "=!": "!=", ":": "=", "!": "!="]
    return meant[sign].map { "; did you mean \($0)?" } ?? ""
  }

  private func noOperator(_ name: String, _ place: Range<Int>) -> SelectionError {
    let word = shortened(name)
    switch name.lowercased() {
    case "and", "&&":
      return error(place, "“\(word)” is not needed: all terms must hold as they stand beside each other.")
    case "or", "||":
      return error(place, "there is no “\(word)”; expected one key with several values, such as seed=(1 2).")
    default:
      return error(
        place,
        "“\(word)” has no operator behind it; expected a term such as model.kind=memoria, or seed=(1 2) for several values."
      )
    }
  }

  /// Tables print fractions in percent.
  private static func percentHint(_ text: String) -> String {
    guard text.hasSuffix("%"), let number = realNumber(String(text.dropLast())) else { return "" }
    return " A fraction is stored as such: write \(number / 100)."
  }
}
