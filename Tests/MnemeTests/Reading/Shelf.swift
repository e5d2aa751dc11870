import Archive
import ArgumentParser
import Foundation
import Harness
import Records
import Synchronization
import Testing

@testable import mneme

/// A project with a manifest, published numbers beside it, and a store whose results are made by hand: nothing is
/// trained. Gone when nobody needs it.
final class Shelf {
  let folder: String
  var manifest: String { "\(folder)/Experiments/sorting.yaml" }
  var store: String { "\(folder)/Results/store" }
  private let planned: [Specification]

  /// - Parameter yaml: the manifest.
  init(yaml: String = Shelf.yaml) throws {
    folder =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
      + "/mneme-reading-\(UUID().uuidString)"
    try Shelf.write(yaml, to: "\(folder)/Experiments/sorting.yaml")
    try Shelf.write(Shelf.published, to: "\(folder)/Experiments/paper/table6.csv")
    planned = try Manifest(reading: "\(folder)/Experiments/sorting.yaml").runs
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Three memories, two lengths, two seeds.
  static let yaml = """
    mneme: 1
    name: sorting
    tier: quick
    task: {kind: sorting, symbols: 4, segment_length: 8, examples: 16, validation_examples: 8, test_examples: 32,
      data_seed: 1}
    model: {kind: memoria, layers: 1, heads: 2, width: 16, inner_width: 32, positions: 8, dropout: 0.1,
      residual_initialization: plain, abstractor_activation: none,
      memoria: {behaviour: paper, order: text, engrams: 2, short_term_capacity: 4, reminded_short_term: 2,
        reminded_long_term: 2, search_depth: 2, initial_lifespan: 4, lifespan_gain: 4}}
    training: {batch: 8, epochs: 2, rate: 2e-3, warm_up: 0.25, clip: 1.0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8}
    grid:
      model.memory: [none, working, long-term]
      task.length: [27, 11]
      seed: [1, 2]
    tables:
      table6: {rows: model.memory, columns: task.segments, cell: test.accuracy, over: seed, show: mean±std,
        better: higher, reference: paper/table6.csv}

    """

  static let published = """
    model.memory,task.segments,task.segment_length,test.accuracy,test.accuracy.unit,tier,source
    none,2,1024,36.19,%,paper,"Memoria, Table 6"
    none,47,1024,19.04,%,paper,"Memoria, Table 6"
    long-term,2,1024,82.27,%,paper,"Memoria, Table 6"
    long-term,47,1024,63.26,%,paper,"Memoria, Table 6"

    """

  /// Writes a file of the project.
  func write(_ text: String, to name: String) throws { try Shelf.write(text, to: "\(folder)/\(name)") }

  private static func write(_ text: String, to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func text(of name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  func opened() throws -> Store { try Store(at: store, creating: true) }

  /// The runs of the manifest, in its order.
  func runs() -> [Specification] { planned }

  /// Keeps the manifest, as `mneme run` does.
  @discardableResult
  func keepManifest() throws -> Digest {
    let manifest = try Manifest(reading: manifest)
    try opened().put(manifest.canonicalBytes, as: StoredObject(kind: "manifest", id: manifest.hash))
    return manifest.hash
  }

  /// Takes a run to compute it.
  func claim(_ run: Specification) throws -> Claim {
    let place = try opened().add(run.storedSettings)
    guard case .claimed(let claim) = try place.claim(Provenance(arguments: ["mneme", "worker"], threads: 1))
    else {
      throw Unclaimed(run: run.run.short)
    }
    return claim
  }

  struct Unclaimed: Error { let run: String }

  /// A number for each run that a table can be checked by: 0.25 and up, 0.02 a run, 0.01 a seed.
  static func accuracy(_ index: Int) -> Double {
    0.25 + 0.02 * Double(index / 2) + (index % 2 == 0 ? 0 : 0.01)
  }

  /// Publishes the run with the number `index` as if it had been trained.
  func publish(_ index: Int, accuracy: Double? = nil, series: [Series] = []) throws {
    let run = runs()[index]
    let claim = try claim(run)
    let accuracy = accuracy ?? Shelf.accuracy(index)
    try claim.publish(
      RunResult(
        run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml,
        metrics: [
          FinalMetric(name: "test.accuracy", value: accuracy, unit: "1", better: "higher", split: "test"),
          FinalMetric(name: "test.loss", value: 1 - accuracy, unit: "nat", better: "lower", split: "test"),
        ], series: series, items: [], counters: [Counter(name: "steps", value: 4)], memoryLog: nil,
        weights: weightsDigest([])), weights: nil)
    try claim.end(.done)
  }

  /// A run that ended badly.
  func fail(_ index: Int, _ message: String = "at step 3, the loss was not finite any more") throws {
    try claim(runs()[index]).end(.failed, failure: .diverged, message: message)
  }

  /// Changes one bit of what is published.
  func damage(_ index: Int) throws {
    let path = try opened().run(runs()[index].run).resultPath
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 100] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// Every run done.
  static func complete() throws -> Shelf {
    let shelf = try Shelf()
    for index in shelf.runs().indices { try shelf.publish(index) }
    try shelf.keepManifest()
    return shelf
  }

  /// What a command answered.
  struct Answer: Equatable {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs one command line in this process, on this shelf's store, with paths shown from the project's folder.
  func mneme(_ arguments: String...) async -> Answer { await mneme(arguments) }

  /// - Parameter width: columns of a terminal; no end of them in a pipe.
  func mneme(_ arguments: [String], store: String? = nil, width: Int = .max) async -> Answer {
    let written = Mutex<(output: String, errors: String)>(("", ""))
    var surroundings = Surroundings(
      output: { text in written.withLock { $0.output += text } },
      errors: { text in written.withLock { $0.errors += text } }, surface: .quiet, interruptions: { 0 },
      executor: { store, manifest in LocalExecutor(store: store, manifest: manifest, parent: 1) })
    surroundings.width = width
    var status: Int32
    do {
      let parsed = try Mneme.parsed(arguments + ["--store", store ?? self.store])
      guard let command = parsed as? any Performing else {
        throw ValidationError("\(arguments) is no such command")
      }
      status = try await command.answer(surroundings).rawValue
    } catch {
      status = Mneme.exitCode(for: error) == .success ? 0 : 2
      surroundings.errors(Mneme.fullMessage(for: error) + "\n")
    }
    let (output, errors) = written.withLock { $0 }
    func shown(_ text: String) -> String { text.replacingOccurrences(of: folder + "/", with: "") }
    return Answer(status: status, output: shown(output), errors: shown(errors))
  }

  /// Text with hashes that do not change with what settings come to mean: runs are 01, 02, …, the manifest is ff.
  func masked(_ text: String) throws -> String {
    var text = text
    let hash = try Manifest(reading: manifest).hash
    for (digest, digits) in runs().enumerated().map({ ($1.run, $0 < 9 ? "0\($0 + 1)" : "\($0 + 1)") }) + [
      (hash, "ff")
    ] {
      text = text.replacingOccurrences(of: digest.hex, with: String(repeating: digits, count: 32))
        .replacingOccurrences(of: digest.short, with: String(repeating: digits, count: 6))
    }
    return text
  }

  /// Every file and folder with its time of change and its bytes.
  func everything() throws -> [String: String] {
    var found: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      let date = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      let content =
        (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))).map { "\($0.hashValue)" } ?? ""
      found[name] = "\(date) \(content)"
    }
    return found
  }
}

/// A text as JSON; nil where it is none.
func json(_ text: String) -> Any? { try? JSONSerialization.jsonObject(with: Data(text.utf8)) }

/// Options that make text the same wherever tests run.
let plain = ["--width", "120", "--colour", "never"]
