import Expectations
import Testing

@testable import Tensors

@Suite struct KernelTimingTests {
  /// What `body` gives with the timed kernels of a processor, and what they wrote down.
  private func timed<Outcome>(_ processor: Processor, _ body: () -> Outcome) -> (
    outcome: Outcome, recording: KernelTiming.Recording
  ) {
    var outcome: Outcome?
    let recording = KernelTiming(of: processor).recording { outcome = body() }
    return (outcome!, recording)
  }

  private func count(_ kernel: String, _ calls: [KernelCall]) -> Int {
    calls.count { KernelTiming.names[$0.kernel] == kernel }
  }

  private static var x: Tensor { Tensor([70, 60], plainNoise(70 * 60, seed: 1)) }
  private static var weight: Tensor { Tensor([60, 50], plainNoise(60 * 50, seed: 2)) }

  @Test(arguments: InstructionSet.available, [1, 2, 3])
  func `the same bits, and every thread's calls`(set: InstructionSet, threads: Int) {
    let processor = Processor(set, threads: threads)
    func learned() -> [Float] {
      let tape = Tape()
      let weight = tape.watch(Self.weight)
      let y = Self.x.mapped(by: weight)
      return y.values + (tape.gradients(of: y.sum(), for: [weight])[0]?.values ?? [])
    }
    let expected = Processor.$current.withValue(processor, operation: learned)
    let (found, recording) = timed(processor, learned)
    expectSameBits(found, expected, "\(set) on \(threads) threads")
    #expect(recording.calls.count == threads)
    for calls in recording.calls { #expect(count("matmul", calls) == 2) }
    #expect(recording.calls.reduce(0) { $0 + count("sum", $1) } == 1)
    #expect(recording.ticks > 0 && recording.seconds > 0)
    for calls in recording.calls { #expect(calls.reduce(0) { $0 + $1.ticks } <= recording.ticks) }
  }

  @Test func `parts that are computed side by side are timed on the threads that compute them`() {
    let processor = Processor(.best, threads: 3)
    let (_, recording) = timed(processor) {
      var parts = [0, 1, 2]
      Processor.current.separately(&parts) { _ in _ = Self.x.mapped(by: Self.weight) }
    }
    #expect(recording.calls.map { count("matmul", $0) } == [1, 1, 1])
  }

  @Test func `the same work gives the same lists, and another recording begins anew`() {
    let timing = KernelTiming(of: Processor(.best, threads: 2))
    func kernels() -> [[Int]] {
      let recording = timing.recording { _ = Self.x.mapped(by: Self.weight).softmax() }
      return recording.calls.map { $0.map(\.kernel) }
    }
    let once = kernels()
    #expect(once == kernels() && once.contains { !$0.isEmpty })
    #expect(timing.recording {}.calls == [[], []])
  }

  @Test func `outside of recordings nothing is timed`() {
    let timing = KernelTiming(of: Processor(.best, threads: 1))
    _ = timing.recording {}
    _ = Self.x.mapped(by: Self.weight)
    #expect(timing.recording {}.calls == [[]])
  }

  @Test func `nobody records what is being recorded`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let timing = KernelTiming(of: Processor(.best, threads: 1))
      _ = timing.recording { _ = timing.recording {} }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a thread's calls of kernels are being written down for somebody else"))
  }

  /// Operations that are made of products, each forward and back.
  private static let operations: [(name: String, inputs: [Shape], apply: @Sendable ([Tensor]) -> Tensor)] = [
    ("a map", [[70, 60], [60, 50]], { $0[0].mapped(by: $0[1]) }),
    ("a wide map", [[9, 40], [40, 1100]], { $0[0].mapped(by: $0[1]) }),
    ("scores", [[30, 20], [70, 20]], { $0[0].scored(against: $0[1]) }),
    ("a mixture", [[3, 40, 30], [20, 40]], { $0[0].mixed(by: $0[1]) }),
    ("scores of heads", [[3, 50, 12], [3, 1, 12]], { $0[0].headScores(with: $0[1], heads: 3) }),
    (
      "causal attention", [[3, 37, 3 * 12]],
      { Attention(heads: 3, scale: 1, isCausal: true, dropout: nil)(queryKeyValue_BLE: $0[0]) }
    ),
    (
      "causal attention of the last queries", [[3, 37, 3 * 12]],
      {
        Attention(heads: 3, scale: 1, isCausal: true, dropout: nil)(
          queryKeyValue_BLE: $0[0], queries: 29..<37)
      }
    ),
    (
      "attention to what is visible", [[3, 40, 12], [3, 30, 2 * 12]],
      {
        Attention(heads: 3, scale: 1, isCausal: false, dropout: nil)(
          query_BLD: $0[0], keyValue_BME: $0[1], visible: [30, 0, 7]
        ).context_BLD
      }
    ),
    (
      "relative attention", [[5, 20, 12], [5, 20, 12], [5, 33, 2 * 12], [33, 12]],
      {
        RelativeAttention(heads: 3, scale: 1, past: 13, window: nil, dropout: nil)(
          contentQuery_BLD: $0[0], positionQuery_BLD: $0[1], keyValue_BME: $0[2], position_PD: $0[3],
          first: 19)
      }
    ),
    (
      "relative attention in a window", [[5, 20, 12], [5, 20, 12], [5, 33, 2 * 12], [33, 12]],
      {
        RelativeAttention(heads: 3, scale: 1, past: 13, window: 17, dropout: nil)(
          contentQuery_BLD: $0[0], positionQuery_BLD: $0[1], keyValue_BME: $0[2], position_PD: $0[3],
          first: 19)
      }
    ),
    (
      "continuous attention", [[3, 40, 3], [3, 40, 3], [3, 20, 12]],
      {
        ContinuousAttention(
          heads: 3, centres: (0..<20).map { Float($0) / 20 },
          variances: [Float](repeating: 0.01, count: 20))(
            mean_BLH: $0[0], variance_BLH: $0[1].softplus(), value_BND: $0[2])
      }
    ),
  ]

  @Test(arguments: operations.indices, [1, 3])
  func `useful operations of calls add up to those that are counted`(index: Int, threads: Int) {
    let (name, shapes, apply) = Self.operations[index]
    let inputs = shapes.enumerated().map { number, shape in
      Tensor(shape, plainNoise(shape.count, seed: UInt64(number)))
    }
    func learn() {
      let tape = Tape()
      let watched = inputs.map { tape.watch($0) }
      _ = tape.gradients(of: apply(watched).sum(), for: watched)
    }
    let processor = Processor(.best, threads: threads)
    let counted = Processor.$current.withValue(processor) { UsefulOperations.counted(learn) }
    let (_, recording) = timed(processor, learn)
    let found = recording.calls.joined().reduce(0) { $0 + $1.operations }
    #expect(Double(found) == counted && counted > 0, "\(name) on \(threads) threads")
  }
}
