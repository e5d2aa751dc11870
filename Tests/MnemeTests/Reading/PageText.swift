import Foundation
import FoundationXML

/// A page read as XML: what is in it, and what a page must not have.
struct PageText: Equatable {
  let source: String
  /// What is wrong with it; empty for a page that is well-formed and whole by itself.
  let troubles: [String]
  /// How many of each element there are.
  let count: [String: Int]
  /// All that is read, without the style sheet.
  let text: String
  /// Headings and captions, a line each.
  let outline: String
  /// What stands in the cells of all tables, heads included.
  let cells: [String]
  /// Entries of lists outside of the contents.
  let listed: Int
  private let parts: [String: (text: String, cells: [String])]

  static func == (one: PageText, other: PageText) -> Bool { one.source == other.source }

  /// - Parameter isPart: whether it is a part of a page and no page.
  init(_ source: String, isPart: Bool = false) {
    let reader = PageReader()
    let parser = XMLParser(data: Data((isPart ? "<div>\(source)</div>" : source).utf8))
    parser.delegate = reader
    var troubles =
      parser.parse()
      ? [] : ["not well-formed: line \(parser.lineNumber), \(String(describing: parser.parserError))"]
    for target in reader.targets where !reader.ids.contains(target) {
      troubles.append("#\(target) is nowhere")
    }
    if Set(reader.ids).count != reader.ids.count { troubles.append("two elements of one id") }
    if !source.utf8.allSatisfy({ $0 < 0x80 }) { troubles.append("letters beyond ASCII") }
    if !isPart {
      for needed in [
        "<!DOCTYPE html>\n<html lang=\"en\">", "name=\"viewport\"",
        "default-src 'none'".replacing("'", with: "&#39;"), "@media print", "prefers-color-scheme: dark",
      ]
      where !source.contains(needed) {
        troubles.append("no \(needed)")
      }
    }
    self.troubles = troubles + reader.troubles
    (self.source, count, text, cells) = (source, reader.count, reader.text, reader.cells)
    (outline, listed, parts) = (reader.outline.joined(separator: "\n") + "\n", reader.listed, reader.parts)
  }

  func text(in id: String) -> String { parts[id]?.text ?? "" }
  func cells(in id: String) -> [String] { parts[id]?.cells ?? [] }
}

private final class PageReader: NSObject, XMLParserDelegate {
  private(set) var count: [String: Int] = [:]
  private(set) var troubles: [String] = []
  private(set) var ids: [String] = []
  private(set) var targets: [String] = []
  private(set) var outline: [String] = []
  private(set) var cells: [String] = []
  private(set) var text = ""
  private(set) var listed = 0
  private(set) var parts: [String: (text: String, cells: [String])] = [:]
  private var open: [(name: String, text: String)] = []
  private var section: String?

  private static let known: Set = [
    "a", "body", "br", "caption", "circle", "code", "dd", "defs", "desc", "div", "dl", "dt", "figcaption",
    "figure",
    "footer", "g", "h1", "h2", "h3", "head", "header", "html", "li", "main", "meta", "nav", "p", "path",
    "rect",
    "section", "span", "strong", "style", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr",
    "ul",
    "use",
  ]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    count[name, default: 0] += 1
    if !Self.known.contains(name) { troubles.append("an element <\(name)>") }
    if name == "li", !open.contains(where: { $0.name == "nav" }) { listed += 1 }
    if name == "th", !["col", "row", "colgroup"].contains(attributes["scope"] ?? "") {
      troubles.append("a th without scope")
    }
    if name == "svg", attributes["role"] != "img" || attributes["aria-labelledby"] == nil {
      troubles.append("a picture without words")
    }
    for (key, value) in attributes {
      if key == "id" { ids.append(value) }
      if key == "aria-labelledby" { targets.append(value) }
      if key.hasSuffix("href") {
        if value.hasPrefix("#") {
          targets.append(String(value.dropFirst()))
        } else {
          troubles.append("leads to \(value)")
        }
      }
      if key == "src" || key.hasPrefix("on") || key.hasPrefix("xmlns") { troubles.append("\(key)=\(value)") }
      if value.contains("url(") || value.contains("http:") || value.contains("https:") {
        troubles.append("\(key)=\(value)")
      }
    }
    if name == "section", let id = attributes["id"] {
      section = id
      parts[id] = ("", [])
    }
    open.append((name, ""))
  }

  func parser(_ parser: XMLParser, foundCharacters found: String) {
    for index in open.indices { open[index].text += found }
    guard !open.contains(where: { $0.name == "style" || $0.name == "head" }) else { return }
    text += found
    if let section { parts[section]?.text += found }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    guard let last = open.popLast() else { return }
    let words = last.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    switch name {
    case "h1", "h2", "h3": outline.append("\(name) \(words)")
    case "caption": outline.append("   caption \(words)")
    case "tr": break
    case "td", "th":
      cells.append(words)
      if let section { parts[section]?.cells.append(words) }
    case "style":
      if last.text.contains("@import") || last.text.contains("url(") {
        troubles.append("the style sheet fetches")
      }
    case "body": text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    default: break
    }
  }
}
