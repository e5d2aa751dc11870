import Records

@testable import Archive
@testable import Harness

/// A manifest with one run or some hundreds; a grid of more is refused before it is multiplied out, which is what is
/// looked for, and would only take long.
func readManifest(_ bytes: [UInt8]) {
  guard bytes.count <= 1 << 16, let text = String(validating: bytes, as: UTF8.self) else { return }
  guard let manifest = result({ try Manifest(text: text, named: "fuzz.yaml") }) else {
    _ = result { try YAMLReader.read(text, file: "fuzz.yaml") }
    return
  }
  requireShown(manifest.name)
  let plan = Plan(manifest, costs: Costs(), retriesFailed: false) { _ in RunProgress(.pending) }
  for step in plan.steps.prefix(50) {
    requireShown(step.label)
    let run = step.specification
    let again = result { try Specification(canonicalBytes: run.canonicalBytes) }
    require(again?.run == run.run, "a run is another one when it is read back")
  }
  let stored = result { try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash) }
  require(stored?.hash == manifest.hash, "a manifest cannot be read back")
}

func readSelection(_ bytes: [UInt8]) {
  guard bytes.count <= 1 << 16, let text = String(validating: bytes, as: UTF8.self) else { return }
  guard let selection = result({ try Selection([text], in: nil) }) else { return }
  let facts: [Value] = [.text("memoria"), .integer(3), .real(0.5), .boolean(true), .list([.integer(1)])]
  for term in selection.terms { for fact in facts { _ = term.holds([fact]) } }
  let again = result { try Selection([selection.text], in: nil) }
  require(
    selection.isEverything || again?.terms.count == selection.terms.count,
    "a selection is another one when it is read again")
}
