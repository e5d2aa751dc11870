import Foundation

/// A file of a manifest: where it is, and how errors call it.
struct SourceFile: Sendable, Hashable {
  /// Absolute, without symbolic links.
  let path: String
  /// As the command line or the naming file wrote it, joined: `Experiments/common/sorting-quick.yaml`.
  let shown: String

  init(path: String, shown: String) {
    self.path = path
    self.shown = shown
  }

  /// The file a person names on the command line.
  init(named name: String) {
    self.init(path: resolved(name), shown: name)
  }
}

/// The folder that the paths of a manifest stay under: the nearest parent that holds `Experiments/`.
///
/// So a project can be moved or shared as a whole, and a manifest that came by mail reads nothing else. A manifest
/// outside of any project stays in its own folder.
struct Project: Sendable {
  let folder: String

  init(around file: SourceFile) {
    let own = parent(of: file.path)
    var folder = own
    while !isFolder(folder + "/Experiments") {
      guard folder != "/", !folder.isEmpty else {
        self.folder = own
        return
      }
      folder = parent(of: folder)
    }
    self.folder = folder
  }

  /// The existing file that `text`, written in `file`, names.
  ///
  /// The path is checked as it is written and again after symbolic links are followed; nothing outside of the project
  /// is looked at. `chain` tells by which files this one was reached.
  func file(
    at node: YAMLNode, key: String, namedIn file: SourceFile, chain: [String]
  ) throws(ManifestError) -> SourceFile {
    guard case .scalar(let text, _) = node.content, !text.isEmpty, !text.utf8.contains(0) else {
      throw ManifestError(
        node.origin, .wrongPart(key: key, found: node.found, expected: "the path of a file"))
    }
    guard !text.hasPrefix("/"), !text.hasPrefix("~") else {
      throw ManifestError(node.origin, .absolutePath(key: key, path: text))
    }
    let plain = URL(fileURLWithPath: parent(of: file.path) + "/" + text).standardizedFileURL.path
    let leaves = ManifestError(node.origin, .leavesProject(key: key, path: text, project: name))
    guard holds(plain) else { throw leaves }
    guard let kind = fileKind(at: plain), kind != .typeDirectory else {
      let near = nearestFile(to: text, from: parent(of: file.path)) { $0 == self.folder || holds($0) }
      throw ManifestError(node.origin, .missingFile(key: key, path: text, chain: chain, nearest: near))
    }
    let path = resolved(plain)
    guard holds(path) else { throw leaves }
    let folder = parent(of: file.shown)
    return SourceFile(
      path: path, shown: folder.isEmpty ? text : folder == "/" ? "/" + text : folder + "/" + text)
  }

  /// The path below the project's folder, by which references are hashed: the same wherever the project lies, and in
  /// whichever folder the manifest.
  func relative(_ file: SourceFile) -> String {
    folder == "/" ? String(file.path.dropFirst()) : String(file.path.dropFirst(folder.utf8.count + 1))
  }

  /// The last word of the folder's path, for errors.
  private var name: String { URL(fileURLWithPath: folder).lastPathComponent }

  private func holds(_ path: String) -> Bool {
    path.hasPrefix(folder == "/" ? "/" : folder + "/")
  }
}

/// The path without symbolic links, absolute.
private func resolved(_ path: String) -> String {
  URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
}

/// The text before the last slash; empty for a bare name.
private func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

private func isFolder(_ path: String) -> Bool { fileKind(at: path) == .typeDirectory }

/// What is at `path`, behind symbolic links; nil when there is nothing.
func fileKind(at path: String) -> FileAttributeType? {
  let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
  return attributes?[.type] as? FileAttributeType
}
