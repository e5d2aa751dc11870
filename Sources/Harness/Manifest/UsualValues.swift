import Foundation

/// What the manifests of `Experiments/common` say, for the errors that name a missing key.
///
/// The files are read when an error needs them; one that cannot be read has nothing to tell.
struct UsualValues: Sendable {
  private let folder: String?

  init(of project: Project?) { folder = project.map { $0.folder + "/Experiments/common" } }

  /// `4 (common/sorting-quick.yaml)` for each value that a file gives to `key`.
  func values(of key: String) -> [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return []
    }
    var result: [String] = []
    for name in names.sorted() where name.hasSuffix(".yaml") {
      let file = SourceFile(path: folder + "/" + name, shown: "common/" + name)
      guard let layer = try? layer(of: file), let entry = layer.settings[key] ?? layer.axes?[key] else {
        continue
      }
      if case .scalar(let text, _) = entry.node.content {
        result.append("\(shortened(text)) (\(file.shown))")
      }
    }
    return result
  }

  private func layer(of file: SourceFile) throws(ManifestError) -> ManifestLayer {
    let text = try SourceText.text(of: file.path, shown: file.shown)
    return try ManifestLayer(YAMLReader.read(text, file: file.shown), of: file)
  }
}
