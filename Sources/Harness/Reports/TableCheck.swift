package import Archive
import Foundation
package import Records
import Tables

/// Whether files of tables say what the store and the manifest would print now: for tables what a formatter's lint is for
/// sources.
///
/// A file is of the manifest whose hash it bears. It is stale too where the manifest's own file, `Experiments/NAME.yaml`
/// of the same project, has become another manifest since.
package struct TableCheck: Sendable {
  package enum Outcome: Sendable, Equatable {
    /// Byte for byte.
    case current
    /// Why, and what is different.
    case stale(String, [TableText.Change])
    /// Why it cannot be told: never a pass.
    case unknown(String)

    fileprivate var word: String {
      switch self {
      case .current: "current"
      case .stale: "stale"
      case .unknown: "cannot tell"
      }
    }
  }

  package struct File: Sendable {
    package let path: String
    package let manifest: Digest?
    package let outcome: Outcome
  }

  package let files: [File]
  /// More changes of a file than these are only counted.
  private static let limit = 20

  /// - Parameter manifest: what the files should be of; nil for the manifest that each of them names.
  package init(_ paths: [String], of manifest: Manifest?, in store: Store?) {
    files = paths.map { path in
      do {
        return try File(path, of: manifest, in: store)
      } catch {
        // The line begins with the path already.
        let sentence = "\(error)"
        let start = "\(path): "
        return File(
          path: path, manifest: nil,
          outcome: .unknown(sentence.hasPrefix(start) ? String(sentence.dropFirst(start.count)) : sentence))
      }
    }
  }

  /// 2 where something could not be told, else 1 where something is stale.
  package var status: ExitStatus {
    let outcomes = files.map(\.outcome.word)
    if outcomes.contains("cannot tell") { return .unable }
    return outcomes.contains("stale") ? .finding : .done
  }

  /// A line for every file; below a stale one what is different.
  package var text: String {
    files.map { file in
      switch file.outcome {
      case .current: return "current: \(file.path)\n"
      case .unknown(let reason): return "cannot tell: \(file.path): \(reason)\n"
      case .stale(let reason, let changes):
        let more = changes.count - TableCheck.limit
        return "stale: \(file.path): \(reason)\n"
          + changes.prefix(TableCheck.limit).map { "  \($0.sentence)\n" }.joined()
          + (more > 0 ? "  and \(more) more\n" : "")
      }
    }.joined()
  }

  /// A list of objects, one for each file.
  package var json: String {
    jsonText(
      files.map { file in
        var (reason, changes): (String?, [TableText.Change]) = (nil, [])
        switch file.outcome {
        case .current: break
        case .unknown(let sentence): reason = sentence
        case .stale(let sentence, let found): (reason, changes) = (sentence, found)
        }
        return FileJSON(
          file: file.path, outcome: file.outcome.word, manifest: file.manifest?.hex, reason: reason,
          changes: changes.map { ChangeJSON(place: $0.place, was: $0.old, now: $0.new) })
      })
  }

  private struct FileJSON: Encodable {
    let file: String
    let outcome: String
    let manifest: String?
    let reason: String?
    let changes: [ChangeJSON]
  }

  private struct ChangeJSON: Encodable {
    let place: String?
    let was: String?
    let now: String?
  }
}

extension TableCheck.File {
  fileprivate init(_ path: String, of wanted: Manifest?, in store: Store?) throws {
    guard let format = Format.allCases.first(where: { path.hasSuffix(".\($0.fileExtension)") }) else {
      let known = Format.allCases.map { ".\($0.fileExtension)" }.joined(separator: ", ")
      self.init(
        path: path, manifest: nil, outcome: .unknown("its name ends like no table; expected \(known)."))
      return
    }
    let bytes = try SourceText.bytes(of: SourceFile(named: path).path, shown: path)
    let text = String(decoding: bytes, as: UTF8.self)
    guard let word = TableText.manifest(in: text, format) else {
      self.init(
        path: path, manifest: nil,
        outcome: .unknown("it names no manifest; expected a table of `mneme table MANIFEST -o FILE`."))
      return
    }
    guard let manifest = try wanted ?? TableCheck.manifest(word, in: store) else {
      self.init(
        path: path, manifest: nil,
        outcome: .unknown(
          "manifest \(word.prefix(12)) is not in this store, so neither are its runs; `mneme run` makes them."
        ))
      return
    }
    if !manifest.hash.hex.hasPrefix(word) {
      let reason = "it is of manifest \(word.prefix(12)), and \(manifest.name) is \(manifest.hash.short)."
      self.init(path: path, manifest: manifest.hash, outcome: .stale(reason, []))
      return
    }
    if wanted == nil, let later = try TableCheck.successor(of: manifest, beside: path) {
      let reason =
        "it is of manifest \(manifest.hash.short), and Experiments/\(manifest.name).yaml has become \(later.short)."
      self.init(path: path, manifest: manifest.hash, outcome: .stale(reason, []))
      return
    }
    self.init(
      path: path, manifest: manifest.hash, outcome: try TableCheck.outcome(text, format, manifest, store))
  }
}

extension TableCheck {
  fileprivate static func manifest(_ word: String, in store: Store?) throws -> Manifest? {
    guard let store, case .manifest(let object)? = try? Target(word, in: store, only: .manifest) else {
      return nil
    }
    return try Manifest(canonicalBytes: try store.object(object), hash: object.id)
  }

  /// The hash of the manifest's own file, where there is one and it is not the same.
  fileprivate static func successor(of manifest: Manifest, beside path: String) throws -> Digest? {
    let folder = Project(around: SourceFile(named: path)).folder
    let file = "\(folder)/Experiments/\(manifest.name).yaml"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let now = try Manifest(reading: file)
    return now.hash == manifest.hash ? nil : now.hash
  }

  fileprivate static func outcome(
    _ text: String, _ format: Format, _ manifest: Manifest, _ store: Store?
  ) throws -> Outcome {
    let report = try TableReport(manifest, in: store)
    guard report.survey.corrupt.isEmpty else { return .unknown(withoutEnd(report.complaints)) }
    // A file holds all tables of a manifest, or one.
    var texts = report.sheets.map { $0.render(format, width: Page.plain.width, colour: false) }
    if let all = try? report.text(format, isSingle: false, page: .plain) { texts.append(all) }
    guard !texts.contains(text) else { return .current }
    let missing = report.survey.observations.filter { if case .finished = $0.state { false } else { true } }
    guard missing.isEmpty else {
      let labels = RunLabels(manifest)
      let names = missing.prefix(4).map { run in
        [run.run.short, labels.label(of: run.settings)].filter { !$0.isEmpty }.joined(separator: " ")
      }
      let more = missing.count > 4 ? "; and \(missing.count - 4) more" : ""
      return .unknown(
        "it is not what would be printed now, but of \(counted(report.survey.observations.count, "run")) "
          + "\(missing.count) \(missing.count == 1 ? "is" : "are") not finished in this store: "
          + names.joined(separator: "; ") + more + ".")
    }
    let changes =
      texts.map { TableText(text, format).changes(to: TableText($0, format)) }
      .min { $0.count < $1.count } ?? []
    let cells = changes.count { $0.place != nil }
    let lines = changes.count - cells
    let parts = [(cells, "cell"), (lines, "other line")].filter { $0.0 > 0 }.map { counted($0, $1) }
    return .stale(
      (parts.isEmpty ? "spaces or the order of lines" : parts.joined(separator: " and ")) + " changed.",
      changes)
  }

  private static func withoutEnd(_ text: String) -> String {
    text.split(separator: "\n").joined(separator: " ")
  }
}
