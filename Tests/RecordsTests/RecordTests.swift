import Records
import Testing

@Suite struct `A record` {
  let record = Record(
    run: Digest.sha256([]), settings: Settings(["task.length": .integer(55), "seed": .integer(1)]),
    derived: Settings(["task.segments": .integer(4)]), metrics: ["test.accuracy": 0.5],
    cost: ["cost.seconds": 12.5])

  @Test func `knows every fact under its key`() {
    #expect(record["task.length"] == .integer(55))
    #expect(record["task.segments"] == .integer(4))
    #expect(record["test.accuracy"] == .real(0.5))
    #expect(record["cost.seconds"] == .real(12.5))
    #expect(record["task"] == nil)
    #expect(record.keys == ["cost.seconds", "seed", "task.length", "task.segments", "test.accuracy"])
  }

  @Test func `believes settings before anything derived or measured`() {
    let record = Record(
      run: Digest.sha256([]), settings: Settings(["a": .integer(1)]),
      derived: Settings(["a": .integer(2), "b": .integer(2)]),
      metrics: ["a": 3, "b": 3, "c": 3], cost: [:])
    #expect(record["a"] == .integer(1))
    #expect(record["b"] == .integer(2))
    #expect(record["c"] == .real(3))
  }
}

@Suite struct `A value` {
  @Test(arguments: [
    (Value.boolean(true), "true"), (.integer(-3), "-3"), (.real(0.5), "0.5"), (.real(1), "1.0"),
    (.real(1e-8), "1e-08"),
    (.text("memoria"), "memoria"), (.list([.integer(1), .list([.text("a")])]), "[1, [a]]"),
  ])
  func `is shown as a manifest would say it`(value: Value, text: String) {
    #expect(value.description == text)
  }

  @Test func `equals what hashes alike`() {
    #expect(Set([Value.real(0), .real(-0.0)]).count == 1)
    #expect(Set([Value.text("é"), .text("e\u{301}"), .integer(1), .real(1), .boolean(true)]).count == 5)
  }
}
