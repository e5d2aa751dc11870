/// A page that is whole by itself: nothing in it is fetched, and nothing in it runs.
///
/// It is HTML that is XML too. A policy in its head forbids what is not there, should anything ever get in.
package struct HTMLPage: Sendable {
  /// A chapter, to which the contents lead.
  package struct Section: Sendable {
    /// The name of its place: `settings`.
    package let id: String
    package let title: String
    package let content: [Markup]

    package init(_ id: String, _ title: String, _ content: [Markup]) {
      (self.id, self.title, self.content) = (id, title, content)
    }
  }

  private let title: String
  private let opening: [Markup]
  private let sections: [Section]
  private let closing: [Markup]

  /// - Parameters:
  ///   - opening: what stands between the title and the contents.
  ///   - closing: what stands below all.
  package init(title: String, opening: [Markup], sections: [Section], closing: [Markup]) {
    (self.title, self.opening, self.sections, self.closing) = (title, opening, sections, closing)
  }

  package var text: String {
    "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], line, head, line, body).text + "\n"
  }

  private var line: Markup { .written("\n") }

  private var head: Markup {
    .element(
      "head", [:], .void("meta", ["charset": "utf-8"]),
      .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .void("meta", ["name": "color-scheme", "content": "light dark"]),
      .void(
        "meta",
        [
          "http-equiv": "Content-Security-Policy",
          "content": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        ]), line, .element("title", [:], Markup(title)), .written("\n<style>\n\(HTMLPage.style)</style>\n"))
  }

  private var body: Markup {
    let contents = sections.map { section in
      Markup.element(
        "li", [:], .element("a", ["href": "#\(section.id)"], Markup(section.title)))
    }
    let chapters = sections.map { section in
      Markup(
        [
          .element(
            "section", ["id": section.id],
            [.element("h2", [:], Markup(section.title)), line] + section.content), line,
        ])
    }
    return .element(
      "body", [:],
      [.element("header", [:], [.element("h1", [:], Markup(title)), line] + opening), line]
        + [.element("nav", ["aria-label": "Contents"], .element("ul", [:], contents)), line]
        + [.element("main", [:], chapters), line, .element("footer", [:], closing)])
  }
}
