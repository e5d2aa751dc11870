package import Archive
import Records

/// Some of a manifest's runs, as a person named them after `--only`.
package struct RunSelection: Sendable {
  package let text: String
  private let runs: Set<Digest>

  /// The runs of `manifest` that meet all of `texts`, in the language of `--where`; nil where no text is given.
  ///
  /// Throws `SelectionError` for what cannot be read, and `RunRefusal` where no run is so.
  package init?(_ texts: [String], of manifest: Manifest, in store: Store?) throws {
    guard !texts.isEmpty else { return nil }
    text = texts.joined(separator: " ")
    do {
      let selection = try Selection(texts, in: store)
      runs = Set(try manifest.selecting(selection, in: store).runs.map(\.run))
    } catch var error as SelectionError {
      error.option = "--only"
      throw error
    } catch ReportError.noneChosen(_, of: let name, let count) {
      throw RunRefusal.nothingSelected(text, manifest: name, runs: count)
    }
  }

  package func includes(_ step: Plan.Step) -> Bool { runs.contains(step.specification.run) }
}
