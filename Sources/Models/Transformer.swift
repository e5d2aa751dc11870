package import Networks
package import Tensors

/// The plain Transformer decoder: GPT-2's layout, with no memory of earlier segments (Table 6, first row).
package struct Transformer: SequenceModel {
  package struct Configuration: Codable, Sendable {
    package var layers: Int
    package var heads: Int
    package var width: Int
    /// Width inside the feed-forward network.
    package var innerWidth: Int
    /// Rows of the position table; a segment may not be longer.
    package var positions: Int
    package var dropout: Double
    package var residualInitialization: ResidualInitialization

    package init(
      layers: Int, heads: Int, width: Int, innerWidth: Int, positions: Int, dropout: Double,
      residualInitialization: ResidualInitialization
    ) {
      self.layers = layers
      self.heads = heads
      self.width = width
      self.innerWidth = innerWidth
      self.positions = positions
      self.dropout = dropout
      self.residualInitialization = residualInitialization
    }

    func sizes(vocabulary: Int) -> DecoderSizes {
      DecoderSizes(
        layers: layers, heads: heads, width: width, innerWidth: innerWidth, positions: positions,
        vocabulary: vocabulary, dropout: dropout, residualInitialization: residualInitialization)
    }
  }

  package static let name = "transformer"
  package static let words =
    "Transformer decoder of GPT-2's layout, without memory (Vaswani et al., 2017; Radford et al., 2019)"
  package static let semantics = 1

  package static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint] {
    configuration.sizes(vocabulary: vocabulary).complaints(segmentLength: segmentLength)
  }

  private let decoder: Decoder

  package init(_ configuration: Configuration, vocabulary: Int, in scope: Scope) {
    decoder = Decoder(configuration.sizes(vocabulary: vocabulary), in: scope)
  }

  /// Nothing is remembered, so earlier segments need not be computed.
  package static func reach(of configuration: Configuration) -> Reach { .segments(0) }

  package func emptyMemory(sequences: Int, keepsLog: Bool) {}

  package static func joined(_ memories: [Void]) -> Void? { () }

  package func callAsFunction(_ tokens_BL: [Int32], memory: inout Void, at moment: Moment) -> SegmentOutput {
    let L = tokens_BL.count / moment.examples.count
    return finish(tokens_BL, positions: 0..<L, memory: &memory, at: moment)
  }

  package func remember(_ tokens_BL: [Int32], memory: inout Void, at moment: Moment) {}

  package func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Void, at moment: Moment
  ) -> SegmentOutput {
    SegmentOutput(hidden_BLD: decoder(tokens_BL, positions: positions, at: moment))
  }

  package func logits(of hidden: Tensor) -> Tensor { decoder.logits(of: hidden) }
}
