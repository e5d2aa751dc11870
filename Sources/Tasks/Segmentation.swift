import Tensors

/// Where long sequences are cut: into windows of equal length, the last one shorter.
///
///     | segment 0 | segment 1 |   …   | last |
///     0           S          2S              positions
///
/// Nothing is padded: a short last segment is a smaller tensor, not a masked one.
package struct Segmentation: Sendable, Equatable {
  /// Tokens in a sequence.
  package let positions: Int

  /// S: tokens in a segment, the last excepted.
  package let segmentLength: Int

  /// Both numbers must be at least 1.
  package init(positions: Int, segmentLength: Int) {
    require(positions >= 1, "a sequence of \(positions) tokens cannot be cut: it needs at least 1")
    require(segmentLength >= 1, "segments of \(segmentLength) tokens cannot be cut: they need at least 1")
    self.positions = positions
    self.segmentLength = segmentLength
  }

  /// Segments in a sequence: ⌈positions / S⌉, written so that no sum can overflow.
  package var count: Int { (positions - 1) / segmentLength + 1 }

  /// Tokens in the last segment, 1 … S.
  package var lastLength: Int { positions - (count - 1) * segmentLength }

  /// The positions of one segment.
  package func range(of segment: Int) -> Range<Int> {
    require((0..<count).contains(segment), "there is no segment \(segment) among \(count)")
    let first = segment * segmentLength
    return first..<(first + min(segmentLength, positions - first))
  }

  /// The segment in which a position lies.
  package func segment(holding position: Int) -> Int { position / segmentLength }

  /// Cuts a batch of equally long examples into its segments, in order of reading.
  package func cut(_ examples: [Example]) -> [Segment] {
    for (row, example) in examples.enumerated() {
      require(
        example.tokens.count == positions,
        "example \(row) of the batch has \(example.tokens.count) tokens, but segments are for \(positions)")
    }
    return (0..<count).map { Segment(number: $0, range: range(of: $0), of: examples) }
  }
}

/// One window of a batch: what a model reads at once. Letters as in models: B sequences, L tokens each.
package struct Segment: Sendable, Equatable {
  /// The segment's place in its sequences, from 0.
  package let number: Int

  /// B: sequences in the batch.
  package let rows: Int

  /// L: tokens of each sequence in this segment.
  package let columns: Int

  /// [B, L], row by row.
  package let tokens: [Int32]

  /// [B, L], row by row; `Example.noLabel` where nothing is to be predicted.
  package let labels: [Int32]

  /// How many of the labels are to be predicted.
  package let labelCount: Int

  /// Whether anything is to be predicted here: only such segments are run with gradients.
  package var holdsLabels: Bool { labelCount > 0 }

  init(number: Int, range: Range<Int>, of examples: [Example]) {
    self.number = number
    rows = examples.count
    columns = range.count
    tokens = examples.flatMap { $0.tokens[range] }
    labels = examples.flatMap { $0.labels[range] }
    labelCount = labels.count { $0 != Example.noLabel }
  }
}
