import Records
import Testing

@Suite struct `Did you mean` {
  let keys = ["model.memory", "model.layers", "task.length", "task.segment_length", "task.symbols", "seed"]

  @Test(arguments: [
    ("task.lenght", "task.length"), ("task.symbol", "task.symbols"), ("model.memry", "model.memory"),
    ("Seed", "seed"), ("sed", "seed"), ("model.layer", "model.layers"),
    ("task.segmentLength", "task.segment_length"),
    ("layers", "model.layers"), ("Memory", "model.memory"), ("seed", "seed"),
  ])
  func `finds the word that was meant`(word: String, meant: String) {
    #expect(nearest(word, among: keys) == meant)
  }

  @Test(arguments: [
    "", "x", "optimizer", "training.rate", "zzzz", "ength", String(repeating: "a", count: 1_000_000),
  ])
  func `says nothing when nothing is near`(word: String) {
    #expect(nearest(word, among: keys) == nil)
  }

  @Test func `two words that end alike are not guessed between`() {
    #expect(nearest("dropout", among: ["model.dropout", "memory.dropout"]) == nil)
  }

  @Test func `of equally near words the first by bytes is given, in whatever order they come`() {
    #expect(nearest("bat", among: ["cat", "hat", "rat"]) == "cat")
    #expect(nearest("bat", among: ["rat", "hat", "cat"]) == "cat")
  }

  @Test func `two swapped letters are one slip`() {
    #expect(nearest("ab", among: ["ba"]) == "ba")
    #expect(nearest("ab", among: ["cd"]) == nil)
  }
}
