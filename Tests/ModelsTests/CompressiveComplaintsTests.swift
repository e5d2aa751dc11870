import Models
import Networks
import Tensors
import Testing

@Suite struct CompressiveComplaintsTests {
  @Test func `impossible settings are refused with the rule that they break`() {
    func complaints(
      _ change: (inout CompressiveConfiguration) -> Void,
      _ whole: (inout CompressiveTransformer.Configuration) -> Void = { _ in }
    ) -> [String] {
      var sizes = CompressiveConfiguration(
        segmentLength: 6, memoryLength: 4, compressedLength: 3, compressionRate: 2, keyValue: .trainable,
        auxiliaryWeight: 0, auxiliaryTarget: .aligned)
      change(&sizes)
      var configuration = CompressiveTransformer.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, dropout: 0.3, compressiveTransformer: sizes)
      whole(&configuration)
      return CompressiveTransformer.complaints(about: configuration, vocabulary: 7, segmentLength: 6)
        .map { "\($0.key) \($0.sentence)" }
    }
    #expect(complaints { _ in } == [])
    let group = "compressive_transformer"
    #expect(
      complaints { $0.compressionRate = 3 } == [
        "\(group).compression_rate is 3, which does not divide the memory_length of 4: a full memory must make "
          + "whole compressed rows"
      ])
    #expect(
      complaints { $0.memoryLength = 0 } == ["\(group).memory_length is 0; it must be from 1 to 100000"])
    #expect(
      complaints { $0.compressedLength = 0 } == [
        "\(group).compressed_length is 0; it must be from 1 to 100000"
      ])
    #expect(
      complaints { $0.compressionRate = 0 } == ["\(group).compression_rate is 0; it must be from 1 to 100000"]
    )
    #expect(
      complaints { $0.segmentLength = 5 } == [
        "\(group).segment_length is 5, fewer than the 6 tokens of a segment: positions are numbered from it"
      ])
    for weight in [-1, Double.nan, .infinity] {
      #expect(
        complaints { $0.auxiliaryWeight = weight } == [
          "\(group).auxiliary_weight is \(weight); it must not be negative, and 0 means no such loss"
        ])
    }
    #expect(
      complaints({ ($0.memoryLength, $0.compressionRate) = (100_000, 100_000) }, { $0.width = 1000 }) == [
        "\(group).compression_rate is 100000, which with 2 layers of width 1000 makes 200000000000 numbers to learn; "
          + "the most is 8000000000"
      ])
    #expect(complaints({ _ in }, { $0.heads = 3 }) == ["heads is 3, which does not divide the width of 8"])
    #expect(complaints({ _ in }, { $0.dropout = 1 }) == ["dropout is 1.0; it must be at least 0 and below 1"])
  }
}
