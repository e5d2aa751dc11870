package import Tensors

/// When and for whom a segment is computed: with it every random number of the computation is addressed.
package struct Moment {
  package let seed: UInt64
  /// Optimizer steps done so far.
  package let step: Int
  /// The segment's number in its sequences, from 0.
  package let segment: Int
  /// Segments of a sequence.
  package let segments: Int
  /// Tokens of a full segment; the last one may be shorter.
  package let segmentLength: Int
  /// The number in the data of every sequence of the batch.
  package let examples: [Int]
  /// Whether dropout is on. Independent of whether gradients are wanted.
  package let isTraining: Bool
  /// The position in its segment of the first row that is computed: 0, unless only some positions are.
  package private(set) var firstPosition = 0

  package init(
    seed: UInt64, step: Int, segment: Int, segments: Int, segmentLength: Int, examples: [Int],
    isTraining: Bool
  ) {
    self.seed = seed
    self.step = step
    self.segment = segment
    self.segments = segments
    self.segmentLength = segmentLength
    self.examples = examples
    self.isTraining = isTraining
  }

  /// The same for rows of hidden states that begin at a later position of the segment.
  package func from(position: Int) -> Moment {
    var moment = self
    moment.firstPosition = position
    return moment
  }

  /// The place of this segment of every sequence among all segments of the data.
  package var origins: [UInt64] { examples.map { UInt64($0 * segments + segment) } }
}

/// Where dropout happens, and how often.
package struct Dropout {
  package let rate: Double
  private let site: UInt32

  /// A dropout named after its place in the model, which is what its random numbers are looked up by.
  package init(_ rate: Double, in scope: Scope) {
    self.rate = rate
    site = scope.site()
  }

  /// What to drop of attention probabilities of `heads` heads over at most `columns` keys; nil for nothing.
  package func mask(at moment: Moment, heads: Int = 1, columns: Int) -> DropoutMask? {
    mask(at: moment, origins: moment.origins, heads: heads, rows: moment.segmentLength, columns: columns)?
      .from(row: moment.firstPosition)
  }

  /// Dropout of hidden states [B, L, D].
  package func callAsFunction(_ x_BLD: Tensor, at moment: Moment) -> Tensor {
    x_BLD.dropout(mask(at: moment, columns: x_BLD.shape.columns))
  }

  /// Hidden states [B, L, D] with what is to be dropped of whatever is added to them: `map(x, onto: branch)`.
  package func branch(of residual_BLD: Tensor, at moment: Moment) -> ResidualBranch {
    ResidualBranch(
      residual: residual_BLD, mask: mask(at: moment, columns: residual_BLD.shape.columns))
  }

  /// Dropout of a table [P, D] that all sequences share, one mask for a segment: it is addressed by the segment's
  /// number without an example, so who else is in the batch does not matter.
  package func callAsFunction(shared table_PD: Tensor, at moment: Moment) -> Tensor {
    let (P, D) = (table_PD.shape.rows, table_PD.shape.columns)
    let mask = self.mask(at: moment, origins: [UInt64(moment.segment)], heads: 1, rows: P, columns: D)
    return table_PD.reshaped([1, P, D]).dropout(mask).reshaped(table_PD.shape)
  }

  private func mask(
    at moment: Moment, origins: [UInt64], heads: Int, rows: Int, columns: Int
  ) -> DropoutMask? {
    guard moment.isTraining && rate > 0 else { return nil }
    return DropoutMask(
      place: Place(seed: moment.seed, purpose: .dropout, site: site, step: UInt32(moment.step)), rate: rate,
      origins: origins, heads: heads, rows: rows, columns: columns)
  }
}
