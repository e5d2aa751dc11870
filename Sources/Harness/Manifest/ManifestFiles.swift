/// A manifest's file and its bases, read and laid over each other.
struct ManifestFiles: Sendable {
  let layer: ManifestLayer
  let root: SourceFile
  let project: Project
  /// Every file that was read, by the name errors give it.
  let files: [String: SourceFile]

  /// Names of the files, each before its base.
  let chain: [String]

  /// Reads `name` and what it is based on, the deepest base first.
  init(reading name: String) throws(ManifestError) {
    var complaints = ManifestComplaints()
    self.init(reading: name, &complaints)
    if let first = complaints.list.first { throw first }
  }

  /// The same as far as it can be read: what cannot is noted, and left out.
  init(reading name: String, _ complaints: inout ManifestComplaints) {
    let root = SourceFile(named: name)
    let project = Project(around: root)
    var layers: [ManifestLayer] = []
    var chain: [SourceFile] = []
    var next: SourceFile? = root
    while let file = next {
      chain.append(file)
      next = nil
      let node = complaints.result { () throws(ManifestError) in
        let text = try SourceText.text(of: file.path, shown: file.shown)
        return try YAMLReader.read(text, file: file.shown)
      }
      guard let node else { break }
      let layer = ManifestLayer(node, of: file, &complaints)
      layers.append(layer)
      guard let base = layer.base else { break }
      let reached = chain
      next = complaints.result { () throws(ManifestError) in
        try project.base(at: base, namedIn: file, reached: reached)
      }
    }
    var merged = ManifestLayer()
    for layer in layers.reversed() { merged = merged.overlaid(by: layer) }
    (self.root, self.project, self.layer) = (root, project, merged)
    files = Dictionary(chain.map { ($0.shown, $0) }) { first, _ in first }
    self.chain = chain.map(\.shown)
  }

  /// A text of the program's own, based on nothing.
  init(text: String, named name: String) throws(ManifestError) {
    root = SourceFile(path: "/" + name, shown: name)
    project = Project(around: root)
    layer = try ManifestLayer(YAMLReader.read(text, file: name), of: root)
    files = [name: root]
    chain = [name]
  }

  /// The file in which `node` was written.
  func file(of node: YAMLNode) -> SourceFile {
    guard case .file(let shown, _, _) = node.origin, let file = files[shown] else { return root }
    return file
  }
}

/// Bases of bases; ours have one.
private let mostBases = 16

extension Project {
  /// The file that a base names; one that was `reached` before leads in a circle.
  fileprivate func base(
    at node: YAMLNode, namedIn file: SourceFile, reached: [SourceFile]
  ) throws(ManifestError) -> SourceFile {
    guard reached.count <= mostBases else {
      throw ManifestError(node.origin, .tooManyBases(limit: mostBases))
    }
    let named = try self.file(at: node, key: "base", namedIn: file, chain: reached.map(\.shown))
    if let start = reached.firstIndex(where: { $0.path == named.path }) {
      throw ManifestError(node.origin, .cycle(reached[start...].map(\.shown) + [named.shown]))
    }
    return named
  }
}
