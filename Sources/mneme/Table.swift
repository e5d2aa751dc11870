import Archive
import ArgumentParser
import Harness
import Records
import Tables

/// `mneme table`: a manifest's tables, or one of any runs, of what is finished.
struct TableCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print the tables of a manifest from what is finished, published numbers beside measured ones.",
    discussion: """
      May be asked at any time; a table that is not complete says so. Every number is read from a file whose bytes were \
      verified; a damaged one counts as failed, is told on standard error, and makes the exit status 1. The same store \
      gives the same bytes.

      With --rows and --cell a table of any runs of the store, without a manifest: runs that differ in a setting that is \
      neither shown nor averaged over are refused, and so are mixed tiers, orders of arithmetic and meanings. --trace \
      prints the runs behind every cell. --check tells whether files of tables say what would be printed now; exit \
      status: 0 they do, 1 some are stale, 2 it cannot be told.

        mneme table Experiments/sorting-ablation.yaml
        mneme table 3f9a2c table6 --format latex
        mneme table Experiments/sorting-ablation.yaml -o Results/tables/sorting-ablation.md
        mneme table --rows model.kind --columns task.segments --cell test.accuracy --over seed --where tier=quick
        mneme table 3f9a2c --trace model.memory=working,task.segments=8
        mneme table --check Results/tables/sorting.md Results/tables/sorting.csv
      """)

  @Argument(help: "The manifest: a YAML file, or the hash of one in the store.", completion: .manifest)
  var manifest: String?

  @Argument(help: "The name of one table. Without it, all.")
  var name: String?

  @OptionGroup var question: QuestionOptions
  @OptionGroup var selection: WhereOptions

  @Option(
    defaultAsFlag: "", parsing: .next,
    help: ArgumentHelp(
      "Print where cells come from: runs, their numbers, attempts and code; of all cells, or of those at these values of rows and columns.",
      valueName: "cells"))
  var trace: String? = nil

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Tell whether these files are what would be printed now.", valueName: "files"),
    completion: .file())
  var check: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file, which is left alone where it says the same already; the format goes by its ending. May be repeated.",
      valueName: "file"), completion: .file())
  var output: [String] = []

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var layout: LayoutOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    try question.refuse(beside: manifest)
    if manifest == nil, question.isEmpty, check.isEmpty {
      throw ValidationError(
        "what to print is missing; expected a manifest, or --rows and --cell for any runs.")
    }
    if !check.isEmpty, !question.isEmpty || trace != nil || !output.isEmpty || !selection.texts.isEmpty {
      throw ValidationError("--check looks at files as they are; give it a manifest or nothing else.")
    }
    if trace != nil || !check.isEmpty, let format = layout.chosen, ![.text, .json].contains(format) {
      throw ValidationError("--trace and --check print text or JSON; \(format.rawValue) is neither.")
    }
    if trace != nil, !output.isEmpty {
      throw ValidationError("--trace writes no file; expected --trace or -o, not both.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    guard check.isEmpty else { return try look(at: check, in: existing, surroundings) }
    let report = try tables(in: existing)
    if existing == nil { store.note(in: surroundings) }
    surroundings.errors(report.complaints)
    if let trace {
      let found = try TableTrace(report, cells: trace, in: existing)
      surroundings.output(layout.chosen == .json ? found.json : surroundings.folded(found.text))
      return report.status
    }
    let isSingle = name != nil || manifest == nil
    try layout.put(in: output, surroundings) { try report.text($0, isSingle: isSingle, page: $1) }
    return report.status
  }

  private func tables(in existing: Store?) throws -> any SheetReport {
    let selection = try selection.selection(in: existing)
    guard let word = manifest else {
      guard let existing else { throw ReportError.absentStore(store.path) }
      return try AnyRunsReport(question.question, where: selection, in: existing)
    }
    let manifest = try Manifest(named: word, settings: overrides.settings, in: existing, at: store.path)
    // A name that no table has is complained about before any run is looked at.
    _ = try manifest.tables(named: name)
    return try TableReport(manifest.selecting(selection, in: existing), table: name, in: existing)
  }

  private func look(
    at files: [String], in existing: Store?, _ surroundings: Surroundings
  ) throws -> ExitStatus {
    let manifest = try manifest.map {
      try Manifest(named: $0, settings: overrides.settings, in: existing, at: store.path)
    }
    if existing == nil { store.note(in: surroundings) }
    let found = TableCheck(files, of: manifest, in: existing)
    surroundings.output(layout.chosen == .json ? found.json : surroundings.folded(found.text))
    return found.status
  }
}

/// A table of any runs, as it is asked for.
struct QuestionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Without a manifest: the keys whose values are rows, such as model.kind. A list with commas, or repeated.",
      valueName: "keys"), completion: .keys)
  var rows: [String] = []

  @Option(help: ArgumentHelp("The keys whose values are columns.", valueName: "keys"), completion: .keys)
  var columns: [String] = []

  @Option(
    help: ArgumentHelp(
      "The metric or cost in a cell, such as test.accuracy; several stand beside each other.",
      valueName: "keys"), completion: .measures)
  var cell: [String] = []

  @Option(
    help: ArgumentHelp("The keys that a cell averages over, usually seed.", valueName: "keys"),
    completion: .keys)
  var over: [String] = []

  @Option(help: "What stands in a cell: mean±std, mean or median. Usually mean±std.")
  var show: Show?

  @Option(help: "Which direction is better, higher or lower: the best of a column is emphasized.")
  var better: Better?

  var isEmpty: Bool {
    rows.isEmpty && columns.isEmpty && cell.isEmpty && over.isEmpty && show == nil && better == nil
  }

  var question: TableQuestion {
    TableQuestion(
      rows: rows, columns: columns, cells: cell, over: over, show: show ?? .meanAndDeviation, better: better)
  }

  func refuse(beside manifest: String?) throws {
    guard !isEmpty, let manifest else { return }
    throw ValidationError(
      "--rows, --columns, --cell, --over, --show and --better make a table of any runs, and \(manifest) has tables of its "
        + "own; leave it out, and add manifest=… to --where to stay among its runs.")
  }
}

extension Show: ExpressibleByArgument {}
extension Better: ExpressibleByArgument {}

/// The shape of tables: which format, and how wide.
struct LayoutOptions: ParsableArguments {
  /// When there is colour.
  enum Colour: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  @Option(help: "text, markdown, csv, latex, html or json.")
  var format: Format?

  @Flag(help: "The same as --format json.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Characters in a line of text, 20 at least; a column or word that needs more stays whole. Usually the terminal's.",
      valueName: "number"))
  var width: Int?

  @Option(
    name: [.long, .customLong("color")],
    help:
      "auto (on a terminal, unless NO_COLOR or TERM=dumb is set; CLICOLOR_FORCE: anywhere), always or never.")
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

  /// Prints a text, or writes it to files in the formats that they are named by.
  func put(
    in files: [String], _ surroundings: Surroundings, _ text: (Format, Page) throws -> String
  ) throws {
    if files.isEmpty {
      let shown = try text(chosen ?? .text, page)
      // Of a table that cannot be made narrower, a row goes on below.
      surroundings.output(chosen ?? .text == .text ? surroundings.folded(shown, width: width) : shown)
    }
    // All texts before the first file: either all are written, or none.
    let texts = try files.map { file in (file, try text(try format(of: file), .plain)) }
    for (file, text) in texts {
      let isNew = try PublishedText.write(text, to: file)
      surroundings.detail(isNew ? "\(file): written\n" : "\(file): says the same already, left alone\n")
    }
  }

  /// The format for a file: as asked for, else as its name ends.
  func format(of file: String) throws -> Format {
    if let chosen { return chosen }
    guard let format = Format.allCases.first(where: { file.hasSuffix(".\($0.fileExtension)") }) else {
      let known = Format.allCases.map { ".\($0.fileExtension)" }
      let ending = file.lastIndex(of: ".").map { String(file[$0...]) } ?? ""
      throw ValidationError(
        "the format of \(file) cannot be told from its name; end it in \(known.joined(separator: ", ")), or give --format"
          + (nearest(ending, among: known).map { "; did you mean \($0)?" } ?? "."))
    }
    return format
  }
}

extension Format: ExpressibleByArgument {}
