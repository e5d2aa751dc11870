import Records
import Testing

@Suite struct `A run is named by its settings` {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `the order of construction changes nothing`(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let entries = randomEntries(&numbers)
    let settings = Settings(entries)
    for _ in 0..<5 {
      var other = Settings()
      for (key, value) in entries.shuffled(using: &numbers) {
        other[key] = .text("to be replaced")
        other[key] = value
      }
      other["zz_unused"] = .integer(1)
      other["zz_unused"] = nil
      #expect(other == settings)
      #expect(Identity.run(other) == Identity.run(settings))
      #expect(other.differences(from: settings).isEmpty)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `settings read back from their bytes are the same`(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<10 {
      let settings = Settings(randomEntries(&numbers))
      #expect(try Settings(canonicalBytes: settings.canonicalBytes) == settings)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `any other value or type, any key more or less is another run`(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let settings = Settings(randomEntries(&numbers))
    var ids: Set = [Identity.run(settings)]
    var variants = 1
    for key in settings.keys {
      guard let value = settings[key] else { continue }
      for change in changes(of: value) {
        var changed = settings
        changed[key] = change
        ids.insert(Identity.run(changed))
        variants += change == nil || change != value ? 1 : 0
        #expect(changed.differences(from: settings).map(\.key) == [key])
      }
    }
    #expect(ids.count == variants)
  }

  @Test func `a whole real and an integer of the same value are two runs`() {
    let ids = [Value.integer(1), .real(1), .text("1"), .boolean(true), .list([.integer(1)])].map {
      Identity.run(Settings(["seed": $0]))
    }
    #expect(Set(ids).count == ids.count)
  }

  @Test func `texts that look alike but differ in bytes are two runs and two values`() {
    #expect(Value.text("é") != .text("e\u{301}"))
    #expect(Identity.run(Settings(["a": .text("é")])) != Identity.run(Settings(["a": .text("e\u{301}")])))
  }

  @Test func `a dot moved is another run`() {
    let ids = ["ab.c", "a.bc", "abc", "a.b.c"].map { Identity.run(Settings([$0: .integer(1)])) }
    #expect(Set(ids).count == 4)
  }

  @Test(arguments: [
    ("01", "an integer"), ("a16161a0", "an empty group"), ("a16161f6", "null"),
    ("a161614101", "a byte string"),
    ("a161611bffffffffffffffff", "the integer 18446744073709551615"),
    ("a161613bffffffffffffffff", "an integer below -9223372036854775808"),
    ("a1614101", "the word “A”"), ("a163612e6201", "the word “a.b”"), ("a16001", "the word “”"),
    ("a1616181a0", "a map"),
  ])
  func `canonical bytes that no settings have are refused`(hex: String, found: String) throws {
    let bytes = try octets(hex)
    do throws(RecordsError) {
      _ = try Settings(canonicalBytes: bytes)
      Issue.record("accepted")
    } catch {
      guard case .notSettings(_, found, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  /// Values that differ from `value`, by type or by the least there is; nil takes the key away.
  private func changes(of value: Value) -> [Value?] {
    switch value {
    case .boolean(let flag): [.boolean(!flag), .integer(flag ? 1 : 0), nil]
    case .integer(let number): [.integer(number ^ 1), .real(Double(number)), .text(String(number)), nil]
    case .real(let number):
      [.real(number.nextUp), .real(number == 0 ? 1 : -number), .text(number.description), nil]
    case .text(let text): [.text(text + "a"), .text(text + "\u{0}"), .list([.text(text)]), nil]
    case .list(let values):
      [.list(values + [.boolean(false)]), .list([.list(values)]), .text(value.description), nil]
    }
  }
}
