import Archive
import Foundation
import Glibc
import Records
import Testing

@Suite struct `What people write` {
  let folder: TemporaryFolder
  let store: Store
  var path: String { "\(store.root)/notes.jsonl" }

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder["store"], creating: true)
  }

  private func texts() throws -> [String] { try Notebook(of: store).notes(on: Sample.run).map(\.text) }

  @Test func `is read back as it was written, whatever is in it`() throws {
    let words = ["plain", "größer \"quoted\" \\ back\n\tline", "🧠", "  "]
    for word in words { try store.remark([(.note, word)], on: Sample.run, .run) }
    try store.remark([(.tag, "a"), (.tag, "b.1")], on: Sample.run, .run)
    try store.remark([(.untag, "a")], on: Sample.run, .run)
    let notebook = try Notebook(of: store)
    #expect(notebook.notes(on: Sample.run).map(\.text) == words)
    #expect(notebook.tags(of: Sample.run) == ["b.1"] && notebook.tags == ["b.1"])
    #expect(notebook.damage == nil && notebook.notes(on: Digest.sha256([])).isEmpty)
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `is not lost with several writers at once`() async throws {
    let store = store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for number in 0..<20 { try store.remark([(.note, "\(writer) \(number)")], on: Sample.run, .run) }
        }
      }
      try await group.waitForAll()
    }
    let texts = try texts()
    #expect(texts.count == 160 && Set(texts).count == 160)
    for writer in 0..<8 {
      #expect(texts.filter { $0.hasPrefix("\(writer) ") } == (0..<20).map { "\(writer) \($0)" })
    }
  }

  @Test func `loses nothing but its own last line to a kill, at any byte`() throws {
    try store.remark([(.note, "first")], on: Sample.run, .run)
    let whole = try bytes(path)
    try store.remark([(.note, "second")], on: Sample.run, .run)
    let both = try bytes(path)
    for end in stride(from: whole.count, to: both.count, by: 7) + [both.count - 1] {
      try put(Array(both[..<end]), at: path)
      let isWhole = end == both.count - 1
      #expect(try texts() == (isWhole ? ["first", "second"] : ["first"]), "\(end)")
      try store.remark([(.note, "third")], on: Sample.run, .run)
      #expect(try texts() == (isWhole ? ["first", "second", "third"] : ["first", "third"]))
      #expect(try Notebook(of: store).damage == nil)
    }
  }

  @Test func `is told to be damaged by a flipped bit, and the other lines are read`() throws {
    for text in ["one", "two", "three"] { try store.remark([(.note, text)], on: Sample.run, .run) }
    let whole = try bytes(path)
    let line = whole.count / 3
    for place in stride(from: 0, to: whole.count, by: 11) {
      var spoilt = whole
      spoilt[place] ^= 1
      try put(spoilt, at: path)
      #expect(try texts().count <= 2 && Notebook(of: store).damage != nil, "\(place)")
      if place < line - 2 { #expect(try texts() == ["two", "three"]) }
      let findings = try store.check(deep: false)
      #expect(findings.map(\.path) == [path] && findings.first?.kind == .damage)
    }
  }

  @Test func `of another store comes in once, and the later word counts`() throws {
    try store.remark([(.tag, "x"), (.note, "here")], on: Sample.run, .run)
    let other = try Store(at: folder["other"], creating: true)
    #expect(try other.add(Notebook(of: store).remarks) == 2)
    usleep(2000)
    try other.remark([(.untag, "x"), (.note, "there")], on: Sample.run, .run)
    let remarks = try Notebook(of: other).remarks
    #expect(try store.add(remarks) == 2)
    #expect(try store.add(remarks) == 0)
    #expect(try texts() == ["here", "there"] && Notebook(of: store).tags(of: Sample.run).isEmpty)
  }

  @Test func `cannot be written where the store cannot, and says so`() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(throws: ArchiveError.self) { try store.remark([(.note, "x")], on: Sample.run, .run) }
  }

  @Test(arguments: [
    ("best", true), ("v2.1_x-y", true), ("0", true), ("", false), ("Best", false), ("two words", false),
    ("-x", false), ("ü", false), (String(repeating: "a", count: 65), false),
  ])
  func `tags are words`(text: String, expected: Bool) { #expect(Remark.isTag(text) == expected) }
}
