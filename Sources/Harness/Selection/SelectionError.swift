import Records

/// Why a selection cannot be used: which words of it, what was expected, how to mend it.
package struct SelectionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The selection as it was written, on one line.
  package let text: String
  /// The letters of `text` that are meant, counted from zero.
  package let place: Range<Int>
  package let sentence: String
  /// What the text was given to.
  var option = "--where"

  init(_ text: String, _ place: Range<Int>, _ sentence: String) {
    (self.text, self.place, self.sentence) = (text, place, sentence)
  }

  /// The sentence, then the part of the text around the place with the place underlined.
  package var description: String {
    if text.isEmpty { return "\(option) \(sentence)" }
    let letters = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    let start = min(place.lowerBound, letters.count)
    let first = max(0, min(start - 40, letters.count - 100))
    let last = min(letters.count, first + 100)
    let shown = letters[first..<last].map { TerminalText.plain(String($0)) }.joined()
    let length = max(1, min(place.upperBound, last) - start)
    return "\(option), column \(start + 1): \(TerminalText.plain(sentence))\n  "
      + "\(first > 0 ? "…" : "")\(shown)\(last < letters.count ? "…" : "")\n  "
      + String(repeating: " ", count: start - first + (first > 0 ? 1 : 0))
      + String(repeating: "^", count: length)
  }
}
