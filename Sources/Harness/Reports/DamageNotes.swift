package import Archive
import Foundation
package import Records

/// What is damaged among some runs of a store, said once, with what to type: every command says it so.
///
/// A run whose result is damaged, or whatever tells how far an unfinished one is, is corrupt: it has no number, and does
/// not count. A damaged record beside an intact result takes nothing but what it told: the run is done, its number
/// stands, and costs that only that record told are unmeasured.
package struct DamageNotes: Sendable {
  private struct Entry: Sendable {
    let isCorrupt: Bool
    /// `run 3f9a2c1b04d1 (seed=1)`.
    let name: String
    let short: String
    let sentence: String
    var noun = "runs"

    /// What is wrong in general: what many runs may have alike.
    var general: String { sentence.range(of: ": ").map { String(sentence[..<$0.lowerBound]) } ?? sentence }
  }

  /// How many of a kind are told one by one.
  private static let few = 3

  /// The store's folder, as it was given.
  private var store: String
  private var entries: [Entry] = []
  private var seen: Set<String> = []

  package init(in store: String) { self.store = store }

  /// What to type about a corrupt run of a store: it looks at every byte, and says for each file how it is mended.
  package static func next(in store: String) -> String {
    commandLine(["mneme", "fsck", "--deep"] + (store == "Results/store" ? [] : ["--store", store]))
  }

  /// What to type.
  package var next: String { DamageNotes.next(in: store) }

  package var isEmpty: Bool { entries.isEmpty }
  /// Whether some run has lost its number.
  package var hasCorrupt: Bool { entries.contains(where: \.isCorrupt) }

  /// Takes note of a corrupt run.
  ///
  /// - Parameter sentence: as `RunState.corrupt` has it.
  package mutating func add(corrupt run: Digest, label: String = "", _ sentence: String) {
    add(run, label, sentence, isCorrupt: true)
  }

  /// Takes note of a stored manifest that cannot be read.
  mutating func add(manifest: Digest, _ fault: String) {
    guard seen.insert(manifest.hex).inserted else { return }
    entries.append(
      Entry(
        isCorrupt: true, name: "manifest \(manifest.short)", short: manifest.short, sentence: "it \(fault)",
        noun: "manifests"))
  }

  /// Takes note of damage beside a result: once for a run, by its first file.
  package mutating func add(beside run: Digest, label: String = "", _ damage: [RunDirectory.Damage]) {
    guard let first = damage.first else { return }
    let more = damage.count > 1 ? ", and so \(damage.count == 2 ? "is another file" : "are others")" : ""
    add(run, label, first.sentence + more, isCorrupt: false)
  }

  package mutating func add(_ other: DamageNotes) {
    if entries.isEmpty { store = other.store }
    for entry in other.entries where seen.insert(entry.short).inserted { entries.append(entry) }
  }

  private mutating func add(_ run: Digest, _ label: String, _ sentence: String, isCorrupt: Bool) {
    guard seen.insert(run.short).inserted else { return }
    entries.append(
      Entry(
        isCorrupt: isCorrupt, name: "run \(run.short)\(label.isEmpty ? "" : " (\(label))")", short: run.short,
        sentence: sentence))
  }

  /// A line for each run, one for many that have the same, and what to type; empty where nothing is damaged.
  package var text: String {
    guard !entries.isEmpty else { return "" }
    return lines.map { $0 + "\n" }.joined() + "next: \(next)\n"
  }

  /// The same without what to type.
  package var lines: [String] {
    var lines: [String] = []
    for isCorrupt in [true, false] {
      let some = entries.filter { $0.isCorrupt == isCorrupt }
      var told: Set<String> = []
      for entry in some where told.insert(entry.general).inserted {
        let alike = some.filter { $0.general == entry.general }
        guard alike.count > DamageNotes.few else {
          lines += alike.map { DamageNotes.line($0.name, $0.sentence, isCorrupt: isCorrupt) }
          continue
        }
        let names = alike.prefix(DamageNotes.few).map(\.short).joined(separator: ", ")
        lines.append(
          DamageNotes.line(
            "\(alike.count) \(entry.noun)",
            "\(entry.general): \(names) and \(alike.count - DamageNotes.few) more",
            isCorrupt: isCorrupt))
      }
    }
    return lines
  }

  private static func line(_ name: String, _ sentence: String, isCorrupt: Bool) -> String {
    isCorrupt ? "corrupt: \(name): \(sentence)" : "note: \(name): \(sentence); the result is intact"
  }
}
