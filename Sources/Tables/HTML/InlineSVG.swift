import Records

/// A picture that gnuplot drew, as a part of a page: nothing but shapes and their labels, without a name that another
/// picture of the page has too, and without anything that a reader would have to fetch.
///
/// What is taken over is listed, not what is left out. Greys become those of the page, which is dark for who wants it so;
/// colours stay as they are. The paper behind the picture is the page's.
package struct InlineSVG: Sendable {
  package let markup: Markup

  /// - Parameters:
  ///   - svg: as gnuplot's terminal `svg` writes it.
  ///   - name: a name that no other picture of the page has: letters, digits and `-`.
  ///   - title: what it is, for who cannot see it.
  package init(_ svg: String, name: String, title: String) throws(InlineSVGError) {
    var reader = SVGReader(Array(svg.utf8), name: name, title: title)
    markup = .written(try reader.read())
  }
}

/// Why a picture cannot be a part of a page.
package enum InlineSVGError: Error, Equatable, CustomStringConvertible {
  case element(String)
  case reference(String)
  case unfinished

  package var description: String {
    switch self {
    case .element(let name):
      "gnuplot drew an element <\(printable(name))>, which no page takes over; a page takes over shapes and labels."
    case .reference(let target):
      "gnuplot's picture refers to \(printable(target)), which is not a part of it; a page fetches nothing."
    case .unfinished: "gnuplot's picture ends before its elements do."
    }
  }
}

/// Reads the SVG that gnuplot writes, and writes what a page takes over.
private struct SVGReader {
  private static let kept: Set = [
    "circle", "defs", "g", "path", "polygon", "polyline", "rect", "svg", "text", "use",
  ]
  /// What says nothing that is seen.
  private static let dropped: Set = ["desc", "filter", "title"]
  private static let attributes: Set = [
    "color", "cx", "cy", "d", "fill", "fill-opacity", "font-size", "height", "points", "r", "stroke",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-width", "text-anchor", "transform",
    "viewBox",
    "width", "x", "y",
  ]
  /// gnuplot's greys, and what they are on the page.
  private static let greys = [
    "rgb(68,68,68)": "var(--ink)", "rgb(34,34,34)": "var(--ink)", "black": "var(--ink)",
    "rgb(119,119,119)": "var(--grey)", "rgb(221,221,221)": "var(--rule)", "#FFFFFF": "var(--paper)",
    "#ffffff": "var(--paper)",
  ]

  private let source: [UInt8]
  private var place = 0
  private let name: String
  private let title: String
  private var output = ""
  /// Elements that are open, each with where its text begins, or nil where it is dropped.
  private var open: [(name: String, start: String.Index?)] = []

  init(_ source: [UInt8], name: String, title: String) {
    (self.source, self.name, self.title) = (source, name, title)
  }

  mutating func read() throws(InlineSVGError) -> String {
    while place < source.count {
      if source[place] == UInt8(ascii: "<") { try readTag() } else { readText() }
    }
    guard open.isEmpty, !output.isEmpty else { throw .unfinished }
    return output
  }

  private var isDropping: Bool { open.contains { $0.start == nil } }

  private mutating func readText() {
    let end = source[place...].firstIndex(of: UInt8(ascii: "<")) ?? source.count
    let text = String(decoding: source[place..<end], as: UTF8.self)
    place = end
    // Between shapes there is nothing but line feeds.
    if open.last?.name == "text", !isDropping { output += xmlText(printable(unescaped(text))) }
  }

  private mutating func readTag() throws(InlineSVGError) {
    for (start, stop) in [("<!--", "-->"), ("<?", "?>"), ("<!", ">")] where begins(with: start) {
      try skip(past: stop)
      return
    }
    // A value of an attribute may hold a bracket.
    var (end, quote): (Int, UInt8?) = (place + 1, nil)
    while end < source.count, quote != nil || source[end] != UInt8(ascii: ">") {
      if let open = quote {
        if source[end] == open { quote = nil }
      } else if isQuote(source[end]) {
        quote = source[end]
      }
      end += 1
    }
    guard end < source.count else { throw .unfinished }
    var inner = source[(place + 1)..<end]
    place = end + 1
    let isEnd = inner.first == UInt8(ascii: "/")
    let isWhole = inner.last == UInt8(ascii: "/")
    if isEnd { inner = inner.dropFirst() }
    if isWhole { inner = inner.dropLast() }
    let tag = inner.prefix { !isSpace($0) }
    let name = String(decoding: tag, as: UTF8.self)
    if isEnd { return try close(name) }
    try begin(name, attributes: inner.dropFirst(tag.count))
    if isWhole { try close(name) }
  }

  private mutating func begin(_ element: String, attributes: ArraySlice<UInt8>) throws(InlineSVGError) {
    guard SVGReader.kept.contains(element), !isDropping else {
      guard isDropping || SVGReader.dropped.contains(element) else { throw .element(element) }
      open.append((element, nil))
      return
    }
    let found = pairs(attributes)
    let isPaper = element == "rect" && open.count == 2 && found.contains { $0 == ("fill", "#ffffff") }
    guard !isPaper else {
      open.append((element, nil))
      return
    }
    let start = output.endIndex
    output += "<\(element)"
    if element == "svg", let width = found.first(where: { $0.0 == "width" }).flatMap({ Int($0.1) }) {
      // On a narrow screen it scrolls rather than shrink to letters that nobody can read.
      output += " style=\"min-width: \(width * 7 / 10)px\""
    }
    if element == "svg" { output += " role=\"img\" aria-labelledby=\"\(xmlText(name))-title\"" }
    for (key, value) in found {
      switch key {
      case "href", "xlink:href":
        guard value.hasPrefix("#") else { throw .reference(value) }
        output += " href=\"#\(xmlText(name))-\(xmlText(String(value.dropFirst())))\""
      // Groups bear names that nothing refers to.
      case "id" where element != "g": output += " id=\"\(xmlText(name))-\(xmlText(value))\""
      case _ where SVGReader.attributes.contains(key):
        guard !value.contains("url(") else { throw .reference(value) }
        let plain = String(value.filter { $0 != " " })
        output += " \(key)=\"\(xmlText(SVGReader.greys[plain] ?? value))\""
      default: break
      }
    }
    output += ">"
    if element == "svg" {
      output += "<title id=\"\(xmlText(name))-title\">\(xmlText(printable(title)))</title>"
    }
    open.append((element, start))
  }

  private mutating func close(_ element: String) throws(InlineSVGError) {
    guard let last = open.popLast(), last.name == element else { throw .unfinished }
    guard let start = last.start else { return }
    // gnuplot opens a group whenever it changes a pen, and often draws nothing with it.
    if element == "g", output.last == ">", !output[start...].dropFirst().contains("<") {
      output.removeSubrange(start...)
    } else {
      output += "</\(element)>\n"
    }
  }

  /// Names and values, in their order; white space in a value is one space.
  private func pairs(_ bytes: ArraySlice<UInt8>) -> [(String, String)] {
    var pairs: [(String, String)] = []
    var rest = bytes
    while true {
      rest = rest.drop(while: isSpace)
      let key = rest.prefix { $0 != UInt8(ascii: "=") && !isSpace($0) }
      rest = rest.dropFirst(key.count).drop(while: isSpace)
      guard !key.isEmpty, rest.first == UInt8(ascii: "=") else { return pairs }
      rest = rest.dropFirst().drop(while: isSpace)
      guard let quote = rest.first, isQuote(quote) else { return pairs }
      let value = rest.dropFirst().prefix { $0 != quote }
      rest = rest.dropFirst(value.count + 2)
      let words = String(decoding: value, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      pairs.append((String(decoding: key, as: UTF8.self), unescaped(words.joined(separator: " "))))
    }
  }

  private func begins(with text: String) -> Bool { source[place...].starts(with: text.utf8) }

  private mutating func skip(past text: String) throws(InlineSVGError) {
    let end = Array(text.utf8)
    while place + end.count <= source.count {
      if source[place..<(place + end.count)].elementsEqual(end) {
        place += end.count
        return
      }
      place += 1
    }
    throw .unfinished
  }

  private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }

  private func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}

/// The letters for which gnuplot writes references.
private func unescaped(_ text: String) -> String {
  [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")].reduce(text) {
    text, pair in
    text.contains("&")
      ? text.split(separator: pair.0, omittingEmptySubsequences: false).joined(separator: pair.1) : text
  }
}
