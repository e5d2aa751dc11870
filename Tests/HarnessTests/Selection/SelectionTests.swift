import Records
import Testing

@testable import Harness

@Suite struct SelectionTests {
  /// A run as a selection sees it.
  private static let run: [String: [Value]] = [
    "model.kind": [.text("memoria")], "model.memory": [.text("long-term")], "task.segments": [.integer(8)],
    "training.rate": [.real(0.002)], "seed": [.integer(3)], "status": [.text("done")],
    "tier": [.text("quick"), .text("paper")], "test.accuracy": [.real(0.5)],
    "run": [.text(String(repeating: "3f9a2c01", count: 8))],
    "manifest": [.text(String(repeating: "ab", count: 32)), .text("sorting-ablation")],
  ]

  private static func holds(_ text: String, _ facts: [String: [Value]] = run) throws -> Bool {
    try Selection(text) { _ in false }.terms.allSatisfy { $0.holds(facts[$0.key.name] ?? []) }
  }

  private static func complaint(_ text: String) -> String {
    do {
      _ = try Selection(text) { $0 == "model.older" }
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("", true), ("  ", true), ("model.kind=memoria", true), ("model.kind = memoria", true),
    ("model.kind=transformer-xl", false), ("model.kind!=transformer-xl", true),
    ("not model.kind=memoria", false),
    ("not model.kind!=memoria", true), ("task.segments>=8", true), ("task.segments>8", false),
    ("task.segments<=8", true), ("task.segments<8", false), ("seed=(1 2 3)", true), ("seed=1,2,3", true),
    ("seed=1, 2", false), ("seed!=(1 2)", true), ("seed!=1,3", false), ("training.rate=2e-3", true),
    ("training.rate=0.0020", true), ("training.rate>0.0019 training.rate<0.0021", true),
    ("test.accuracy>0.5", false), ("test.accuracy>=0.5", true), ("run=3f9a", true), ("run=3F9A2C", true),
    ("run=9a2c", false), ("manifest=sorting-ablation", true), ("manifest=abab", true),
    ("manifest=sorting", false), ("tier=paper", true), ("tier!=paper", false), ("tier=reduced", false),
    ("model.kind=memoria,task.segments=8", true), ("model.kind=memoria,transformer-xl,seed=4", false),
    ("model.memory=(none 'long-term')", true), ("status=done seed=3", true), ("status=done seed=4", false),
  ])
  func `terms mean what they say`(text: String, expected: Bool) throws {
    #expect(try Self.holds(text) == expected)
  }

  @Test func `a run without the key meets only opposites`() throws {
    for text in ["model.memory=none", "model.memory=(none working)", "task.segments<9", "test.accuracy<1"] {
      #expect(try !Self.holds(text, [:]))
      #expect(try Self.holds("not \(text)", [:]))
    }
    #expect(try Self.holds("model.memory!=none", [:]))
    let odd: [String: [Value]] = ["test.accuracy": [.real(.nan)]]
    for relation in ["=", "<", "<=", ">", ">="] {
      #expect(try !Self.holds("test.accuracy\(relation)0.5", odd))
    }
  }

  @Test(arguments: [
    ("task.segment>=8", "column 1: no run has a key task.segment; did you mean task.segments?"),
    ("seed=1 modle.kind=memoria", "column 8: no run has a key modle.kind; did you mean model.kind?"),
    ("state=failed", "did you mean status?"), ("model.kind==memoria", "“==” is no operator; expected one of"),
    ("model.kind==memoria", "did you mean =?"), ("seed=>1", "did you mean >=?"),
    ("seed:1", "did you mean =?"),
    ("seed=one", "column 6: seed is “one”; expected a whole number, not negative."),
    ("seed=1.0", "expected a whole number, not negative: write 1."),
    (
      "test.accuracy>50%",
      "test.accuracy is “50%”; expected a number. A fraction is stored as such: write 0.5."
    ),
    ("status=fialed", "did you mean failed?"), ("status>done", "status has no order, so > means nothing"),
    ("seed<(1 2)", "seed< takes one value"), ("seed=(1 2", "the list of seed has no end; expected )"),
    ("seed=()", "the list of seed is empty"), ("seed=", "the end stands where a value of seed is expected"),
    ("manifest='a", "the value of manifest has no end"), ("seed", "“seed” has no operator behind it"),
    ("seed=1 and seed=2", "“and” is not needed"), ("seed=1 or seed=2", "there is no “or”"),
    ("=1", "“=” stands where a key is expected"), ("run=3f", "expected a hash or its beginning"),
    ("cost.second>1", "did you mean cost.seconds?"), (")", "“)” stands where a key is expected"),
  ])
  func `what cannot be read is named with its place and what was meant`(text: String, expected: String) {
    let found = Self.complaint(text)
    #expect(found.contains(expected), "\(found)")
    #expect(found.hasPrefix("--where, column "))
  }

  @Test func `the place is underlined, also far behind`() {
    let found = Self.complaint("seed=1 status=fine tier=quick")
    let underlined = "\n  seed=1 status=fine tier=quick\n" + String(repeating: " ", count: 16) + "^^^^"
    #expect(found.hasSuffix(underlined), "\(found)")
    let far = Self.complaint(String(repeating: "seed=1 ", count: 100) + "sead=1")
    #expect(far.contains("column 701"))
    #expect(far.split(separator: "\n").allSatisfy { $0.count < 140 })
  }

  @Test func `a key that only stored runs have is compared by what it looks like`() throws {
    let selection = try Selection("model.older=3") { $0 == "model.older" }
    #expect(selection.terms[0].holds([.integer(3)]) && selection.terms[0].holds([.real(3)]))
    #expect(!selection.terms[0].holds([.text("x")]))
    #expect(Self.complaint("model.oldest=3").contains("no run has a key model.oldest"))
  }

  @Test func `no text makes it stop or take long`() {
    var state: UInt64 = 42
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let pieces = [
      "model.kind", "seed", "task.segments", "status", "=", "!=", "<", ">=", "(", ")", ",", " ", "\t", "\n",
      "'", "\"",
      "not", "1", "memoria", "é", "👩‍👩‍👧", "\u{0}", "\u{202E}", "..", "-", "%", "99999999999999999999", "1e999",
      "=", " ",
    ]
    let clock = ContinuousClock()
    var accepted = 0
    let took = clock.measure {
      for _ in 0..<3000 {
        let text = (0..<next(12)).map { _ in pieces[next(pieces.count)] }.joined()
        if Self.complaint(text) == "accepted" { accepted += 1 }
      }
      for piece in pieces { _ = Self.complaint(String(repeating: piece, count: 100_000)) }
      _ = Self.complaint("seed=(" + String(repeating: "1,", count: 2000) + ")")
      _ = Self.complaint("seed=" + String(repeating: "1, ", count: 1300))
    }
    #expect(accepted > 0)
    #expect(took < .seconds(20))
  }
}
