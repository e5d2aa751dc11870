import Records

/// The `--set key=value` arguments of a command line: settings that replace those of the manifest.
///
/// They are part of every run's identity, exactly as if the manifest said so. On a key of the grid the value replaces
/// the whole list, and may be a list itself.
struct Overrides: Sendable {
  private let entries: ManifestEntries

  init(_ arguments: [String]) throws(ManifestError) {
    var entries = ManifestEntries()
    for argument in arguments {
      let origin = Origin.argument("--set \(shortened(argument))")
      guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
        throw ManifestError(origin, .malformedArgument(argument))
      }
      let key = String(argument[..<sign])
      let text = String(argument[argument.index(after: sign)...])
      if let group = Overrides.reason(against: key) {
        throw ManifestError(origin, .notSettable(key, because: group))
      }
      guard text.utf8.count <= SourceText.limit,
        let node = try YAMLReader.read(argument: text, origin: origin),
        !node.isNothing
      else { throw ManifestError(origin, .malformedArgument(argument)) }
      try entries.add(ManifestEntry(key: key, keyOrigin: origin, node: node))
    }
    self.entries = entries
  }

  /// `layer` with these settings in place of its own.
  func applied(to layer: ManifestLayer) throws(ManifestError) -> ManifestLayer {
    var layer = layer
    for entry in entries {
      if (layer.zipped + layer.included).contains(where: { $0[entry.key] != nil }) {
        throw ManifestError(entry.keyOrigin, .setInZipOrInclude(entry.key))
      }
      if layer.axes?[entry.key] != nil {
        layer.axes?.set(entry)
      } else {
        layer.settings.set(entry)
      }
    }
    return layer
  }

  /// Why `key` is no setting, if it begins with another part of a manifest.
  private static func reason(against key: String) -> String? {
    let group = String(key.prefix { $0 != "." })
    guard ManifestLayer.parts.contains(group) else { return nil }
    return group == "resources"
      ? "no part of what a run is; it has an option of its own" : "another part of a manifest"
  }
}
