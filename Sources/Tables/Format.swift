/// The shapes in which a table can be printed. Adding one is adding a case here and a file that renders it.
package enum Format: String, Sendable, CaseIterable {
  case text, markdown, csv, latex, html, json

  /// How the name of a file in this format ends, without the point.
  package var fileExtension: String {
    switch self {
    case .text: "txt"
    case .markdown: "md"
    case .csv: "csv"
    case .latex: "tex"
    case .html: "html"
    case .json: "json"
    }
  }
}

/// What every format can be made of.
protocol Tabular {
  var layout: Layout { get }
  var csv: String { get }
  var json: JSON { get }
}

extension Tabular {
  func rendered(_ format: Format, width: Int, colour: Bool) -> String {
    switch format {
    case .text: text(layout, width: width, colour: colour)
    case .markdown: markdown(layout)
    case .csv: csv
    case .latex: latex(layout)
    case .html: html(layout)
    case .json: json.text
    }
  }
}

extension Table: Tabular {
  /// The table as text that ends in a line feed. Equal tables give equal bytes.
  ///
  /// `width` (in characters) and `colour` (ANSI sequences for a terminal) matter to `text` alone; wider text
  /// continues below. A single column is never cut.
  package func render(_ format: Format, width: Int, colour: Bool) -> String {
    rendered(format, width: width, colour: colour)
  }
}

extension TableDifference: Tabular {
  /// The difference as text that ends in a line feed. Equal differences give equal bytes.
  package func render(_ format: Format, width: Int, colour: Bool) -> String {
    rendered(format, width: width, colour: colour)
  }
}
