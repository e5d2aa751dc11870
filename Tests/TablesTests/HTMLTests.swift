import Foundation
import Records
import Testing

@testable import Tables

@Suite struct HTMLTests {
  @Test func `every heading has a scope, the table a caption, and it is well-formed`() throws {
    for table in [try SortingAblation.table(), try SortingAblation.halfway()] {
      let text = table.render(.html, width: 0, colour: false)
      #expect(text.utf8.allSatisfy { $0 < 0x80 })
      let parser = XMLParserOf(text.replacingOccurrences(of: "<br>", with: "<br/>"))
      #expect(parser.isWellFormed, "\(parser.trouble)")
      #expect(parser.count["caption"] == 1)
      #expect(parser.scopes.allSatisfy { ["col", "row", "colgroup"].contains($0) })
      #expect(parser.count["th"] == parser.scopes.count)
      // Every row has as many columns as the head, spans counted.
      #expect(Set(parser.widths).count == 1, "\(parser.widths)")
    }
  }
}

/// Reads XML far enough to count what is in it.
private final class XMLParserOf {
  private(set) var count: [String: Int] = [:]
  private(set) var scopes: [String] = []
  private(set) var widths: [Int] = []
  private(set) var trouble = ""
  var isWellFormed: Bool { trouble.isEmpty }

  init(_ text: String) {
    var open: [String] = []
    for match in text.matches(of: /<(\/?)([a-z]+)((?: [a-z]+="[^"<>]*")*)(\/?)>/) {
      let name = String(match.2)
      if match.1 == "/" {
        if open.popLast() != name { trouble += "</\(name)> closes nothing; " }
        continue
      }
      count[name, default: 0] += 1
      let attributes = String(match.3)
      if name == "tr" { widths.append(0) }
      if name == "th" || name == "td", !widths.isEmpty {
        widths[widths.count - 1] += attributes.firstMatch(of: /colspan="([0-9]+)"/).flatMap { Int($0.1) } ?? 1
      }
      if name == "th", let scope = attributes.firstMatch(of: /scope="([a-z]+)"/) {
        scopes.append(String(scope.1))
      }
      if match.4.isEmpty { open.append(name) }
    }
    let rest = text.replacing(/<\/?[a-z]+(?: [a-z]+="[^"<>]*")*\/?>/, with: "")
    if rest.contains("<") || rest.contains(">") { trouble += "a bare < or >; " }
    if !open.isEmpty { trouble += "\(open) stay open" }
  }
}
