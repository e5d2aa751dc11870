import Archive
import Harness
import Records
import Testing

@Suite struct ResultComparisonTests {
  let settings = Settings(["seed": .integer(1)])
  let weights = [NamedArray(name: "a.b", shape: [2], values: [1, 2])]

  @Test func `the same bits are identical`() {
    let result = sampleResult(of: settings, weights)
    #expect(firstDifference(result, result, weights: (weights, weights)) == nil)
    #expect(firstDifference(result, result, weights: nil) == nil)
  }

  @Test func `the first differing step of the history is told, with both values`() {
    let difference = firstDifference(
      sampleResult(of: settings, weights, loss: [2, 1, 0.5]),
      sampleResult(of: settings, weights, loss: [2, 1.0.nextUp, 0.25], accuracy: 0.75), weights: nil)
    #expect(difference?.place == "train.loss at step 2")
    #expect(difference?.published == "1.0 (0x3ff0000000000000)")
    #expect(difference?.again == "1.0000000000000002 (0x3ff0000000000001)")
  }

  @Test func `a history that is shorter differs`() {
    let difference = firstDifference(
      sampleResult(of: settings, weights), sampleResult(of: settings, weights, loss: [2]), weights: nil)
    #expect(difference?.place == "the rows of train")
  }

  @Test func `final metrics and single examples are compared`() {
    let published = sampleResult(of: settings, weights)
    #expect(
      firstDifference(published, sampleResult(of: settings, weights, accuracy: 0.25), weights: nil)?.place
        == "test.accuracy")
    #expect(
      firstDifference(published, sampleResult(of: settings, weights, correct: [1, 2]), weights: nil)?.place
        == "labels right in example 11 of test")
  }

  @Test func `a weight that differs is told by tensor, element and bits`() {
    let other = [NamedArray(name: "a.b", shape: [2], values: [1, -0.0])]
    let zero = [NamedArray(name: "a.b", shape: [2], values: [1, 0])]
    let results = (sampleResult(of: settings, zero), sampleResult(of: settings, other))
    let difference = firstDifference(results.0, results.1, weights: (zero, other))
    #expect(difference?.place == "tensor a.b, element 1")
    #expect(difference?.published == "0.0 (0x0)")
    #expect(difference?.again == "-0.0 (0x80000000)")
    #expect(firstDifference(results.0, results.1, weights: nil)?.place == "the digest of the final weights")
  }
}
