import Archive
import Foundation
import Records
import Testing

/// A small file system of its own; only root may mount one.
final class SmallDisk {
  let folder: TemporaryFolder

  static let isPossible: Bool = {
    guard geteuid() == 0, let disk = try? SmallDisk() else { return false }
    return disk.isMounted
  }()

  private(set) var isMounted = false

  init() throws {
    folder = try TemporaryFolder()
    isMounted =
      try output(of: "/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.path]).status == 0
  }

  func makeReadOnly() throws -> Bool {
    try output(of: "/bin/mount", ["-o", "remount,ro", folder.path]).status == 0
  }

  deinit { if isMounted { _ = try? output(of: "/bin/umount", ["-l", folder.path]) } }
}

@Suite(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"), .serialized)
struct `A disk` {
  static let large = Group(
    members: [
      Group.Member("x", .dataset(Dataset(shape: [200_000], .float32([Float](repeating: 1, count: 200_000)))))
    ])

  @Test func `that is full is said to be, and keeps what was there`() throws {
    let disk = try SmallDisk()
    let small = Group(members: [Group.Member("x", .dataset(Dataset(shape: [], .float32([1]))))])
    try publish(small, kind: .weights, run: Sample.run, at: disk.folder["before.h5"])
    let before = try bytes(disk.folder["before.h5"])

    let error = #expect(throws: ArchiveError.self) {
      try publish(Self.large, kind: .weights, run: Sample.run, at: disk.folder["after.h5"])
    }
    guard case .noSpace? = error else {
      Issue.record("not noSpace: \(String(describing: error))")
      return
    }
    #expect(error?.description.contains("the disk is full") == true)
    #expect(disk.folder.names == ["before.h5"])
    #expect(try bytes(disk.folder["before.h5"]) == before)

    // The library is none the worse for it.
    try publish(small, kind: .weights, run: Sample.run, at: disk.folder["after.h5"])
    #expect(try verify(disk.folder["after.h5"]).kind == .weights)
  }

  @Test func `that is full does not hurt a run in a store`() throws {
    let disk = try SmallDisk()
    let (_, run) = try Sample.store(in: disk.folder)
    let claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    let many = (0..<40_000).map { Float($0) }
    let large = Checkpoint(
      run: Sample.run, step: 200, parameters: [NamedArray(name: "w", shape: [40_000], values: many)],
      firstMoments: [], secondMoments: [NamedArray(name: "w", shape: [40_000], values: many)], scalars: [],
      series: [])
    let error = #expect(throws: ArchiveError.self) { try claim.save(large) }
    guard case .noSpace? = error else {
      Issue.record("not noSpace: \(String(describing: error))")
      return
    }
    #expect(try claim.newestCheckpoint().checkpoint == Sample.checkpoint(step: 100))
    #expect(owner(of: run)?.attempt == 1)
  }

  @Test func `that is full keeps a run from being begun, and leaves no attempt`() throws {
    let disk = try SmallDisk()
    let (_, run) = try Sample.store(in: disk.folder)
    // The lock is there, as after any look at the run; then there is no room for anything.
    try #require(try claimed(run)).end(.stopped)
    let filler = try #require(fopen(disk.folder["filler"], "w"))
    setvbuf(filler, nil, _IONBF, 0)
    while fputc(0, filler) != EOF {}
    fclose(filler)
    let error = #expect(throws: ArchiveError.self) { try run.claim(Sample.provenance) }
    guard case .noSpace? = error else {
      Issue.record("not noSpace: \(String(describing: error))")
      return
    }
    #expect(try run.attempts().map(\.number) == [1])
    // Emptied, not removed: a child of another test may have inherited it while it was open.
    #expect(truncate(disk.folder["filler"], 0) == 0)
    #expect(try claimed(run)?.attempt == 2)
  }

  @Test func `that is read-only says so and changes nothing`() throws {
    let disk = try SmallDisk()
    try #require(try disk.makeReadOnly())
    let error = #expect(throws: ArchiveError.self) {
      try publish(Self.large, kind: .weights, run: Sample.run, at: disk.folder["a.h5"])
    }
    #expect(
      error?.description.contains("Read-only file system. Give this user the right to write there") == true)
    #expect(throws: ArchiveError.self) { try Store(at: disk.folder["store"], creating: true) }
    #expect(disk.folder.names.isEmpty)
  }
}

/// Whoever holds a run.
func owner(of run: RunDirectory) -> RunState.Owner? {
  if case .running(let owner)? = try? run.state() { owner } else { nil }
}
