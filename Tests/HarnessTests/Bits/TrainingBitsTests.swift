import Archive
import Harness
import Models
import Records
import Tensors
import Testing

/// What the comparison of two trainings sees.
@Suite struct TrainingBitsTests {
  private static func bits(
    _ model: TinyModel, _ changes: [String: Value] = [:], leavingAfter steps: Int? = nil
  ) throws -> TrainingBits {
    try trainingBits(
      try TinyRun.specification(changes, of: model), leavingAfter: steps, on: [Processor(.best, threads: 1)])
  }

  @Test(arguments: TinyModel.all)
  func `two computations of one run have the same bits`(model: TinyModel) throws {
    let (one, other) = (try Self.bits(model), try Self.bits(model, leavingAfter: 4))
    #expect(firstDifference(one.parts, other.parts) == nil)
  }

  @Test(arguments: TinyModel.all)
  func `another seed is another computation, and the first number that shows it is named`(
    model: TinyModel
  ) throws {
    let (one, other) = (try Self.bits(model), try Self.bits(model, ["seed": .integer(8)]))
    let difference = try #require(firstDifference(one.parts, other.parts))
    #expect(difference.place.hasPrefix("parameter ") && difference.place.contains(", element "))
    for text in [difference.expected, difference.found] {
      #expect(text.wholeMatch(of: /0x[0-9a-f]{8}/) != nil, "\(text)")
    }
    #expect(difference.expected != difference.found)
  }

  @Test(arguments: TinyModel.all)
  func `parameters, both moments, memories and metrics are compared`(model: TinyModel) throws {
    let bits = try Self.bits(model)
    let names = bits.parts.map(\.name)
    let parameters = names.filter { $0.hasPrefix("parameter ") }.map { $0.dropFirst("parameter ".count) }
    #expect(!parameters.isEmpty && parameters.count == bits.weights.count)
    for path in parameters {
      #expect(names.contains("first moment of \(path)") && names.contains("second moment of \(path)"))
      #expect(names.contains("published weight \(path)"))
    }
    for name in [
      "optimizer's power1", "optimizer's power2", "train.loss", "train.gradient_norm", "validation.loss",
      "test.accuracy", "labels right in test", "the result's digest",
    ] { #expect(names.contains(name), "\(name)") }
    // Four documents, four segments each.
    #expect(names.count { $0.hasPrefix("hidden states of document") } == 16)
    let hasMemory = model.kind != "transformer" && model.testDescription != "memoria none"
    let memories = bits.parts.filter { $0.name.hasPrefix("memory of document 3 after segment 3") }
    #expect(memories.isEmpty == !hasMemory, "\(memories.map(\.name))")
    #expect(names.contains { $0.hasPrefix("memory log") } == (model.testDescription.hasSuffix("-term")))
  }

  @Test func `engrams are compared: vectors, lifespans, ages, who they are and who fired with whom`() throws {
    let names = try Self.bits(.memoria("long-term")).parts.map(\.name)
    for part in ["vectors", "kinds", "lifespans", "ages", "identifiers", "counts"] {
      #expect(names.contains { $0.hasPrefix("memory of document 0 after segment 3") && $0.hasSuffix(part) })
    }
  }

  @Test(arguments: TinyModel.all)
  func `a document is the same in any batch, and no other document`(model: TinyModel) throws {
    let specification = try TinyRun.specification(of: model)
    let weights = try Self.bits(model).weights
    let together = documentBits(specification, weights: weights, batches: [[0, 1, 2, 3, 4]])
    let apart = documentBits(specification, weights: weights, batches: [[4, 2], [1], [3, 0]])
    #expect(together.count == 5 && apart.count == 5)
    for number in 0..<5 {
      let (one, other) = (try #require(together[number]), try #require(apart[number]))
      #expect(one.count >= 4)
      let difference = firstDifference(one, other)
      #expect(difference == nil)
    }
    // So what is compared is the document's own.
    let pairs = zip(try #require(together[0]), try #require(together[1]))
    let hidden = pairs.filter { $0.0.name.hasPrefix("hidden states") }
    #expect(hidden.count == 4 && hidden.allSatisfy { $0.bytes != $1.bytes })
  }
}
