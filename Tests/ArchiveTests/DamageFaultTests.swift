import Archive
import FaultSuite
import Foundation
import Records
import Testing

/// Bits that flip and files that end too early, in every kind of stored file.
@Suite struct DamageFaultTests {
  /// A store with a finished run, one that was interrupted, an object and an index.
  private struct Full {
    let folder: TemporaryFolder
    let store: Store
    let finished: RunDirectory
    let interrupted: RunDirectory

    init() throws {
      folder = try TemporaryFolder()
      let (store, run) = try Sample.store(in: folder)
      (self.store, finished) = (store, run)
      let claim = try #require(try claimed(run))
      try claim.say("step", ["step": .integer(1), "loss": .real(2.5)])
      try claim.publish(Sample.result(), weights: Sample.parameters)
      try claim.end(.done)
      var other = Sample.settings
      other["seed"] = .integer(2)
      interrupted = try store.add(other)
      let second = try #require(try claimed(interrupted))
      for step: UInt64 in [100, 200] { try second.save(Full.checkpoint(step, of: interrupted.id)) }
      try second.end(.stopped)
      try store.put([1, 2, 3], as: StoredObject(kind: "manifest", id: Sample.run))
      var index = ResultIndex(of: store)
      _ = try index.final(of: finished)
      index.save()
    }

    static func checkpoint(_ step: UInt64, of run: Digest) -> Checkpoint {
      let sample = Sample.checkpoint(step: step)
      return Checkpoint(
        run: run, step: step, parameters: sample.parameters, firstMoments: sample.firstMoments,
        secondMoments: sample.secondMoments, scalars: sample.scalars, series: sample.series)
    }

    /// Every file of the store by its path below it; locks and logs have nothing that is read.
    func files() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: store.root).filter { name in
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: "\(store.root)/\(name)", isDirectory: &isFolder)
        return !isFolder.boolValue && !name.hasSuffix("/lock") && !name.hasSuffix("/log")
      }.sorted()
    }

    /// Whether a look at the whole store, or opening it, says that something is wrong with this file.
    func isSeen(_ name: String) -> Bool {
      guard let store = try? Store(at: store.root, creating: false),
        let findings = try? store.check(deep: true)
      else { return name == "VERSION" }
      return findings.contains { $0.path.hasSuffix(name) }
    }
  }

  @Test func `any bit that flips in any stored file is seen by fsck`() throws {
    let full = try Full()
    let files = try full.files()
    #expect(try full.store.check(deep: true).isEmpty)
    let kinds = Set(files.map { $0.split(separator: "/").last.map(String.init) ?? "" })
    #expect(
      kinds.isSuperset(of: [
        "VERSION", "spec", "result.h5", "weights.h5", "attempt.json", "end.json", "live.jsonl",
        "checkpoint-00000100.h5", "results",
      ]))
    // A few of each at every run of the tests, many in the suite of faults.
    let flips = FaultFigures.isAsked ? 200 : 12
    var generator = Scrambler(seed: 7)
    var (tried, missed) = (0, [String]())
    for name in files {
      let path = "\(full.store.root)/\(name)"
      let whole = try bytes(path)
      for _ in 0..<flips where !whole.isEmpty {
        let (damaged, bit) = generator.flip(whole)
        try put(damaged, at: path)
        tried += 1
        // A death may leave a live log without its last line: nobody can tell, and no number comes from there.
        let isTorn = name.hasSuffix("live.jsonl") && bit / 8 >= endOfLineBeforeLast(whole)
        if !isTorn, !full.isSeen(name) { missed.append("\(name), bit \(bit)") }
      }
      try put(whole, at: path)
    }
    #expect(missed.isEmpty, "\(missed.prefix(5))")
    #expect(try tried == flips * files.count { try !bytes("\(full.store.root)/\($0)").isEmpty })
    #expect(try full.store.check(deep: true).isEmpty)
    try FaultFigures.count("bits flipped in every kind of file", "seen by fsck --deep", tried - missed.count)
    try FaultFigures.count("bits flipped in every kind of file", "unseen", missed.count)
  }

  @Test func `any bit that flips in the record of an attempt is seen by whoever reads it`() throws {
    let full = try Full()
    for name in ["attempt.json", "end.json"] {
      let path = "\(full.finished.attemptPath(1))/\(name)"
      let whole = try bytes(path)
      var missed: [Int] = []
      for bit in 0..<whole.count * 8 {
        var damaged = whole
        damaged[bit / 8] ^= 1 << (bit % 8)
        try put(damaged, at: path)
        if try full.finished.attempts().allSatisfy(\.damage.isEmpty) { missed.append(bit) }
      }
      #expect(missed.count == 0, "\(name): \(missed.prefix(5))")
      try put(whole, at: path)
      let seen = whole.count * 8 - missed.count
      try FaultFigures.count("every bit of \(name) flipped", "refused by whoever reads it", seen)
    }
    #expect(try full.finished.attempts().count == 1)
  }

  @Test func `a record without a check, as older programs wrote it, is read`() throws {
    let full = try Full()
    let path = "\(full.finished.attemptPath(1))/end.json"
    let text = String(decoding: try bytes(path), as: UTF8.self)
    let end = try full.finished.attempts().first?.end
    let older = text.replacing(/,\n  "crc" : "[0-9a-f]{8}"\n/, with: "\n")
    #expect(older != text)
    try put(Array(older.utf8), at: path)
    #expect(try full.finished.attempts().first?.end == end)
  }

  @Test func `a checkpoint that ends anywhere too early is refused, and the one before it taken`() throws {
    let full = try Full()
    let stored = try #require(try full.interrupted.checkpoints().first)
    #expect(stored.step == 200)
    let whole = try bytes(stored.path)
    let claim = try #require(try claimed(full.interrupted))
    var (lengths, wrong) = (Array(stride(from: 0, to: whole.count, by: 1000)), [Int]())
    lengths += [1, 511, 512, 513, 559, 560, whole.count - 1]
    for length in lengths {
      try put(Array(whole.prefix(length)), at: stored.path)
      let (taken, refused) = try claim.newestCheckpoint()
      if taken?.step != 100 || refused.map(\.path) != [stored.path] { wrong.append(length) }
    }
    #expect(wrong.isEmpty)
    try FaultFigures.count(
      "checkpoint cut anywhere", "refused, the one before it taken", lengths.count - wrong.count)
    // Without any that is whole the run begins again, and says why.
    let older = try #require(try full.interrupted.checkpoints().last)
    try put(Array(try bytes(older.path).dropLast(10)), at: older.path)
    let nothing = try claim.newestCheckpoint()
    #expect(nothing.checkpoint == nil && nothing.refused.count == 2)
  }
}

/// Where the line feed before the last line stands; 0 where there is but one line.
private func endOfLineBeforeLast(_ bytes: [UInt8]) -> Int {
  bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")) ?? 0
}
