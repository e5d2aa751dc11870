import Archive
import Foundation
import Records

/// The words that a shell may offer behind what somebody has typed, from the project's files and the store.
///
/// Whoever presses a key waits for them, so no result is opened and nothing is written; what cannot be read offers nothing,
/// as there is no place for an error in a half typed line. Only words that no shell reads anything into are offered: a file
/// may be called `$(…).yaml`.
package struct ShellWords: Sendable {
  private let store: Store?
  /// Where relative names begin.
  private let folder: String

  /// - Parameter store: its folder; there need not be one.
  package init(store: String, folder: String = FileManager.default.currentDirectoryPath) {
    self.folder = folder
    self.store = try? Store(at: store.hasPrefix("/") ? store : "\(folder)/\(store)", creating: false)
  }

  /// What `mneme run` takes: a manifest's file.
  package func manifestFiles(_ begun: String) -> [String] { plain(files(begun, endings: ["yaml", "yml"])) }

  /// What `mneme table` takes: a manifest by its file, or its hash in the store.
  package func manifests(_ begun: String) -> [String] {
    plain(files(begun, endings: ["yaml", "yml"]) + hashes(begun) { $0.kind == "manifest" })
  }

  /// What `mneme diff` takes, too: files of tables.
  package func tables(_ begun: String) -> [String] {
    plain(subjects(begun) + files(begun, endings: ["csv"]) + ["paper"])
  }

  /// What `mneme show` takes: a manifest, or a run. Runs are offered once a digit tells which are meant: there may be
  /// thousands.
  package func subjects(_ begun: String) -> [String] {
    manifests(begun) + (begun.isEmpty ? [] : runs(begun))
  }

  /// What `mneme logs` takes.
  package func runs(_ begun: String) -> [String] { hashes(begun) { $0.kind == "run" } }

  /// Tags that something has.
  package func tags(_ begun: String) -> [String] {
    plain(store.flatMap { try? Notebook(of: $0).tags } ?? [])
  }

  /// Keys that rows, columns and what is averaged over may be; the last of a list with commas.
  package func keys(_ begun: String) -> [String] {
    listed(begun) { SelectionKey.known.values.filter { $0.holder == .setting }.map(\.name) }
  }

  /// Keys that a cell may show.
  package func measures(_ begun: String) -> [String] {
    listed(begun) {
      SelectionKey.known.values.filter { $0.holder == .number }.map(\.name) + SelectionKey.usualMetrics
    }
  }

  /// `key=value` for `--set`.
  package func settings(_ begun: String) -> [String] {
    terms(begun) { key in
      key.holder == .setting && RunSchema.derived[key.name] == nil && !key.name.hasPrefix("semantics.")
        && key.name != "numerics"
    }
  }

  /// `key=value` for `--where`; the last of several terms.
  package func terms(_ begun: String) -> [String] {
    let start = begun.lastIndex { " ,(".contains($0) }.map { begun.index(after: $0) } ?? begun.startIndex
    return terms(String(begun[start...])) { _ in true }.map { begun[..<start] + $0 }
  }

  private func terms(_ begun: String, _ isWanted: (SelectionKey) -> Bool) -> [String] {
    guard let sign = begun.firstIndex(where: { "=:".contains($0) }) else {
      let names = SelectionKey.known.values.filter(isWanted).map(\.name)
      let metrics = isWanted(SelectionKey.aMetric) ? SelectionKey.usualMetrics : []
      return plain((names + metrics).map { "\($0)=" })
    }
    let name = String(begun[..<sign].drop { $0 == "!" })
    guard let key = SelectionKey.known[name], isWanted(key) else { return [] }
    return plain(values(of: key).map { begun[...sign] + $0 })
  }

  /// Nothing where values are numbers, or words that nobody can know.
  private func values(of key: SelectionKey) -> [String] {
    switch key.name {
    case "tag": return tags("")
    case "manifest": return manifestNames
    default:
      return key.types.flatMap { type -> [String] in
        switch type {
        case .choice(let names): names
        case .boolean: ["true", "false"]
        case .integer, .real, .text, .list: []
        }
      }
    }
  }

  private var manifestNames: [String] {
    guard let store, let objects = try? store.objects() else { return [] }
    return objects.filter { $0.kind == "manifest" }.compactMap { object in
      (try? store.object(object)).flatMap(Manifest.name(inStored:))
    }
  }

  /// Twelve digits, as they are shown; the whole where more were typed. Nothing for what is no beginning of a hash.
  private func hashes(_ begun: String, _ isWanted: (Store.Named) -> Bool) -> [String] {
    guard begun.allSatisfy(\.isHexDigit), let found = try? store?.candidates(prefix: begun) else { return [] }
    return found.filter(isWanted).map { begun.utf8.count > 12 ? $0.id.hex : $0.id.short }
  }

  /// Files and folders in the folder that is typed, which is the project's experiments where nothing is.
  private func files(_ begun: String, endings: Set<String>) -> [String] {
    let place = begun.isEmpty ? "Experiments/" : begun.lastIndex(of: "/").map { String(begun[...$0]) } ?? ""
    let path = place.hasPrefix("/") ? place : "\(folder)/\(place)"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [] }
    return names.compactMap { name in
      guard !name.hasPrefix(".") else { return nil }
      if endings.contains((name as NSString).pathExtension) { return place + name }
      let kind = try? URL(fileURLWithPath: path + "/" + name).resourceValues(forKeys: [.isDirectoryKey])
      return kind?.isDirectory == true ? "\(place)\(name)/" : nil
    }.filter { $0.hasPrefix(begun) }
  }

  /// Words behind the last comma.
  private func listed(_ begun: String, _ words: () -> [String]) -> [String] {
    let start = begun.lastIndex(of: ",").map { begun.index(after: $0) } ?? begun.startIndex
    return plain(words()).map { begun[..<start] + $0 }
  }

  /// In the order of their bytes, each once, none that a shell would do something with.
  private func plain(_ words: [String]) -> [String] {
    Set(words).filter { word in
      !word.isEmpty
        && word.utf8.allSatisfy { byte in
          (byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "._-/=:!+,@%".utf8.contains(byte)
        }
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
