/// Mistakes of a manifest as they are found, each once.
struct ManifestComplaints: Sendable {
  /// More are not told: whoever has mended these asks again.
  static let most = 50

  private(set) var list: [ManifestError] = []

  var isFull: Bool { list.count >= Self.most }

  mutating func add(_ error: ManifestError) {
    if !isFull, !list.contains(error) { list.append(error) }
  }

  mutating func add(_ errors: [ManifestError]) { for error in errors { add(error) } }

  /// What `body` gives; nil where it throws, which is noted.
  mutating func result<T>(of body: () throws(ManifestError) -> T) -> T? {
    do throws(ManifestError) { return try body() } catch {
      add(error)
      return nil
    }
  }
}

extension Manifest {
  /// Everything that is wrong with a manifest and its bases, as far as one mistake does not hide another, in the order of
  /// the files: what `mneme check` tells.
  ///
  /// - Parameter first: what reading it threw.
  package static func complaints(
    reading path: String, settings: [String] = [], after first: ManifestError
  ) -> [ManifestError] {
    var complaints = ManifestComplaints()
    let files = ManifestFiles(reading: path, &complaints)
    // What a part that cannot be read might say is not missed.
    let isWhole = complaints.list.isEmpty
    var layer = files.layer
    if let overrides = complaints.result(of: { () throws(ManifestError) in try Overrides(settings) }) {
      layer = complaints.result { () throws(ManifestError) in try overrides.applied(to: layer) } ?? layer
    }
    let parts = layer
    _ = complaints.result { () throws(ManifestError) in try name(parts, file: files.root.shown) }
    _ = complaints.result { () throws(ManifestError) in try tier(parts, file: files.root.shown) }
    for entry in parts.resources {
      var alone = ManifestEntries()
      alone.set(entry)
      _ = complaints.result { () throws(ManifestError) in try Resources(alone) }
    }
    for table in parts.tables {
      _ = complaints.result { () throws(ManifestError) in try ManifestTable(table, files: files) }
    }
    for figure in parts.figures {
      _ = complaints.result { () throws(ManifestError) in try ManifestFigure(figure, files: files) }
    }
    addRuns(of: parts, files: files, to: &complaints)
    return sorted(independent(complaints.list, isWhole: isWhole), files: files, first: first)
  }

  private static func addRuns(
    of layer: ManifestLayer, files: ManifestFiles, to complaints: inout ManifestComplaints
  ) {
    let combinations =
      complaints.result { () throws(ManifestError) in try Grid.combinations(of: layer) } ?? [
        layer.firstCombination
      ]
    var resolver = RunResolver(
      base: layer.settings, combinations: combinations, kinds: layer.kinds,
      usual: UsualValues(of: files.project), growth: .current,
      start: .file(files.root.shown, line: 1, column: 1))
    for element in layer.included {
      _ = complaints.result { () throws(ManifestError) in try resolver.refuseForeignKeys(of: element) }
    }
    for combination in combinations where !complaints.isFull {
      complaints.add(resolver.complaints(about: combination))
    }
  }

  /// Without what only follows from another mistake: a key that is missing because it is misspelt.
  private static func independent(_ all: [ManifestError], isWhole: Bool) -> [ManifestError] {
    let meant = Set(
      all.compactMap { error in if case .unknownKey(_, let nearest) = error.fact { nearest } else { nil } })
    return all.filter { error in
      switch error.fact {
      case .missingKey(let key, _, _): isWhole && !meant.contains(key)
      case .missingPart(let key, _, _): isWhole || !["name", "tier"].contains(key)
      default: true
      }
    }
  }

  /// The manifest's own file first, then its bases in their order, each from above; what has no line before, and what the
  /// command line says behind.
  private static func sorted(
    _ errors: [ManifestError], files: ManifestFiles, first: ManifestError
  ) -> [ManifestError] {
    // A mistake of all parts together, such as a run that is listed twice, is seen by nobody who looks at each.
    let all = errors.isEmpty ? [first] : errors
    func place(_ error: ManifestError) -> (Int, Int, Int) {
      switch error.origin {
      case nil: (-1, 0, 0)
      case .file(let name, let line, let column):
        (files.chain.firstIndex(of: name) ?? files.chain.count, line, column)
      case .argument, .stored: (Int.max, 0, 0)
      }
    }
    return all.enumerated().sorted { one, other in
      let (a, b) = (place(one.element), place(other.element))
      return a == b ? one.offset < other.offset : a < b
    }.map(\.element)
  }
}

extension ManifestLayer {
  /// The first value of every list, where the lists do not go together.
  fileprivate var firstCombination: [ManifestEntry] {
    ([axes ?? ManifestEntries()] + zipped).flatMap(\.list).map { entry in
      guard case .list(let values) = entry.node.content, let first = values.first else { return entry }
      return ManifestEntry(key: entry.key, keyOrigin: entry.keyOrigin, node: first)
    }
  }
}
