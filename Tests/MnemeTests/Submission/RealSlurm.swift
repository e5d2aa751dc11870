import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import Testing

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

  /// Ends all jobs; returns whether none is left after ten seconds.
  func clear() async throws -> Bool {
    try await call("scancel", "--state=PENDING")
    try await call("scancel", "--state=RUNNING")
    for _ in 0..<100 {
      if try await call("squeue", "--noheader").isEmpty { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }

  /// Whether something of it was killed that does not come back by itself.
  var isBroken: Bool {
    get { broken.load(ordering: .relaxed) }
    set { broken.store(newValue, ordering: .relaxed) }
  }
  private let broken = Atomic<Bool>(false)

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

/// Lends a real Slurm to one test at a time: several on one machine would wait for each other's processors. Where the last
/// borrower broke it, the next gets a new one.
actor RealSlurmDesk {
  static let shared = RealSlurmDesk()

  private var idle: RealSlurm?
  private var isLent = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async throws -> RealSlurm {
    while isLent { await withCheckedContinuation { waiting.append($0) } }
    isLent = true
    if let slurm = idle {
      idle = nil
      return slurm
    }
    do {
      let slurm = try await RealSlurm()
      RealSlurmDesk.leftover.withLock { $0.folder = slurm.folder }
      _ = RealSlurmDesk.atEnd
      return slurm
    } catch {
      next()
      throw error
    }
  }

  func giveBack(_ slurm: RealSlurm, isIntact: Bool) async {
    if isIntact, (try? await slurm.clear()) == true {
      idle = slurm
    } else {
      RealSlurmDesk.leftover.withLock {
        $0.jobs += RealSlurmDesk.endedJobs(in: slurm.folder)
        $0.folder = ""
      }
      try? await slurm.stop()
    }
    next()
  }

  private func next() {
    isLent = false
    if !waiting.isEmpty { waiting.removeFirst().resume() }
  }

  /// The folder of the one that nobody stopped, and how many jobs those before it ended.
  private static let leftover = Mutex<(folder: String, jobs: Int)>(("", 0))

  /// As Slurm counts them: a line for each.
  private static func endedJobs(in folder: String) -> Int {
    let log = try? String(contentsOfFile: "\(folder)/jobcomp.log", encoding: .utf8)
    return log?.split(separator: "\n").count ?? 0
  }

  /// Stops it when this process ends, and says that there was one.
  private static let atEnd = atexit {
    let (folder, before) = RealSlurmDesk.leftover.withLock { $0 }
    let jobs = before + RealSlurmDesk.endedJobs(in: folder)
    FileHandle.standardError.write(Data("a real Slurm ended \(jobs) jobs for these tests\n".utf8))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let processes = names.filter { $0.hasSuffix(".pid") }.compactMap { name in
      (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)).flatMap {
        pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    for process in processes { kill(process, SIGTERM) }
    for _ in 0..<30 where processes.contains(where: { kill($0, 0) == 0 }) { usleep(100_000) }
    if !folder.isEmpty { try? FileManager.default.removeItem(atPath: folder) }
  }
}
