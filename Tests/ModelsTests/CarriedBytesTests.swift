import Engrams
import Models
import Networks
import Tensors
import Testing

@Suite struct CarriedBytesTests {
  /// A model of memories alone: everything that one may be made of.
  private struct Hoarder: SequenceModel {
    struct Configuration: Codable, Sendable {}

    struct Memory {
      var latest_BLD: Tensor?
      var layers: [Tensor] = []
      var seen = 0
      var shares: [Float] = []
      var inner = Inner(weights: [], isFull: false)

      struct Inner {
        var weights: [Double]
        var isFull: Bool
      }
    }

    static let name = "hoarder"
    static let words = "what a memory may be made of"
    static let semantics = 1
    static func complaints(
      about configuration: Configuration, vocabulary: Int, segmentLength: Int
    ) -> [Complaint] { [] }
    static func reach(of configuration: Configuration) -> Reach { .unbounded }

    init(_ configuration: Configuration, vocabulary: Int, in scope: Scope) {}
    func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory { Memory() }
    func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> SegmentOutput {
      fatalError("it reads nothing")
    }
    func logits(of hidden: Tensor) -> Tensor { hidden }
  }

  @Test func `every part of a memory counts, however it is kept`() {
    let model = Hoarder(.init(), vocabulary: 1, in: Parameters(seed: 1).root)
    var memory = model.emptyMemory(sequences: 2, keepsLog: false)
    let empty = model.carriedBytes(of: memory)
    // The count that is always there, and the flag.
    #expect(empty == 8 + 1)
    memory.latest_BLD = Tensor([2, 3], [Float](repeating: 1, count: 6))
    #expect(model.carriedBytes(of: memory) == empty + 24)
    memory.layers = [Tensor([5], [1, 2, 3, 4, 5]), Tensor([1], [0])]
    #expect(model.carriedBytes(of: memory) == empty + 48)
    memory.shares = [1, 2]
    memory.inner.weights = [1, 2, 3]
    #expect(model.carriedBytes(of: memory) == empty + 48 + 8 + 24)
  }

  @Test func `engrams tell their own size, without the log`() {
    func bytes(keepsLog: Bool) -> (carried: Int, association: Int?) {
      let parameters = Parameters(seed: 3)
      let model = Memoria(Specimen.configuration(.longTerm), vocabulary: 7, in: parameters.root)
      var memory = model.emptyMemory(sequences: 2, keepsLog: keepsLog)
      for segment in 0..<5 {
        _ = model(
          [Int32](repeating: 1, count: 12), memory: &memory,
          at: Moment(
            seed: 3, step: 0, segment: segment, segments: 5, segmentLength: 6, examples: [0, 1],
            isTraining: false))
      }
      let carried = model.carriedBytes(of: memory)
      // Hidden states of a segment, and working memory, both of width 8.
      #expect(carried == 2 * (6 * 8 + 2 * 8) * 4 + (memory.engrams?.stateBytes ?? 0))
      return (carried, model.report(of: memory)?.associationBytes)
    }
    #expect(bytes(keepsLog: true) == bytes(keepsLog: false))
    #expect((bytes(keepsLog: false).association ?? 0) > 0)
  }
}
