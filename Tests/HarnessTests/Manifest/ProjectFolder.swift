import Foundation
import Harness

/// A folder with `Experiments/` in it and the files a test writes, gone when nobody needs it.
final class ProjectFolder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("mneme-manifest-\(UUID().uuidString)")
    path = folder.path
    try FileManager.default.createDirectory(
      atPath: path + "/Experiments/common", withIntermediateDirectories: true)
    for (name, text) in files { try write(text, to: name) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below `Experiments/`.
  func write(_ text: String, to name: String) throws {
    let file = URL(fileURLWithPath: path + "/Experiments/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func manifest(
    _ name: String = "sorting.yaml", settings: [String] = [], growth: Growth = .current
  ) throws -> Manifest {
    try Manifest(reading: path + "/Experiments/" + name, settings: settings, growth: growth)
  }

  /// What reading the manifest complains of, with files named as if `Experiments/` were the current folder.
  func complaint(_ name: String = "sorting.yaml", settings: [String] = []) -> String {
    do {
      _ = try manifest(name, settings: settings)
      return "accepted"
    } catch {
      return "\(error)".replacingOccurrences(of: path + "/Experiments/", with: "")
        .replacingOccurrences(of: URL(fileURLWithPath: path).lastPathComponent, with: "project")
    }
  }
}

/// A manifest of four runs, and its base; every test begins with these or a change of them.
enum Sample {
  static let sorting = """
    mneme: 1
    name: sorting
    tier: quick
    base: common/base.yaml
    grid:
      model.memory: [none, long-term]
      seed: [1, 2]
    tables:
      t: {rows: model.memory, columns: task.segments, cell: test.accuracy, over: seed, show: mean±std}
    resources: {threads: 1, timeout: 30m}

    """

  static let base = """
    mneme: 1
    task:
      kind: sorting
      symbols: 4
      length: 35
      segment_length: 8
      examples: 64
      validation_examples: 8
      test_examples: 32
      data_seed: 1
    model:
      kind: memoria
      layers: 1
      heads: 2
      width: 16
      inner_width: 32
      positions: 8
      dropout: 0.1
      residual_initialization: plain
      abstractor_activation: none
      memoria:
        behaviour: paper
        order: text
        engrams: 2
        short_term_capacity: 4
        reminded_short_term: 2
        reminded_long_term: 2
        search_depth: 2
        initial_lifespan: 4
        lifespan_gain: 4
    training:
      batch: 8
      epochs: 2
      rate: 2e-3
      warm_up: 0.1
      clip: 1.0
      beta1: 0.9
      beta2: 0.999
      epsilon: 1e-8

    """

  static func project() throws -> ProjectFolder {
    try ProjectFolder(["sorting.yaml": sorting, "common/base.yaml": base])
  }

  /// The sample with one text in place of another, in the manifest or in its base.
  static func project(_ found: String, _ replacement: String) throws -> ProjectFolder {
    let isInManifest = sorting.contains(found)
    return try ProjectFolder([
      "sorting.yaml": isInManifest ? sorting.replacing(found, with: replacement) : sorting,
      "common/base.yaml": isInManifest ? base : base.replacing(found, with: replacement),
    ])
  }
}
