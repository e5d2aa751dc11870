import Testing

@testable import Harness

@Suite struct KeyListTests {
  @Test func `every part and setting of a manifest is told, and no other`() {
    #expect(Set(KeyList.parts.map(\.key)) == Set(ManifestLayer.parts))
    let told = Set(KeyList.settings.map(\.key))
    #expect(told == Set(RunSchema.all.values.flatMap { $0.types.keys }))
    #expect(
      KeyList.settings.first { $0.key == "model.memoria.engrams" }?.words.hasSuffix("(memoria)") == true)
    #expect(KeyList.settings.first { $0.key == "seed" }?.words == "a whole number, not negative")
  }

  @Test func `every key of --where is a setting or told as a fact`() {
    let told = Set(KeyList.settings.map(\.key)).union(KeyList.facts.map(\.key))
    for key in SelectionKey.known.keys where !key.hasPrefix("semantics.") && key != "numerics" {
      #expect(told.contains(key), "\(key)")
    }
  }
}
