import Records
import Testing

@Suite struct `Settings in a tree` {
  let settings = Settings([
    "model.memoria.engrams": .integer(8), "model.kind": .text("memoria"), "model_note": .text("x"),
    "modest.a": .boolean(true), "seed": .integer(1),
  ])

  @Test func `keys are sorted by their bytes`() {
    #expect(settings.keys == ["model.kind", "model.memoria.engrams", "model_note", "modest.a", "seed"])
  }

  @Test func `a group holds what lies below it and nothing beside it`() {
    #expect(settings.group("model").keys == ["kind", "memoria.engrams"])
    #expect(settings.group("model.memoria")["engrams"] == .integer(8))
    #expect(settings.group("mode").isEmpty)
    #expect(settings.group("seed").isEmpty)
  }

  @Test func `prefixing undoes grouping`() {
    #expect(settings.group("model").prefixed("model").group("model") == settings.group("model"))
  }

  @Test func `of two merged settings the other wins`() {
    let merged = settings.merging(Settings(["seed": .integer(2), "task.kind": .text("sorting")]))
    #expect(merged["seed"] == .integer(2))
    #expect(merged["task.kind"] == .text("sorting"))
    #expect(merged["model.kind"] == .text("memoria"))
  }

  @Test func `nil removes a key, also an absent one`() {
    var changed = settings
    changed["seed"] = nil
    changed["absent"] = nil
    #expect(changed["seed"] == nil)
    #expect(changed.keys.count == 4)
  }

  @Test func `negative zero becomes zero`() throws {
    let settings = Settings(["a": .real(-0.0), "b": .list([.real(-0.0)])])
    #expect(settings["a"]?.description == "0.0")
    #expect(settings["b"]?.description == "[0.0]")
  }

  @Test(arguments: ["", ".", "a.", ".a", "a..b", "A", "a-b", "a b", "é", "a/b", "a\u{0}"])
  func `a malformed key is refused`(key: String) {
    var settings = Settings()
    #expect(throws: RecordsError.malformedKey(key)) { try settings.set(key, to: .integer(1)) }
    #expect(settings.isEmpty)
  }

  @Test func `a key cannot be a value and a group`() {
    var settings = settings
    #expect(settings.conflict(with: "model") == "model.kind")
    #expect(settings.conflict(with: "model.memoria") == "model.memoria.engrams")
    #expect(settings.conflict(with: "seed.of.data") == "seed")
    #expect(settings.conflict(with: "model.memoria.order") == nil)
    #expect(settings.conflict(with: "seed") == nil)
    #expect(settings.conflict(with: "mode") == nil)
    #expect(throws: RecordsError.conflict(key: "seed.data", existing: "seed")) {
      try settings.set("seed.data", to: .integer(1))
    }
  }

  @Test(arguments: [Value.real(.nan), .real(.infinity), .list([.integer(1), .list([.real(-.infinity)])])])
  func `a number that is not finite is refused`(value: Value) {
    var settings = Settings()
    #expect(throws: RecordsError.notFinite(key: "a.b")) { try settings.set("a.b", to: value) }
  }

  @Test func `what is nested too deeply is refused, and what just fits reads back`() throws {
    var settings = Settings()
    let deep = (0..<63).reduce(Value.integer(0)) { value, _ in .list([value]) }
    try settings.set("a", to: deep)
    #expect(try Settings(canonicalBytes: settings.canonicalBytes) == settings)
    #expect(throws: RecordsError.tooDeep(key: "b.c")) { try settings.set("b.c", to: deep) }
  }

  @Test func `differences are sorted, and tell types apart`() {
    let old = Settings(["a": .integer(1), "b": .integer(1), "c": .text("é"), "d": .integer(4)])
    let new = Settings([
      "b": .real(1), "c": .text("e\u{301}"), "d": .integer(4), "e": .integer(5), "a0": .integer(1),
    ])
    #expect(
      new.differences(from: old).map(\.description) == [
        "a: 1 → absent", "a0: absent → 1", "b: 1 → 1.0", "c: é (text) → e\u{301} (text)", "e: absent → 5",
      ])
    #expect(new.differences(from: new).isEmpty)
  }

  @Test func `the subscript stops the program with a sentence`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var settings = Settings(["a.b": .integer(1)])
      settings["a"] = .integer(2)
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("a cannot be set beside a.b"))
  }
}
