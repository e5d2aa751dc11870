/// A manifest's file and its bases, read and laid over each other.
struct ManifestFiles: Sendable {
  let layer: ManifestLayer
  let root: SourceFile
  let project: Project
  /// Every file that was read, by the name errors give it.
  let files: [String: SourceFile]

  /// Reads `name` and what it is based on, the deepest base first.
  init(reading name: String) throws(ManifestError) {
    root = SourceFile(named: name)
    project = Project(around: root)
    var layers: [ManifestLayer] = []
    var chain: [SourceFile] = []
    var next: SourceFile? = root
    while let file = next {
      chain.append(file)
      let text = try SourceText.text(of: file.path, shown: file.shown)
      let layer = try ManifestLayer(YAMLReader.read(text, file: file.shown), of: file)
      layers.append(layer)
      next = nil
      guard let base = layer.base else { break }
      let named = try project.file(at: base, key: "base", namedIn: file, chain: chain.map(\.shown))
      if let start = chain.firstIndex(where: { $0.path == named.path }) {
        throw ManifestError(base.origin, .cycle(chain[start...].map(\.shown) + [named.shown]))
      }
      next = named
    }
    var merged = ManifestLayer()
    for layer in layers.reversed() { merged = merged.overlaid(by: layer) }
    self.layer = merged
    files = Dictionary(chain.map { ($0.shown, $0) }) { first, _ in first }
  }

  /// A text of the program's own, based on nothing.
  init(text: String, named name: String) throws(ManifestError) {
    root = SourceFile(path: "/" + name, shown: name)
    project = Project(around: root)
    layer = try ManifestLayer(YAMLReader.read(text, file: name), of: root)
    files = [name: root]
  }

  /// The file in which `node` was written.
  func file(of node: YAMLNode) -> SourceFile {
    guard case .file(let shown, _, _) = node.origin, let file = files[shown] else { return root }
    return file
  }
}
