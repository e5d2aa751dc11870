package import Foundation
import Records

/// The existing file, or folder where that is the kind, that `path` was probably meant to be, written as `path` is; nil when none is near.
///
/// Folder by folder: one that exists is taken as it is, of any other the nearest name beside it. The last word may lack
/// its ending, and a bare word may be the name of a file in `Experiments`: `smoke` is `Experiments/smoke.yaml`.
///
/// - Parameter folder: what a relative path begins in.
/// - Parameter isVisible: whether the names in a folder, absolute and without symbolic links, may be told.
package func nearestFile(
  to path: String, from folder: String = FileManager.default.currentDirectoryPath,
  kind: FileAttributeType = .typeRegular, isVisible: (String) -> Bool = { _ in true }
) -> String? {
  if let near = nearestPath(to: path, from: folder, kind, isVisible) { return near }
  guard !path.contains("/"), kind == .typeRegular else { return nil }
  return nearestPath(to: "Experiments/" + path, from: folder, kind, isVisible)
}

/// More names than these are not compared: a folder of results has too many.
private let mostNames = 4096

private func nearestPath(
  to path: String, from folder: String, _ kind: FileAttributeType, _ isVisible: (String) -> Bool
) -> String? {
  let isAbsolute = path.hasPrefix("/")
  var place = isAbsolute ? "" : folder
  var words: [String] = []
  let parts = path.split(separator: "/").map(String.init)
  for (index, part) in parts.enumerated() {
    let isLast = index == parts.count - 1
    func fits(_ name: String) -> Bool {
      fileKind(at: place + "/" + name) == (isLast ? kind : .typeDirectory)
    }
    guard let word = fits(part) ? part : nearestName(to: part, in: place, isVisible, where: fits) else {
      return nil
    }
    words.append(word)
    place += "/" + word
  }
  return words.isEmpty ? nil : (isAbsolute ? "/" : "") + words.joined(separator: "/")
}

/// The name in a folder, with or without its ending, that is nearest to `word`.
private func nearestName(
  to word: String, in folder: String, _ isVisible: (String) -> Bool, where fits: (String) -> Bool
) -> String? {
  let folder = SourceFile(named: folder.isEmpty ? "/" : folder).path
  guard isVisible(folder), let all = try? FileManager.default.contentsOfDirectory(atPath: folder),
    all.count <= mostNames
  else { return nil }
  let names = all.filter { !$0.hasPrefix(".") }.sorted()
  func stem(_ name: String) -> String { String(name.prefix { $0 != "." }) }
  let fitting = names.filter(fits)
  // All of a kind end alike, so that a.csv is not nearly b.csv.
  guard let near = nearest(stem(word), among: fitting.map(stem)) else { return nil }
  let alike = fitting.filter { stem($0) == near }
  return nearest(word, among: alike) ?? alike.first
}
