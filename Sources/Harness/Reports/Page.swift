import Foundation
import Glibc
package import Tables

/// What a text is laid out for: a terminal, a pipe, a file.
package struct Page: Sendable, Equatable {
  /// Characters in a line.
  package let width: Int
  /// Whether ANSI sequences mean anything there.
  package let isColoured: Bool

  package init(width: Int, isColoured: Bool) { (self.width, self.isColoured) = (width, isColoured) }

  /// Without a terminal: wide enough for the tables of the paper, and the same everywhere.
  package static let plain = Page(width: 120, isColoured: false)

  /// Standard output as it is.
  package static var standardOutput: Page {
    Page(
      terminal: isTerminal ? Terminal.size(of: STDOUT_FILENO).width : nil,
      environment: ProcessInfo.processInfo.environment)
  }

  /// Whether standard output is a terminal.
  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// A terminal of so many columns, nil for none, as the environment has it.
  ///
  /// `COLUMNS` counts for terminals alone, and before what they say themselves. Colour is for terminals that are not
  /// `TERM=dumb`; `NO_COLOR`, if it is not empty, takes it away (no-color.org), and else `CLICOLOR_FORCE`, if it is
  /// neither empty nor 0, gives it to pipes and files, too.
  package init(terminal columns: Int?, environment: [String: String]) {
    let asked = environment["COLUMNS"].flatMap(Int.init).flatMap { (1...10_000).contains($0) ? $0 : nil }
    let isForced = !["", "0"].contains(environment["CLICOLOR_FORCE"] ?? "")
    self.init(
      width: columns.map { asked ?? $0 } ?? Page.plain.width,
      isColoured: !Page.isPlainWanted(environment)
        && (isForced || columns != nil && environment["TERM"] != "dumb" && environment["CLICOLOR"] != "0"))
  }

  /// Whether somebody asked for no colour, and nothing that moves, anywhere.
  static func isPlainWanted(_ environment: [String: String]) -> Bool {
    !(environment["NO_COLOR"] ?? "").isEmpty
  }
}

extension Page {
  /// Whether standard output is a terminal that moves its cursor.
  package static var isLive: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Columns and rows of standard output; without a terminal, those of a plain page that is never full.
  package static func size(isTerminal: Bool) -> (width: Int, height: Int) {
    isTerminal ? Terminal.size(of: STDOUT_FILENO) : (standardOutput.width, 40)
  }

  /// What whoever reads standard output can read.
  package static var glyphs: Glyphs { Glyphs(environment: ProcessInfo.processInfo.environment) }
}

/// Several tables, or several differences, as one text.
///
/// For people they follow one another with an empty line between; for programs they are one JSON list. CSV has no form
/// for several, and is refused.
package func joined(
  _ names: [String], owner: String, as format: Format, isSingle: Bool, render: (Int) -> String
) throws -> String {
  switch format {
  case .csv where names.count != 1:
    throw ReportError.severalTables(owner: owner, known: names, because: "CSV holds one")
  case .json where !isSingle:
    return "[" + names.indices.map { render($0).trimmingCharacters(in: .newlines) }.joined(separator: ",\n")
      + "]\n"
  default: return names.indices.map(render).joined(separator: "\n")
  }
}

/// Tables that were made of what a store has, whoever asked for them.
package protocol SheetReport: Sendable {
  /// Whose tables they are, for errors.
  var owner: String { get }
  var sheets: [Sheet] { get }
  /// What was found damaged, for standard error; empty if nothing was.
  var complaints: String { get }
  var status: ExitStatus { get }
}

extension SheetReport {
  /// The tables as text that ends in a line feed.
  ///
  /// - Parameter isSingle: whether one table was asked for by name: then JSON is its object, and not a list of one.
  package func text(_ format: Format, isSingle: Bool, page: Page) throws -> String {
    try joined(sheets.map(\.specification.name), owner: owner, as: format, isSingle: isSingle) { index in
      sheets[index].render(format, width: page.width, colour: page.isColoured)
    }
  }
}
