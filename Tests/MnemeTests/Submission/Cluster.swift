import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// A workbench with a cluster: the fake Slurm's programs, or a real one's.
final class Cluster: Sendable {
  let bench: Workbench
  /// Of the environment of the program and of Slurm's.
  let variables: [String: String]
  /// The fake one's folder.
  let folder: String

  /// With the fake Slurm before everything else in `PATH`.
  init(examples: Int = 8, seeds: [Int] = [1, 2]) throws {
    bench = try Workbench(examples: examples, seeds: seeds)
    folder = "\(bench.folder)/fake"
    try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
    for name in ["sbatch", "squeue", "scancel", "scontrol"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/bin/\(name)", withDestinationPath: "\(Cluster.scripts)/fake-slurm.sh")
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    variables = ["FAKE_SLURM": folder, "PATH": "\(folder)/bin:\(path)"]
  }

  /// With a real one.
  init(_ slurm: RealSlurm, examples: Int = 8, seeds: [Int] = [1, 2]) throws {
    bench = try Workbench(examples: examples, seeds: seeds)
    (folder, variables) = (slurm.folder, ["SLURM_CONF": slurm.configuration])
  }

  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Slurm"

  /// What a program of the fake one does next, once for each word.
  func says(_ program: String, _ words: String...) throws {
    try Data(words.map { "\($0)\n" }.joined().utf8).write(
      to: URL(fileURLWithPath: "\(folder)/says-\(program)"))
  }

  /// Jobs of the fake one wait for ever from now on.
  func hold() throws { try Data().write(to: URL(fileURLWithPath: "\(folder)/holds")) }

  func mneme(_ arguments: [String]) async throws -> Finished {
    try await bench.mneme(arguments, variables: variables)
  }

  func submit(_ more: String...) async throws -> Finished {
    try await mneme(["submit", bench.manifest, "--engine", "slurm", "--mode", "array"] + more)
  }

  func wait() async throws -> Finished { try await mneme(["wait", bench.manifest, "--every", "0.2"]) }

  /// How many jobs the fake one was ever given.
  var orders: Int {
    (try? String(contentsOfFile: "\(folder)/jobs", encoding: .utf8)).flatMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    } ?? 0
  }

  var engine: Slurm { Slurm(variables: variables, patience: .seconds(20)) }

  func places() throws -> [RunDirectory] {
    let store = try bench.opened()
    return try bench.specifications().map { store.run($0.run) }
  }

  /// The published bytes of every run.
  func published() throws -> [Data] {
    try places().flatMap { place in
      try [place.resultPath, place.weightsPath].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    }
  }

  /// The tags of all that was submitted.
  func tags() throws -> [String] { try SubmissionBook(bench.opened()).entries.map(\.record.tag) }

  /// Waits, at most 40 s, until something holds.
  func until(_ what: String, _ holds: () async throws -> Bool) async throws {
    for _ in 0..<400 {
      if try await holds() { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Unexpected(what: "never: \(what)")
  }
}

/// A real Slurm on this machine, started and stopped by the script beside.
final class RealSlurm: Sendable {
  let folder: String
  var configuration: String { "\(folder)/slurm.conf" }

  /// Why there is none here; nil where there is one.
  static let absence: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let missing = ["slurmctld", "slurmd", "sbatch"].filter { name in
      !(folders + ["/usr/sbin", "/sbin"]).contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      }
    }
    return missing.isEmpty ? nil : missing.joined(separator: ", ")
  }()

  init() async throws {
    // One that is stopped takes a moment to let go of its own.
    port = RealSlurm.firstPort + 4 * RealSlurm.started.wrappingAdd(1, ordering: .relaxed).oldValue
    folder = FileManager.default.temporaryDirectory.path + "/mneme-slurm-\(UUID().uuidString.prefix(8))"
    try await script("up", folder, "3", "2")
  }

  func stop() async throws {
    try await script("down", folder)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func script(_ words: String...) async throws {
    let result = try await run(
      .path("/bin/bash"), arguments: Arguments(["\(Cluster.scripts)/slurm-one-machine.sh"] + words),
      environment: .inherit.updating(["SLURM_TEST_PORT": "\(port)"]), input: .none,
      output: .discarded, error: .string(limit: 1 << 16))
    guard result.terminationStatus == .exited(0) else {
      throw Unexpected(what: "slurm-one-machine.sh \(words): \(result.standardError)")
    }
  }

  private let port: Int
  private static let started = Atomic<Int>(0)
  /// Not that of another Slurm on this machine: below the ports that are given out for connections.
  private static let firstPort =
    ProcessInfo.processInfo.environment["SLURM_TEST_PORT"].flatMap { Int($0) } ?? 20_000 + Int(getpid()) % 300
    * 40

  /// Calls one of Slurm's own programs.
  @discardableResult
  func call(_ name: String, _ arguments: String...) async throws -> String { try await call(name, arguments) }

  @discardableResult
  func call(_ name: String, _ arguments: [String]) async throws -> String {
    let result = try await run(
      .name(name), arguments: Arguments(arguments),
      environment: .inherit.updating(["SLURM_CONF": configuration]),
      input: .none, output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    guard result.terminationStatus == .exited(0) else {
      throw Unexpected(what: "\(name) \(arguments): \(result.standardError)")
    }
    return result.standardOutput
  }

  /// The process that a daemon of it wrote down: `ctld`, `n1`.
  func process(of daemon: String) throws -> pid_t {
    let text = try String(contentsOfFile: "\(folder)/\(daemon).pid", encoding: .utf8)
    return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// Starts the controller again.
  func restartController() async throws {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    let result = try await run(
      .path("/bin/sh"), arguments: ["-c", "exec slurmctld"],
      environment: .inherit.updating(["SLURM_CONF": configuration, "PATH": path]), input: .none,
      output: .discarded, error: .string(limit: 1 << 16))
    guard result.terminationStatus == .exited(0) else { throw Unexpected(what: result.standardError) }
  }
}
