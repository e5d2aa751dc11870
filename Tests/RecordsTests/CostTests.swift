import Records
import Testing

@Suite struct Costs {
  @Test(arguments: Cost.allCases)
  func `each is found by its key, and has a unit and a meaning`(cost: Cost) {
    #expect(Cost(key: cost.key) == cost)
    #expect(cost.key.hasPrefix("cost."))
    #expect(["s", "bytes", "steps", "attempts"].contains(cost.unit))
    #expect(cost.meaning.split(separator: " ").count > 2)
  }

  @Test(arguments: ["seconds", "cost.second", "cost.", "test.accuracy"])
  func `nothing else is a cost`(key: String) { #expect(Cost(key: key) == nil) }
}
