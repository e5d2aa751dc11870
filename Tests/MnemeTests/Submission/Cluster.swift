import Archive
import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// A workbench with a cluster: the fake Slurm's programs, or a real one's.
final class Cluster: Sendable {
  let bench: Workbench
  /// Of the environment of the program and of Slurm's.
  let variables: [String: String]
  /// The same, with a `sbatch` that hands a fault on: jobs of a real one get nothing of who submits.
  let handing: [String: String]
  /// The fake one's folder.
  let folder: String

  /// With the fake Slurm before everything else in `PATH`.
  convenience init(examples: Int = 8, seeds: [Int] = [1, 2]) throws {
    try self.init(Workbench(examples: examples, seeds: seeds))
  }

  /// The same around a workbench.
  init(_ bench: Workbench) throws {
    self.bench = bench
    folder = "\(bench.folder)/fake"
    try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
    for name in ["sbatch", "squeue", "scancel", "scontrol"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/bin/\(name)", withDestinationPath: "\(Cluster.scripts)/fake-slurm.sh")
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    variables = ["FAKE_SLURM": folder, "PATH": "\(folder)/bin:\(path)"]
    handing = variables
  }

  /// With a real one.
  init(_ bench: Workbench, _ slurm: RealSlurm) throws {
    self.bench = bench
    (folder, variables) = (slurm.folder, ["SLURM_CONF": slurm.configuration])
    let programs = "\(bench.folder)/handing"
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    let script = "#!/bin/sh\nPATH=${PATH#*:}\nexec sbatch \"$@\" --export=PATH,\(Fault.variable)\n"
    try Data(script.utf8).write(to: URL(fileURLWithPath: "\(programs)/sbatch"))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(programs)/sbatch")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    handing = variables.merging(["PATH": "\(programs):\(path)"]) { $1 }
  }

  /// Gives an order to the cluster once more, in the words of `sbatch` that were recorded.
  func order(_ arguments: [String]) async throws {
    var environment = Environment.inherit
    for (name, value) in variables {
      if let key = Environment.Key(rawValue: name) { environment = environment.updating([key: value]) }
    }
    let result = try await run(
      .path("/usr/bin/env"), arguments: Arguments(["sbatch"] + arguments), environment: environment,
      input: .none, output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    guard result.terminationStatus == .exited(0) else { throw Unexpected(what: "\(result.standardError)") }
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

  var engine: Slurm { Slurm(variables: variables, patience: .seconds(120)) }

  func places() throws -> [RunDirectory] {
    let store = try bench.opened()
    return try bench.specifications().map { store.run($0.run) }
  }

  /// The tags of all that was submitted.
  func tags() throws -> [String] { try SubmissionBook(bench.opened()).entries.map(\.record.tag) }

  /// Waits, for two minutes at least, until something holds.
  func until(_ what: String, _ holds: () async throws -> Bool) async throws {
    for _ in 0..<1200 {
      if try await holds() { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Unexpected(what: "never: \(what)")
  }
}
