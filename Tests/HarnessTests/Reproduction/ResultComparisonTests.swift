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
    #expect(difference?.published == "0.0 (0x00000000)")
    #expect(difference?.again == "-0.0 (0x80000000)")
    #expect(firstDifference(results.0, results.1, weights: nil)?.place == "the digest of the final weights")
  }

  @Test func `numbers are told as bits, with the units in the last place between them`() {
    func difference(_ one: Double, _ other: Double) -> ResultDifference {
      ResultDifference("x", .other, one, other)
    }
    let next = difference(1, 1.0.nextUp)
    #expect(
      "\(next)"
        == "x: published 1.0 (0x3ff0000000000000), now 1.0000000000000002 (0x3ff0000000000001), 1 ulp apart")
    #expect(difference(-.leastNonzeroMagnitude, .leastNonzeroMagnitude).bits?.ulps == 2)
    #expect(
      difference(0, -0.0).bits == .init(published: "0x0000000000000000", again: "0x8000000000000000", ulps: 0)
    )
    #expect(difference(1, 2).bits?.ulps == 1 << 52)
    #expect(
      difference(.greatestFiniteMagnitude, -.greatestFiniteMagnitude).bits?.ulps == 2
        * UInt64(0x7fef_ffff_ffff_ffff))
    #expect(difference(1, .nan).bits?.ulps == nil && difference(.infinity, 1).bits?.ulps == nil)
    let single = ResultDifference("x", .other, Float(1), Float(1).nextDown)
    #expect(single.bits == .init(published: "0x3f800000", again: "0x3f7fffff", ulps: 1))
  }

  @Test func `a step and a weight that both differ are both told, and every parameter by its digest`() throws
  {
    let other = [
      NamedArray(name: "a.b", shape: [2], values: [1, Float(2).nextUp]),
      NamedArray(name: "c", shape: [], values: [0]),
    ]
    let mine = [weights[0], NamedArray(name: "c", shape: [], values: [0])]
    let comparison = try #require(
      ResultComparison(
        sampleResult(of: settings, mine, loss: [2, 1]),
        sampleResult(of: settings, other, loss: [2, 1.0.nextDown]), weights: (mine, other)))
    #expect(comparison.first.subject == .metric("train.loss", step: 2))
    #expect(comparison.tensor?.subject == .weight(tensor: "a.b", element: 1))
    let parameters = try #require(comparison.parameters)
    #expect(parameters.count == 2 && parameters.differences.map(\.name) == ["a.b"])
    #expect(parameters.differences[0].published == weightsDigest([mine[0]]))
    #expect(parameters.differences[0].again == weightsDigest([other[0]]))
    #expect(
      parameters.text == "1 of 2 parameters differ, by digest: a.b \(weightsDigest([mine[0]]).short) → "
        + "\(weightsDigest([other[0]]).short)")
  }

  @Test func `weights alone that differ are the first difference`() throws {
    let other = [NamedArray(name: "a.b", shape: [2], values: [1, 3])]
    let results = (sampleResult(of: settings, weights), sampleResult(of: settings, other))
    let comparison = try #require(ResultComparison(results.0, results.1, weights: (weights, other)))
    #expect(comparison.first == comparison.tensor)
    #expect(comparison.first.place == "tensor a.b, element 1")
    #expect(comparison.first.bits?.ulps == 1 << 22)
  }

  @Test func `parameters that one side lacks are told`() {
    let other = [NamedArray(name: "d", shape: [], values: [1])]
    let comparison = ParameterComparison(weights, other)
    #expect(comparison.count == 2)
    #expect(comparison.differences.map(\.name) == ["a.b", "d"])
    #expect(comparison.differences[0].again == nil && comparison.differences[1].published == nil)
    #expect(ParameterComparison(weights, weights).text == "none of 1 parameters differs")
  }

  @Test func `a memory log that differs is told by record and number`() {
    func log(loss: [Double] = [1, 2], died: [UInt32] = [4, 5, 6], offsets: [Int] = [0, 1, 3]) -> MemoryLog {
      MemoryLog(
        split: "test", count: 2, columns: [.init(name: "loss_nats", values: .float64(loss))],
        lists: [.init(name: "died", offsets: offsets, values: .uint32(died))])
    }
    func difference(_ other: MemoryLog?) -> ResultDifference? {
      firstDifference(result(log()), result(other), weights: nil)
    }
    func result(_ log: MemoryLog?) -> RunResult {
      let sample = sampleResult(of: settings, weights)
      return RunResult(
        run: sample.run, settings: sample.settings, derived: sample.derived, yaml: sample.yaml,
        metrics: sample.metrics, series: sample.series, items: sample.items, counters: sample.counters,
        memoryLog: log, weights: sample.weights)
    }
    #expect(difference(log()) == nil)
    let loss = difference(log(loss: [1, 2.0.nextUp]))
    #expect(loss?.place == "memory_log.test.loss_nats in record 1" && loss?.bits?.ulps == 1)
    let died = difference(log(died: [4, 5, 7]))
    #expect(died?.description == "memory_log.test.died in record 1, number 1: published 6, now 7")
    #expect(difference(log(offsets: [0, 2, 3]))?.place == "how many memory_log.test.died record 0 has")
    #expect(difference(nil)?.description == "the memory log: published present, now absent")
  }
}
