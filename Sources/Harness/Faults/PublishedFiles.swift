import Archive
import Foundation

/// The files of a store that follow from what was asked for alone: settings, results, weights, manifests.
///
/// Attempts are left out: they tell who computed when, and how often somebody was killed.
struct PublishedFiles {
  private let root: String
  /// Paths below the store, in order.
  let names: [String]

  init(of store: Store) throws {
    root = store.root
    names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
      let parts = path.split(separator: "/")
      guard parts.count > 1 else { return path == "VERSION" }
      return parts[0] == "objects" && parts.count == 3
        || parts[0] == "runs" && parts.count == 4 && ["spec", "result.h5", "weights.h5"].contains(parts[3])
    }.sorted()
  }

  /// Where `others` differ, byte by byte: a sentence for every file.
  func differences(in others: PublishedFiles) throws -> [String] {
    var differences: [String] = []
    for name in Set(names).symmetricDifference(others.names).sorted() {
      differences.append("\(name) is \(names.contains(name) ? "missing" : "there, and should not be")")
    }
    for name in names where others.names.contains(name) {
      if let difference = try bytes(name).difference(in: try others.bytes(name)) {
        differences.append("\(difference)")
      }
    }
    return differences
  }

  private func bytes(_ name: String) throws -> NumberBytes {
    NumberBytes(name, Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)"))))
  }
}
