import Models
import Testing

@testable import Harness

@Suite struct PortraitTests {
  private static let twoLayers: [(path: String, extents: [Int])] = [
    ("embedding.token", [7, 4]), ("layers.0.map.weight", [4, 6]), ("layers.0.map.bias", [6]),
    ("layers.1.map.weight", [4, 6]), ("layers.1.map.bias", [6]), ("scale", [1]),
  ]

  @Test func `equal layers are one group, told with its sum`() {
    let census = ParameterCensus(Self.twoLayers, unused: [])
    #expect(census.groups.map(\.name) == ["embedding", "layers.*.map", "scale"])
    #expect(census.groups.map(\.each) == [28, 30, 1])
    #expect(census.count == 28 + 2 * 30 + 1)
    let text = ModelPortrait.parameters(census).text(width: 100)
    #expect(text.contains("layers.*.map  4 × 6 + 6 = 30; × 2 layers = 60\n"), "\(text)")
    #expect(text.contains("in all        28 + 60 + 1 = 89\n"), "\(text)")
    #expect(!text.contains("reference"))
  }

  @Test func `layers that differ stand alone`() {
    var parameters = Self.twoLayers
    parameters[3].extents = [4, 8]
    let census = ParameterCensus(parameters, unused: [])
    #expect(census.groups.map(\.name) == ["embedding", "layers.0.map", "layers.1.map", "scale"])
    #expect(census.count == 28 + 30 + 38 + 1)
  }

  @Test func `what is allocated elsewhere and never used is listed up to the published count`() {
    let census = ParameterCensus(
      Self.twoLayers,
      unused: [
        UnusedParameter("second projection", count: 1000, reason: "its output is thrown away"),
        UnusedParameter("cluster bias", count: 11, reason: "there is one cluster"),
      ])
    let section = ModelPortrait.parameters(census)
    let text = section.text(width: 100)
    for part in [
      "second projection, 1,000: its output is thrown away\n", "cluster bias, 11: there is one cluster\n",
      "reference     with these settings it would have 89 + 1,000 + 11 = 1,100\n",
    ] { #expect(text.contains(part), "\(part) is not in \(text)") }
    #expect(section.facts.last?.key == "reference")
  }

  @Test func `reach is told in segments and in tokens`() {
    func words(_ reach: Reach) -> String { ModelPortrait.reach(reach, segmentLength: 16).words }
    #expect(words(.segments(0)) == "its own segment alone, at most 15 tokens back: nothing is remembered")
    #expect(
      words(.segments(3)) == "its own segment and 3 segments before it, at most 3 × 16 + 15 = 63 tokens back")
    #expect(words(.tokens(33)) == "33 tokens back, which is ⌈33 / 16⌉ = 3 segments before its own at most")
    #expect(words(.unbounded) == "no bound is promised: no segment is left out for being too far back")
  }

  @Test func `words break between words, and paragraphs stay`() {
    #expect("one two three".wrapped(width: 7) == ["one two", "three"])
    #expect("a longerthanthat b\nc".wrapped(width: 5) == ["a", "longerthanthat", "b", "c"])
    #expect(
      [0, 999, 1000, 28_847_616, -1234].map(\.grouped) == ["0", "999", "1,000", "28,847,616", "-1,234"])
  }
}
