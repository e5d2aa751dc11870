import Archive
import FaultSuite
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// A file system of its own under a bench's store; only root may mount one.
private final class StoreDisk {
  let path: String

  static let isPossible: Bool = {
    guard geteuid() == 0, let bench = try? Workbench() else { return false }
    return (try? StoreDisk(bench.store, "size=1m")) != nil
  }()

  init(_ path: String, _ options: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try call("/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", path)
  }

  func remount(_ options: String) throws { try call("/bin/mount", "-o", "remount,\(options)", path) }

  deinit { umount2(path, Int32(MNT_DETACH)) }
}

/// Calls a program of the system.
private func call(_ program: String, _ arguments: String...) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw Unexpected(what: "\(program) \(arguments)") }
}

/// Full disks and read-only ones.
@Suite(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
struct DisksFaultTests {
  @Test(
    .timeLimit(.minutes(10)),
    .enabled(
      if: try FaultFigures.canTry("full disk", StoreDisk.isPossible, needs: "root, to mount a tmpfs"),
      "NOT RUN; the table of figures says what it needs"))
  func `a disk that gets full at any size stops the run with a sentence, and more room finishes it`()
    async throws
  {
    let calm = try await Workbench.calm.value
    var (sizes, kibibytes) = (0, 4)
    while true {
      let bench = try Workbench(resources: "{retries: 0}")
      let disk = try StoreDisk(bench.store, "size=\(kibibytes)k")
      let full = try await bench.mneme(["run", bench.manifest, "--checkpoint-seconds", "0"])
      if full.status == .exited(0) { break }
      sizes += 1
      #expect(full.status == .exited(1) || full.status == .exited(2) || full.status == .exited(3))
      #expect(full.errors.contains("disk is full"), "\(kibibytes) KiB: \(full.errors)")
      try disk.remount("size=64m")
      let resumed = try await bench.mneme(["run", bench.manifest])
      #expect(resumed.status == .exited(0), "\(kibibytes) KiB: \(resumed.errors)")
      let isSame = try bench.published() == calm
      try #require(isSame, "\(kibibytes) KiB")
      #expect(try bench.damage().isEmpty)
      kibibytes += 12
    }
    #expect(sizes > 3)
    try FaultFigures.count("full disk", "stopped with a sentence; finished with more room, same bytes", sizes)
  }

  /// By a mount, since root may write whatever the modes say; for anybody else the modes will do.
  @Test(
    .enabled(
      if: try FaultFigures.canTry(
        "read-only store", StoreDisk.isPossible || geteuid() != 0, needs: "the right to mount, as root"),
      "NOT RUN; the table of figures says what it needs"))
  func `a read-only store can be read, and says why nothing is computed`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    if StoreDisk.isPossible {
      let disk = try StoreDisk(bench.store, "size=64m")
      try await look(
        at: bench, saying: "Read-only file system", close: { try disk.remount("ro") },
        open: { try disk.remount("rw") })
    } else {
      try await look(
        at: bench, saying: "Permission denied", close: { try call("/bin/chmod", "-R", "a-w", bench.store) },
        open: { try call("/bin/chmod", "-R", "u+w", bench.store) })
    }
    try FaultFigures.count(
      "read-only store", "read by 6 commands; run and worker refused, nothing changed; then finished")
  }

  /// With one run of two done: everything that reads does, and what would compute refuses, before and after.
  private func look(
    at bench: Workbench, saying sentence: String, close: () throws -> Void, open: () throws -> Void
  ) async throws {
    let first = try #require(try bench.specifications().first).run
    _ = try await bench.work()
    let before = try bench.times()
    try close()
    let readers = [
      ["status", bench.manifest], ["fsck", "--deep"], ["show", first.short], ["ls"],
      ["plan", bench.manifest],
      ["table", "--rows", "model.kind", "--cell", "test.accuracy", "--over", "seed"],
    ]
    for arguments in readers {
      let read = try await bench.mneme(arguments)
      #expect(read.status == .exited(0), "\(arguments): \(read.errors)")
    }
    let refused = try await bench.mneme(["run", bench.manifest])
    #expect(refused.status == .exited(2) || refused.status == .exited(1))
    #expect(
      refused.errors.contains("\(sentence). Give this user the right to write there"), "\(refused.errors)")
    let worker = try await bench.mneme(["worker", "--run", try bench.specifications()[1].run.short])
    #expect(worker.status != .exited(0))
    #expect(try bench.times() == before)
    try open()
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    #expect(try bench.damage().isEmpty)
  }
}
