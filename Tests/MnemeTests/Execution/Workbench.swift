import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// A folder with a manifest and a store, and the program beside the tests to use on them; gone when nobody
/// needs it.
final class Workbench: Sendable {
  let folder: String
  var manifest: String { "\(folder)/Experiments/tiny.yaml" }
  var store: String { "\(folder)/store" }

  /// - Parameter examples: of training; there are half as many steps.
  /// - Parameter rate: of training; several in brackets are runs of their own.
  /// - Parameter width: of the model; memory grows with its square.
  init(
    examples: Int = 8, seeds: [Int] = [1], rate: String = "1e-2", resources: String = "{}", width: Int = 8
  ) throws {
    folder =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
      + "/mneme-execution-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/Experiments", withIntermediateDirectories: true)
    let isAxis = rate.hasPrefix("[")
    let text = """
      mneme: 1
      name: tiny
      tier: quick
      model: {kind: memoria, memory: long-term, layers: 2, heads: 2, width: \(width), inner_width: \(width), positions: 8,
        dropout: 0.1, residual_initialization: plain, abstractor_activation: none,
        memoria: {behaviour: paper, order: text, engrams: 2, short_term_capacity: 4, reminded_short_term: 2,
          reminded_long_term: 2, search_depth: 2, initial_lifespan: 4, lifespan_gain: 4}}
      task: {kind: sorting, symbols: 3, length: 12, segment_length: 8, examples: \(examples), validation_examples: 2,
        test_examples: 2, data_seed: 1}
      training: {batch: 2, epochs: 1, \(isAxis ? "" : "rate: \(rate), ")warm_up: 0.1, clip: 1.0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8}
      grid: {seed: [\(seeds.map(String.init).joined(separator: ", "))]\(isAxis ? ", training.rate: \(rate)" : "")}
      resources: \(resources)

      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: manifest))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func opened() throws -> Store { try Store(at: store, creating: true) }

  /// The runs of the manifest.
  func specifications() throws -> [Specification] { try Manifest(reading: manifest).runs }

  /// The first run's place, made.
  func place() throws -> RunDirectory {
    try opened().add(try #require(try specifications().first).storedSettings)
  }

  /// Runs one worker on the first run of the manifest.
  func work(
    fault: String? = nil, checkpointSeconds: Double = 0,
    watch: @Sendable @escaping (String, pid_t) -> Void = { _, _ in }
  ) async throws -> Finished {
    let run = try place().id.hex
    return try await mneme(
      ["worker", "--run", run, "--checkpoint-seconds", "\(checkpointSeconds)", "--code", "none"],
      fault: fault,
      watch: watch)
  }

  /// Runs the program on this bench's store, in a control group where one is given; `watch` hears every line of both
  /// outputs, and who wrote it.
  func mneme(
    _ arguments: [String], in group: MemoryGroup? = nil, fault: String? = nil,
    variables: [String: String] = [:],
    watch: @Sendable @escaping (_ line: String, _ process: pid_t) -> Void = { _, _ in }
  ) async throws -> Finished {
    var environment: Environment = .inherit.updating([
      "MNEME_FAULT": fault, "SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1",
    ])
    for (name, value) in variables {
      if let key = Environment.Key(rawValue: name) { environment = environment.updating([key: value]) }
    }
    var command = [Workbench.program] + arguments + ["--store", store]
    if let group {
      command = ["/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", group.processes] + command
    }
    let result = try await Subprocess.run(
      .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
      environment: environment, input: .none, output: .sequence, error: .sequence
    ) { execution in
      let process = execution.processIdentifier.value
      async let output = Workbench.read(execution.standardOutput) { watch($0, process) }
      async let errors = Workbench.read(execution.standardError) { watch($0, process) }
      return try await (output, errors)
    }
    return Finished(
      status: result.terminationStatus, output: result.closureResult.0, errors: result.closureResult.1)
  }

  private static func read(
    _ stream: SubprocessOutputSequence, _ watch: (String) -> Void
  ) async throws -> String {
    var text = ""
    for try await line in stream.strings() {
      text += line + "\n"
      watch(line)
    }
    return text
  }

  /// The program, built beside the tests.
  static let program: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/mneme"
  }()

  /// What a finished run leaves, byte by byte.
  func published() throws -> [Data] {
    let place = try place()
    return try [place.resultPath, place.weightsPath].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
  }

  /// Changes one bit in the middle of a file.
  func flip(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// Every file and folder of the store with the time of its last change.
  func times() throws -> [String: Date] {
    var times: [String: Date] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: store) {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(store)/\(name)")
      times[name] = attributes[.modificationDate] as? Date
    }
    return times
  }
}

/// How a process ended, and all that it wrote.
struct Finished: Sendable {
  let status: TerminationStatus
  let output: String
  let errors: String
}

/// Something that happens once, whoever asks first.
final class Once: @unchecked Sendable {  // The flag is touched under the lock alone.
  private let lock = NSLock()
  private var isDone = false

  func first() -> Bool {
    lock.withLock {
      defer { isDone = true }
      return !isDone
    }
  }
}
