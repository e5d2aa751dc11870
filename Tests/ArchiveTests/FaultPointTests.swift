import Archive
import Foundation
import Glibc
import Records
import Testing

@Suite struct FaultPointTests {
  @Test(arguments: [
    ("publish.after-fsync:kill", FaultPoint.publishAfterFsync, Fault.Deed.kill, 1),
    ("publish.after-link#3:error=EIO", .publishAfterLink, .error(EIO), 3),
    ("after-claim:hang", .afterClaim, .hang, 1),
    ("live.after-line#12:error=ENOSPC", .liveAfterLine, .error(ENOSPC), 12),
    ("after-checkpoint#2:hold=/a:b/c=d", .afterCheckpoint, .hold("/a:b/c=d"), 2),
  ])
  func `a fault has a point, a passing and a deed`(
    text: String, point: FaultPoint, deed: Fault.Deed, passing: Int
  ) throws {
    let fault = try Fault(text)
    #expect(fault.point == point && fault.deed == deed && fault.passing == passing)
  }

  @Test(arguments: [
    ("publish.after-fsinc:kill", "did you mean publish.after-fsync?"),
    ("after-claim:kil", "did you mean kill?"),
    ("after-claim:error=ENOSPACE", "did you mean error=ENOSPC?"),
    ("after-claim#0:kill", "\"#0\" is no passing"),
    ("after-claim#x:kill", "expected #1 for the first"), ("after-claim", "such as publish.after-fsync:kill"),
    ("after-claim:hold", "expected a file by its full path"),
    ("after-claim:hold=", "expected a file by its full path"),
    ("after-claim:holds=/a", "error=EMFILE, hold=<file>."),
    ("after-claim:hold=a/b", "as long as \"a/b\" is there; expected a file by its full path"),
    ("nowhere-near:kill", "`mneme torture --points` lists them"),
  ])
  func `what is none gets a sentence, and the nearest word`(text: String, words: String) {
    let error = #expect(throws: FaultError.self) { try Fault(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("MNEME_FAULT") == true)
  }

  @Test func `what is held goes on once the file is gone`() async throws {
    let folder = try TemporaryFolder()
    let file = folder["held"]
    try Data().write(to: URL(fileURLWithPath: file))
    let (passings, passed) = AsyncStream.makeStream(of: Bool.self)
    // A thread of its own may sleep.
    Thread.detachNewThread {
      Fault.$planned.withValue(Fault(.afterClaim, .hold(file))) {
        for _ in 0..<2 {
          let isPassed = (try? FaultPoint.afterClaim.pass(file)) != nil
          passed.yield(isPassed && !FileManager.default.fileExists(atPath: file))
        }
      }
      passed.finish()
    }
    try await Task.sleep(for: .milliseconds(30))
    try FileManager.default.removeItem(atPath: file)
    #expect(await passings.reduce(into: []) { $0.append($1) } == [true, true])
  }

  private static let publishing = FaultPoint.allCases.filter { $0.rawValue.hasPrefix("publish.") }

  @Test(arguments: publishing, [ENOSPC, EIO])
  func `a publication that fails at any step leaves the whole file or none`(point: FaultPoint, code: Int32)
    throws
  {
    let folder = try TemporaryFolder()
    let path = folder["weights.h5"]
    func write() throws { _ = try WeightsFile.write(Sample.parameters, run: Sample.run, to: path) }
    // Nothing is replaced where nothing stands.
    if point == .publishAfterRename { return try write() }
    let error = #expect(throws: ArchiveError.self) {
      try Fault.$planned.withValue(Fault(point, .error(code))) { try write() }
    }
    switch error {
    case .noSpace?: #expect(code == ENOSPC)
    case .system(_, _, let found)?: #expect(found == code)
    default: Issue.record("\(String(describing: error))")
    }
    let hasName = [.publishAfterLink, .publishAfterUnlink, .publishAfterFolderFsync].contains(point)
    #expect(folder.names == (hasName ? ["weights.h5"] : []))
    if !hasName { try write() }
    #expect(try WeightsFile.read(path, run: Sample.run) == Sample.parameters)
  }

  @Test func `every point of claiming, saving and publishing is passed`() throws {
    for point in FaultPoint.allCases where point.rawValue.contains(".") && point != .publishAfterRename {
      let folder = try TemporaryFolder()
      #expect(throws: ArchiveError.self, "\(point.rawValue)") {
        try Fault.$planned.withValue(Fault(point, .error(EIO))) {
          let (_, run) = try Sample.store(in: folder)
          let claim = try #require(try claimed(run))
          for step: UInt64 in [100, 200, 300] { try claim.save(Sample.checkpoint(step: step)) }
          try claim.say("step")
          try claim.publish(Sample.result(), weights: Sample.parameters)
          try claim.end(.done)
        }
      }
    }
  }

  @Test func `a live log that cannot be written is no fault of the checkpoint`() throws {
    let folder = try TemporaryFolder()
    let (_, run) = try Sample.store(in: folder)
    let first = try #require(try claimed(run))
    try first.save(Sample.checkpoint(step: 100))
    try first.end(.stopped)
    let second = try #require(try claimed(run))
    let error = #expect(throws: ArchiveError.self) {
      try Fault.$planned.withValue(Fault(.liveAfterLine, .error(ENOSPC))) { try second.newestCheckpoint() }
    }
    guard case .noSpace? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try second.newestCheckpoint().refused.isEmpty)
  }

  @Test func `a place whose maker died before its settings is something to tidy up, and no damage`() throws {
    let folder = try TemporaryFolder()
    let store = try Store(at: folder["store"], creating: true)
    _ = try? Fault.$planned.withValue(Fault(.placeAfterFolder, .error(EIO))) {
      try store.add(Sample.settings)
    }
    #expect(try store.check(deep: true).map(\.kind) == [.leftover])
    #expect(try store.run(Sample.run).state() == .pending)
    _ = try store.add(Sample.settings)
    #expect(try store.check(deep: true).isEmpty)
  }
}
