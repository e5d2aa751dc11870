import Archive
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
    try StoreDisk.mount(["-t", "tmpfs", "-o", options, "tmpfs", path])
  }

  func remount(_ options: String) throws { try StoreDisk.mount(["-o", "remount,\(options)", path]) }

  private static func mount(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/mount")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Unexpected(what: "mount \(arguments)") }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }
}

@Suite(
  .enabled(if: FaultSuite.isAsked, "slow: `make test-faults`"),
  .enabled(
    if: StoreDisk.isPossible, "needs the right to mount a tmpfs; full and read-only disks were NOT tried"),
  .serialized)
struct DisksFaultTests {
  @Test(.timeLimit(.minutes(10)))
  func `a disk that gets full at any size stops the run with a sentence, and more room finishes it`()
    async throws
  {
    let undisturbed = try Workbench(resources: "{retries: 0}")
    #expect(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
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
      let isSame = try bench.published() == undisturbed.published()
      #expect(isSame, "\(kibibytes) KiB")
      #expect(try bench.damage().isEmpty)
      kibibytes += 12
    }
    #expect(sizes > 3)
    try FaultSuite.add("full disk", "\(sizes) sizes from 4 KiB, all finished with more room")
  }

  @Test func `a store that is read-only can be read, and says why nothing is computed`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    let disk = try StoreDisk(bench.store, "size=64m")
    let first = try #require(try bench.specifications().first).run
    _ = try await bench.work()
    let before = try bench.times()
    try disk.remount("ro")
    for arguments in [["status", bench.manifest], ["fsck", "--deep"], ["show", first.short], ["ls"]] {
      let read = try await bench.mneme(arguments)
      #expect(read.status == .exited(0), "\(arguments): \(read.errors)")
    }
    let refused = try await bench.mneme(["run", bench.manifest])
    #expect(refused.status == .exited(2) || refused.status == .exited(1))
    #expect(refused.errors.contains("Read-only file system. Give this user the right to write there"))
    let worker = try await bench.mneme(["worker", "--run", try bench.specifications()[1].run.short])
    #expect(worker.status != .exited(0))
    #expect(try bench.times() == before)
    try disk.remount("rw")
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    try FaultSuite.add("read-only store", "4 commands read it, run and worker refuse, nothing changed")
  }
}
