import ArgumentParser
import Foundation
import Harness
import Records
import Tables

/// `mneme report`: a manifest as one page.
struct ReportCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write all there is to say about a manifest as one HTML page that needs nothing else.",
    discussion: """
      How far the runs are, tables, figures and loss curves, differences from the paper and what of it is reproduced, \
      notes, settings, every run, machines and programs. May be asked at any time; what is incomplete, failed or damaged \
      is named. The numbers are those of `table`, `diff` and `verify`; the pictures are drawn by gnuplot. The page fetches \
      nothing and runs nothing, so it can be mailed, read on a phone, and printed. Without -o it goes to the folder \
      `report` beside the store. The same store gives the same bytes.

      Up to 12 panels of 28 loss curves are drawn, each at no more than 240 points; what is left out is told.

        mneme report Experiments/sorting-ablation.yaml
        mneme report 3f9a2c -o memory.html
        mneme report 3f9a2c --where 'task.segments>=8' --without-pictures -o long.html
      """)

  @Argument(help: "The manifest: a YAML file, or the hash of one in the store.", completion: .manifest)
  var manifest: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to this file, which is left alone where it says the same already; its name ends in .html.",
      valueName: "file"), completion: .file(extensions: ["html"]))
  var output: String?

  @Flag(help: "Leave figures and loss curves out: gnuplot is not needed then.")
  var withoutPictures = false

  @OptionGroup var judging: JudgingOptions
  @OptionGroup var selection: WhereOptions
  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print what was written as an object for programs.")
  var json = false

  func validate() throws {
    if let output, !output.lowercased().hasSuffix(".html") {
      throw ValidationError("a report is a page; end the name \(output) in .html.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let selection = try selection.selection(in: existing)
    let manifest = try Manifest(
      named: manifest, settings: overrides.settings, in: existing, at: store.path
    ).selecting(selection, in: existing)
    if existing == nil { store.note(in: surroundings) }
    let report = try ManifestReport(
      manifest, named: self.manifest, asked: judging.rules, isTestGiven: judging.test != nil, in: existing,
      at: store.path)
    surroundings.errors(report.complaints)
    var drawings: [String: String]?
    if !withoutPictures {
      var drawn: [String: String] = [:]
      for picture in report.pictures {
        // What stands below a picture is said by the page, which breaks lines.
        let (svg, words) = try await Drawing.svg(of: picture.captionless)
        if !words.isEmpty { surroundings.errors("gnuplot: \(words)\n") }
        drawn[picture.name] = svg
      }
      drawings = drawn
    }
    let page = try report.page(drawings)
    let file = output ?? usualFile(manifest, selection)
    let isNew = try PublishedText.write(page, to: file)
    surroundings.detail(isNew ? "\(file): written\n" : "\(file): says the same already, left alone\n")
    surroundings.output(
      json ? report.json(file: file, page: page, pictures: drawings?.count ?? 0) : "\(file)\n")
    return report.status
  }

  /// Beside the store: `Results/report/sorting.html` for the usual one. A page of some runs does not take the place of
  /// that of all.
  private func usualFile(_ manifest: Manifest, _ selection: Selection) -> String {
    let parent = (store.path as NSString).deletingLastPathComponent
    let name = selection.isEverything ? manifest.name : "\(manifest.name)-only-\(selection.text)"
    return "\(parent.isEmpty ? "" : parent + "/")report/\(fileStem(name)).html"
  }
}
