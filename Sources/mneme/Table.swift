import ArgumentParser
import Harness
import Tables

/// `mneme table`: a manifest's tables, of what is finished.
struct TableCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print the tables of a manifest from what is finished, published numbers beside measured ones.",
    discussion: """
      May be asked at any time; a table that is not complete says so. Every number is read from a file whose bytes were \
      verified; a damaged one counts as failed, is told on standard error, and makes the exit status 1. The same store \
      gives the same bytes.

        mneme table Experiments/sorting-ablation.yaml
        mneme table 3f9a2c table6 --format latex
        mneme table Experiments/sorting-ablation.yaml -o Results/tables/sorting-ablation.md
      """)

  @Argument(help: "The manifest: a YAML file, or the hash of one in the store.")
  var manifest: String

  @Argument(help: "The name of one table. Without it, all.")
  var name: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file, which is left alone where it says the same already; the format goes by its ending. May be repeated.",
      valueName: "file"))
  var output: [String] = []

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var layout: LayoutOptions
  @OptionGroup var store: StoreOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let manifest = try Manifest(named: manifest, settings: overrides.settings, in: existing, at: store.path)
    let report = try TableReport(manifest, table: name, in: existing)
    if existing == nil { store.note(in: surroundings) }
    surroundings.errors(report.complaints)
    if output.isEmpty {
      let format = layout.chosen ?? .text
      surroundings.output(try report.text(format, isSingle: name != nil, page: layout.page))
    }
    // All texts before the first file: either all are written, or none.
    let texts = try output.map { file in
      (file, try report.text(try layout.format(of: file), isSingle: name != nil, page: .plain))
    }
    for (file, text) in texts { try PublishedText.write(text, to: file) }
    return report.status
  }
}

/// The shape of tables: which format, and how wide.
struct LayoutOptions: ParsableArguments {
  /// When there is colour.
  enum Colour: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  @Option(help: "text, markdown, csv, latex or json.")
  var format: Format?

  @Flag(help: "The same as --format json.")
  var json = false

  @Option(
    help:
      "Characters in a line of text, 20 at least; a column or word that needs more stays whole. Usually the terminal's."
  )
  var width: Int?

  @Option(help: "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.")
  var colour = Colour.auto

  func validate() throws {
    guard width.map({ (20...10_000).contains($0) }) ?? true else {
      throw ValidationError("--width is \(width ?? 0); expected 20 to 10000.")
    }
    guard !json || format == nil || format == .json else {
      throw ValidationError("--json and --format say different things; give one of them.")
    }
  }

  var chosen: Format? { json ? .json : format }

  var page: Page {
    let usual = Page.standardOutput
    return Page(
      width: width ?? usual.width, isColoured: colour == .always || colour == .auto && usual.isColoured)
  }

  /// The format for a file: as asked for, else as its name ends.
  func format(of file: String) throws -> Format {
    if let chosen { return chosen }
    guard let format = Format.allCases.first(where: { file.hasSuffix(".\($0.fileExtension)") }) else {
      let known = Format.allCases.map { ".\($0.fileExtension)" }.joined(separator: ", ")
      throw ValidationError(
        "the format of \(file) cannot be told from its name; end it in \(known), or give --format.")
    }
    return format
  }
}

extension Format: ExpressibleByArgument {}
