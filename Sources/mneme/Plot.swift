import ArgumentParser
import Foundation
import Harness
import Tables

/// `mneme plot`: a manifest's figures, or what runs measured step by step.
struct PlotCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the figures of a manifest, or the history of any metric of any runs.",
    discussion: """
      Without --y the figures that a manifest declares, published numbers beside measured ones, from what is finished. \
      With --y what runs measured step by step: a curve a run, a panel a metric; of runs that are not finished as far \
      as their newest checkpoint. Pictures are drawn by gnuplot, whose script (.gp) and data (.dat) stay beside them. \
      Without -o they go to the folder `tables` beside the store. The same store gives the same bytes.

        mneme plot Experiments/sorting.yaml
        mneme plot 3f9a2c figure4 -o figure4.svg
        mneme plot 3f9a2c 81d04e --y train.loss,validation.accuracy
        mneme plot --where 'model.memory=long-term seed=1' --y train.loss
      """)

  @Argument(
    help: ArgumentHelp(
      "A manifest, then perhaps the name of one figure; with --y manifests and runs, by file or hash; with --where none, for all that is stored.",
      valueName: "what"), completion: .subject)
  var words: [String] = []

  @Option(
    name: .customLong("y"),
    help: ArgumentHelp(
      "A metric with a history, such as train.loss. May be repeated, or a list with commas.",
      valueName: "metric"), completion: .measures)
  var metrics: [String] = []

  @Option(name: .customLong("x"), help: "What histories are drawn over: step.")
  var axis: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Draw to this file, .svg or .png; script and data go beside it. May be repeated.", valueName: "file"),
    completion: .file())
  var output: [String] = []

  @OptionGroup var selection: WhereOptions
  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print the numbers for programs; nothing is drawn without -o.")
  var json = false

  func validate() throws {
    if !metrics.isEmpty, wanted.isEmpty { throw PlotError.noMetric(metrics) }
    if metrics.isEmpty, axis != nil { throw ValidationError("--x goes with --y.") }
    if let axis, axis != "step" { throw PlotError.unknownAxis(axis) }
    if words.isEmpty, metrics.isEmpty || selection.texts.isEmpty {
      throw ValidationError("what to plot is missing; expected a manifest, or runs with --y or --where.")
    }
    if metrics.isEmpty, words.count > 2 { throw PlotError.tooManyWords(words) }
    for file in output where format(of: file) == nil { throw PlotError.otherEnding(file) }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let selection = try selection.selection(in: existing)
    if metrics.isEmpty {
      guard
        case .manifest(let manifest) = try Subject(
          words[0], settings: overrides.settings, in: existing, at: store.path)
      else { throw PlotError.isRun(words[0]) }
      let name = words.count > 1 ? words[1] : nil
      let report = try FigureReport(
        manifest.selecting(selection, in: existing), figure: name, in: existing)
      if existing == nil { store.note(in: surroundings) }
      surroundings.errors(report.complaints)
      let pictures = report.figures.map(\.picture)
      if pictures.count > 1, !output.isEmpty {
        throw PlotError.severalFigures(owner: manifest.name, known: pictures.map(\.name))
      }
      if json {
        surroundings.output(
          name == nil
            ? "[\(pictures.map { $0.json.trimmingCharacters(in: .newlines) }.joined(separator: ",\n"))]\n"
            : pictures.map(\.json).joined())
      }
      for picture in pictures {
        try await draw(picture, stem: stem("\(manifest.name)-\(picture.name)", of: selection), surroundings)
      }
      return report.status
    }
    let named = try words.map {
      try Subject($0, settings: overrides.settings, in: existing, at: store.path)
    }
    let subjects = try selection.selecting(named, in: existing)
    let report = try HistoryReport(subjects, metrics: wanted, in: existing, at: store.path)
    surroundings.errors(report.complaints)
    if json { surroundings.output(report.picture.json) }
    try await draw(report.picture, stem: stem(report.stem, of: selection), surroundings)
    return report.status
  }

  /// A picture of some runs does not take the place of that of all.
  private func stem(_ name: String, of selection: Selection) -> String {
    fileStem(selection.isEverything ? name : "\(name)-only-\(selection.text)")
  }

  /// The metrics of all lists.
  private var wanted: [String] { metrics.flatMap { $0.split(separator: ",").map(String.init) } }

  /// Draws to the files that were named, else to the usual place; says which files there are.
  private func draw(_ picture: Picture, stem: String, _ surroundings: Surroundings) async throws {
    if json && output.isEmpty { return }
    var places: [(place: String, formats: [GnuplotScript.Format])] = []
    for file in output {
      guard let format = format(of: file) else { continue }
      let place = String(file.dropLast(format.rawValue.count + 1))
      if let index = places.firstIndex(where: { $0.place == place }) {
        if !places[index].formats.contains(format) { places[index].formats.append(format) }
      } else {
        places.append((place, [format]))
      }
    }
    if places.isEmpty { places = [("\(folder)/\(stem)", GnuplotScript.Format.allCases)] }
    for (place, formats) in places {
      let drawing = Drawing(picture, to: place, formats: formats)
      let words = try await drawing.write()
      if !words.isEmpty { surroundings.errors("gnuplot: \(words)\n") }
      if !json { surroundings.output(drawing.files.joined(separator: "\n") + "\n") }
    }
  }

  /// Beside the store: `Results/tables` for the usual one.
  private var folder: String {
    let parent = (store.path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "tables" : "\(parent)/tables"
  }

  private func format(of file: String) -> GnuplotScript.Format? {
    let name = (file as NSString).lastPathComponent
    return GnuplotScript.Format.allCases.first {
      name.hasSuffix(".\($0.rawValue)") && name.count > $0.rawValue.count + 1
    }
  }
}
