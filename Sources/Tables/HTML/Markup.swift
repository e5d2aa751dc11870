import Records

/// A piece of a page.
///
/// What comes from outside gets in as text alone: names of elements and attributes are literals of this program, and text
/// and values of attributes are escaped on their way in. So no label, note or error message can become markup. All pieces
/// are well-formed XML, and ASCII, so that a page needs no character set.
///
///     Markup.element("p", ["class": "lead"], Markup("a < b"))    // <p class="lead">a &lt; b</p>
package struct Markup: Sendable, Equatable {
  package let text: String

  private init(rendered text: String) { self.text = text }

  /// Text, whatever is in it.
  package init(_ text: String) { self.text = xmlText(printable(text)) }

  /// Pieces after each other, with `separator` between.
  package init(_ pieces: [Markup], separator: Markup = Markup("")) {
    text = pieces.map(\.text).joined(separator: separator.text)
  }

  /// Text in which line feeds are line breaks.
  package init(lines text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    self.init(lines.map { Markup(String($0)) }, separator: .void("br"))
  }

  /// An element with what is in it.
  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: Markup...
  ) -> Markup {
    element(name, attributes, content)
  }

  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: [Markup]
  ) -> Markup {
    Markup(rendered: "<\(name)\(list(attributes))>\(content.map(\.text).joined())</\(name)>")
  }

  /// An element that never has anything in it, such as `br`.
  package static func void(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]
  ) -> Markup {
    Markup(rendered: "<\(name)\(list(attributes))/>")
  }

  /// A sentence, in which what stands between backticks is to be typed.
  package init(sentence text: String) { self.text = sentenceMarkup(text) }

  /// A paragraph of sentences.
  package static func paragraph(_ text: String, class name: String? = nil) -> Markup {
    let text = Markup(sentence: text)
    return name.map { element("p", ["class": $0], text) } ?? element("p", [:], text)
  }

  /// Sentences below each other; nothing for none.
  package static func list(_ sentences: [String]) -> Markup {
    guard !sentences.isEmpty else { return Markup("") }
    return element("ul", [:], sentences.map { element("li", [:], Markup(sentence: $0)) })
  }

  /// What this module wrote as markup, out of escaped parts.
  static func written(_ markup: String) -> Markup { Markup(rendered: markup) }

  private static func list(_ attributes: KeyValuePairs<StaticString, String>) -> String {
    attributes.map { " \($0)=\"\(xmlText(printable($1)))\"" }.joined()
  }
}

/// A text as XML and HTML take it, in ASCII.
func xmlText(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // No letters, and not to be named in XML, even by number.
    case "\u{FFFE}", "\u{FFFF}": result += "&#65533;"
    default: result += scalar.isASCII ? String(scalar) : "&#\(scalar.value);"
    }
  }
  return result
}

/// A sentence in HTML, in which what stands between backticks is to be typed.
func sentenceMarkup(_ text: String) -> String {
  let parts = xmlText(printable(text)).split(separator: "`", omittingEmptySubsequences: false)
  guard parts.count % 2 == 1 else { return parts.joined(separator: "`") }
  return parts.enumerated().map { $0.offset % 2 == 1 ? "<code>\($0.element)</code>" : String($0.element) }
    .joined()
}
