import Archive
import Foundation
import Records
import Testing

@Suite struct Stores {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `are made once and opened again`() throws {
    let (store, run) = try Sample.store(in: folder)
    #expect(try store.runs() == [Sample.run])
    #expect(try run.settings() == Sample.settings)
    #expect(try bytes(run.path + "/spec") == Sample.settings.canonicalBytes)
    let again = try Store(at: folder["store"], creating: false)
    #expect(try again.add(Sample.settings).path == run.path)
    #expect(try again.run(Sample.run).state() == .pending)
    #expect(try again.run(Digest.sha256([1])).state() == .pending)
  }

  @Test func `are not taken for what they are not`() throws {
    let none = #expect(throws: ArchiveError.self) { try Store(at: folder["none"], creating: false) }
    #expect(none?.description.hasSuffix("none: there is no such file.") == true)
    try put([1], at: folder["other"])
    let other = #expect(throws: ArchiveError.self) { try Store(at: folder.path, creating: true) }
    #expect(other?.description.contains("is not a store of this program: it has no file VERSION") == true)
    #expect(folder.names == ["other"])
    _ = try Store(at: folder["new"], creating: true)
    try put(Array("mneme store 9\n".utf8), at: folder["new/VERSION"])
    let newer = #expect(throws: ArchiveError.self) { try Store(at: folder["new"], creating: true) }
    #expect(newer?.description.contains("mneme store 9") == true)
  }

  @Test func `whose maker died are made by the next one, and are none for who only reads`() throws {
    try FileManager.default.createDirectory(atPath: folder["torn"], withIntermediateDirectories: false)
    try put(Array("mneme st".utf8), at: folder["torn/.VERSION.tmp-7-0"])
    let absent = #expect(throws: ArchiveError.self) { try Store(at: folder["torn"], creating: false) }
    guard case .absent = absent else {
      Issue.record("\(String(describing: absent))")
      return
    }
    let store = try Store(at: folder["torn"], creating: true)
    #expect(try store.add(Sample.settings).state() == .pending)
    _ = try Store(at: folder["torn"], creating: false)
  }

  @Test func `refuse a specification that is not the one the run is named by`() throws {
    let (_, run) = try Sample.store(in: folder)
    try put(Settings(["seed": .integer(2)]).canonicalBytes, at: run.path + "/spec")
    let error = #expect(throws: ArchiveError.self) { try run.claim(Sample.provenance) }
    #expect(error?.description.contains("spec is damaged") == true)
  }

  @Test func `write settings anew that were lost or damaged, and say so`() throws {
    let (store, run) = try Sample.store(in: folder)
    let path = run.path + "/spec"
    let whole = try bytes(path)
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: nil)
    try claim.end(.done)
    var damaged = whole
    damaged[9] ^= 1
    for spoil in [{ try put(damaged, at: path) }, { try FileManager.default.removeItem(atPath: path) }] {
      try spoil()
      // The result has the settings as well, and loses nothing.
      #expect(try run.state(verifying: true) == .done)
      #expect(try run.damageBeside().map(\.path) == [path])
      #expect(try run.intactSettings() == Sample.settings)
      var told: [String] = []
      try store.add(Sample.settings) { told.append($0) }
      #expect(told.count == 1 && told.first?.hasPrefix(path) == true)
      #expect(try bytes(path) == whole)
      #expect(try run.state() == .done)
    }
    var told: [String] = []
    try store.add(Sample.settings) { told.append($0) }
    #expect(told.isEmpty)
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `are complained about in one line`() throws {
    try put(Array("root:x:0".utf8), at: folder["file"])
    for creating in [true, false] {
      let error = #expect(throws: ArchiveError.self) { try Store(at: folder["file"], creating: creating) }
      #expect(error?.description.hasSuffix("file is not a store of this program: it is no folder.") == true)
    }
    _ = try Store(at: folder["new"], creating: true)
    for content in ["another\nprogram\n", "\u{1B}[2J", "\n\n", "mneme store 10", "mneme store 1\nx"] {
      try put(Array(content.utf8), at: folder["new/VERSION"])
      let error = #expect(throws: ArchiveError.self) { try Store(at: folder["new"], creating: false) }
      let text = try #require(error?.description)
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(text)")
      #expect(text.contains("VERSION"))
      #expect(!text.contains("says \"mneme store 1\","))
    }
  }

  @Test func `keep objects under their hash, the first one of each`() throws {
    let (store, _) = try Sample.store(in: folder)
    let object = StoredObject(kind: "manifest", id: Digest.sha256([7]))
    try store.put(Array("name: a".utf8), as: object)
    try store.put(Array("name: b".utf8), as: object)
    #expect(try store.object(object) == Array("name: a".utf8))
    #expect(try store.objects() == [object])
    #expect(throws: ArchiveError.self) { try store.object(StoredObject(kind: "plan", id: object.id)) }
    #expect(throws: ArchiveError.self) { try store.put([], as: StoredObject(kind: "../x", id: object.id)) }

    let path = folder["store/objects/\(object.id.hex.prefix(2))/\(object.id.hex).manifest"]
    let whole = try bytes(path)
    for place in whole.indices {
      var flipped = whole
      flipped[place] ^= 4
      try put(flipped, at: path)
      #expect(throws: ArchiveError.self, "byte \(place)") { try store.object(object) }
    }
    #expect(throws: ArchiveError.self) { try store.put(Array("name: a".utf8), as: object) }
  }

  @Test func `find runs and objects by the beginning of their hash`() throws {
    let (store, _) = try Sample.store(in: folder)
    let object = StoredObject(kind: "manifest", id: Sample.run)
    try store.put([], as: object)
    for length in [0, 1, 2, 3, 12, 64] {
      let found = try store.candidates(prefix: String(Sample.run.hex.prefix(length)))
      #expect(found.map(\.kind) == ["manifest", "run"], "\(length)")
    }
    #expect(try store.candidates(prefix: Sample.run.hex.uppercased()).count == 2)
    let last = Sample.run.hex.hasSuffix("0") ? "1" : "0"
    #expect(try store.candidates(prefix: Sample.run.hex.dropLast() + last).isEmpty)
    #expect(try store.candidates(prefix: "../..").isEmpty)
  }
}

@Suite struct `Live logs` {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `give back what was said, up to a line cut off by a kill`() throws {
    let (_, run) = try Sample.store(in: folder)
    let claim = try #require(try claimed(run))
    let facts: [String: Value] = [
      "step": .integer(3), "loss": .real(1.25), "what": .text("a \"quoted\"\nline\\ ü"),
      "flag": .boolean(true),
      "list": .list([.integer(1), .text("x")]),
    ]
    try claim.say("step", facts)
    try claim.say("evaluation")
    let path = claim.path + "/live.jsonl"
    let whole = try run.live()
    #expect(whole.records.map(\.event) == ["step", "evaluation"])
    #expect(whole.records.first?.facts == facts)
    #expect(whole.records.allSatisfy { $0.seconds >= 0 && $0.seconds < 60 } && !whole.isTorn)

    let all = try bytes(path)
    let firstLine = try #require(all.firstIndex(of: UInt8(ascii: "\n"))) + 1
    for count in firstLine + 1..<all.count {
      try put(Array(all[..<count]), at: path)
      let torn = try LiveLog(at: path)
      #expect(torn.records == [whole.records[0]] && torn.isTorn && torn.damagedLines.isEmpty, "\(count)")
    }
    for place in 0..<firstLine - 1 {
      var flipped = all
      flipped[place] ^= 1
      try put(flipped, at: path)
      let log = try LiveLog(at: path)
      #expect(log.records.count == 1 && !log.damagedLines.isEmpty, "byte \(place)")
    }
  }

  @Test func `that are absent are empty`() throws {
    #expect(try LiveLog(at: folder["none"]).records.isEmpty)
  }
}
