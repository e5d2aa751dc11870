import Glibc

/// How many files of each kind a store has, and how many bytes are in them.
package struct StoreSizes: Sendable, Equatable {
  package enum Part: String, Sendable, CaseIterable {
    case results
    case weights
    case checkpoints
    /// Settings, who computed what, when, and what people wrote about it.
    case records
    /// What was going on, and what processes said.
    case logs
    /// Manifests, plans and what was measured.
    case objects
    case index
    /// Anything else: what was left behind, and what belongs to no store.
    case others
  }

  package private(set) var files: [Part: Int] = [:]
  package private(set) var bytes: [Part: Int] = [:]

  /// Counts, runs by all processors; what cannot be listed is not counted.
  package init(of store: Store) {
    let top = (try? Folder.names(in: store.root, following: true)) ?? []
    for name in top where name != "runs" { count("\(store.root)/\(name)", below: name) }
    let shelves = ((try? Folder.names(in: "\(store.root)/runs")) ?? []).map { "runs/\($0)" }
    for shelf in shelves where !Folder.isFolder("\(store.root)/\(shelf)") {
      count("\(store.root)/\(shelf)", below: shelf)
    }
    let runs = shelves.flatMap { shelf in
      ((try? Folder.names(in: "\(store.root)/\(shelf)")) ?? []).map { "\(shelf)/\($0)" }
    }
    let found = inParallel(runs) { run in
      var sizes = StoreSizes()
      sizes.count("\(store.root)/\(run)", below: run)
      return sizes
    }
    for sizes in found {
      files.merge(sizes.files, uniquingKeysWith: +)
      bytes.merge(sizes.bytes, uniquingKeysWith: +)
    }
  }

  private init() {}

  package var allFiles: Int { files.values.reduce(0, +) }
  package var allBytes: Int { bytes.values.reduce(0, +) }

  /// The bytes of a file or of all files of a folder.
  package static func bytes(of path: String) -> Int {
    guard let status = status(of: path) else { return 0 }
    guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_size) }
    return ((try? Folder.names(in: path)) ?? []).reduce(0) { $0 + bytes(of: "\(path)/\($1)") }
  }

  private mutating func count(_ path: String, below place: String) {
    guard let status = StoreSizes.status(of: path) else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in (try? Folder.names(in: path)) ?? [] {
        count("\(path)/\(name)", below: place.isEmpty ? name : "\(place)/\(name)")
      }
    } else {
      let part = StoreSizes.part(of: place)
      files[part, default: 0] += 1
      bytes[part, default: 0] += Int(status.st_size)
    }
  }

  /// What a file is, by its place below the store's folder.
  private static func part(of place: String) -> Part {
    let words = place.split(separator: "/")
    guard let first = words.first, let name = words.last else { return .others }
    switch (first, words.count) {
    case ("VERSION", 1): return .records
    case (_, 1) where first == Notebook.fileName: return .records
    case ("objects", 3): return name.contains(Publication.mark) ? .others : .objects
    case (_, 2) where first == ResultIndex.folderName: return .index
    case (_, 2...3) where first == Store.jobsName: return name == "lock" ? .records : .logs
    case ("runs", 4):
      switch name {
      case "result.h5": return .results
      case "weights.h5": return .weights
      case "spec", "lock": return .records
      default: return .others
      }
    case ("runs", 6):
      switch name {
      case "attempt.json", "end.json": return .records
      case "log", "live.jsonl", Claim.beatsName: return .logs
      default: return CheckpointFile.step(ofName: String(name)) == nil ? .others : .checkpoints
      }
    default: return .others
    }
  }

  private static func status(of path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }
}
