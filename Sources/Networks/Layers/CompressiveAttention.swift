package import Tensors

/// What a layer of compressive attention makes of a segment.
package struct CompressivelyAttended {
  /// To be added to the hidden states of the positions that ask [B, R, D].
  package let sum_BRD: Tensor
  /// What the layer leaves to the next segment; nil where it was not asked for.
  package let memory: CompressiveMemory?
  /// How badly the compressed rows stand for those they were made of, a scalar; nil where it was not asked for and where
  /// nothing was compressed.
  package let reconstructionLoss: Tensor?
}

/// Causal attention to a segment and to a memory of earlier ones, whose older rows are compressed (Rae et al., 2020).
///
///     queries of z, keys and values of [C; M; z]      C compressed rows, M recent ones, z the segment
///     s_ij = (q_i · k_j + q_i · P_p) / √K,  p = S - 1 + j - i      S tokens of a full segment, rows of P by head
///     M' = the latest rows of [M; z],  C' = the latest rows of [C; compression of what left M]
///
/// The row of P for a distance depends on how full the memory is: |C| + |M| + i - j = 0 has p = S - 1 + |C| + |M|.
///
/// The loss of reconstruction lets the compression learn, and nothing else:
///
///     loss = mean (a(q, M) - a(q, compression of what left M))²,  a attention by content without dropout or mask
///
/// Queries, rows and the projection to keys and values count as constants in it.
package struct CompressiveAttention {
  private let query: Linear
  private let keyValue: Linear
  private let output: Linear
  private let compression: Compression
  private let dropout: Dropout
  private let heads: Int
  private let sizes: CompressiveConfiguration

  package init(
    _ D: Int, heads: Int, _ sizes: CompressiveConfiguration, dropout rate: Double, in scope: Scope
  ) {
    let start = Initialization.uniform(fanIn: D)
    query = Linear(D, D, weight: start, bias: nil, in: scope["query"])
    keyValue = Linear(D, 2 * D, weight: start, bias: nil, in: scope["key_value"])
    output = Linear(D, D, weight: start, bias: start, in: scope["output"])
    compression = Compression(D, rate: sizes.compressionRate, in: scope["compression"])
    dropout = Dropout(rate, in: scope["dropout"])
    (self.heads, self.sizes) = (heads, sizes)
  }

  /// Attends from z [B, L, D], the normalised input of the layer, which is also what is remembered.
  ///
  /// - asking: The positions whose sum is wanted.
  /// - memory: What the layer reads, left by the segment before.
  /// - position_PD: The relative positions of all layers, heads side by side.
  /// - target: What to reconstruct, by queries of all positions; nil for no loss.
  /// - remembers: Whether a next segment will read what the layer leaves.
  /// - branch: What the sum is added to; nil for the sum itself.
  package func callAsFunction(
    _ z_BLD: Tensor, asking: Range<Int>, memory: CompressiveMemory, position_PD: Tensor,
    target: ReconstructionTarget?, remembers: Bool, onto branch: ResidualBranch? = nil, at moment: Moment
  ) -> CompressivelyAttended {
    // Reconstruction is looked at by all positions.
    let query_BLD = query(target == nil ? z_BLD.positions(asking) : z_BLD)
    let query_BRD = target == nil ? query_BLD : query_BLD.positions(asking)
    let keyValue_BME = keyValue(
      before: memory.parts, z_BLD, isFrozen: sizes.keyValue == .frozen)
    let attention = RelativeAttention(
      heads: heads, scale: scale(z_BLD), past: memory.count + asking.lowerBound, window: nil,
      dropout: dropout.mask(
        at: moment.from(position: asking.lowerBound), heads: heads, columns: sizes.positions))
    let context_BRD = attention(
      contentQuery_BLD: query_BRD, positionQuery_BLD: query_BRD, keyValue_BME: keyValue_BME,
      position_PD: position_PD, first: sizes.segmentLength - 1 - asking.lowerBound)

    var left: (memory: CompressiveMemory, made_BMD: Tensor)?
    if remembers || target != nil { left = step(z_BLD, memory, learns: target != nil) }
    let loss = target.flatMap { target in
      reconstructionLoss(
        query_BLD.detached, left?.made_BMD,
        original_BME: keyValue_BME.detached.positions(
          originals(
            target, keys: keyValue_BME.shape[1], L: z_BLD.shape[1], recent: memory.recent_BMD.shape[1])))
    }
    return CompressivelyAttended(
      sum_BRD: output(context_BRD, onto: branch), memory: left?.memory, reconstructionLoss: loss)
  }

  /// What a segment leaves to the next, where that is all that is wanted of it.
  package func remembered(_ z_BLD: Tensor, memory: CompressiveMemory) -> CompressiveMemory {
    step(z_BLD, memory, learns: false).memory
  }

  /// The memory once a segment has come, and what the compression made for it.
  private func step(_ z_BLD: Tensor, _ memory: CompressiveMemory, learns: Bool) -> (
    memory: CompressiveMemory, made_BMD: Tensor
  ) {
    let pushed = memory.pushed(z_BLD, capacity: sizes.memoryLength)
    let made_BMD = compression(pushed.evicted_BMD, learns: learns)
    let memory = CompressiveMemory(
      recent_BMD: pushed.recent_BMD,
      compressed_BMD: memory.compressed(and: made_BMD, capacity: sizes.compressedLength))
    return (memory, made_BMD)
  }

  private func scale(_ x: Tensor) -> Float { 1 / Float(x.shape.columns / heads).squareRoot() }

  /// Which of all keys the recent memory's are, or are taken to be.
  private func originals(_ target: ReconstructionTarget, keys: Int, L: Int, recent: Int) -> Range<Int> {
    let end =
      switch target {
      case .aligned: keys - L
      case .reference: keys - sizes.segmentLength
      }
    return max(0, end - recent)..<max(0, end)
  }

  /// - made_BMD: What the compression made, the only thing with a gradient.
  /// - original_BME: Keys and values of what it shall stand for; of none, attention is zero.
  private func reconstructionLoss(_ query_BLD: Tensor, _ made_BMD: Tensor?, original_BME: Tensor) -> Tensor? {
    guard let made_BMD, made_BMD.shape[1] > 0 else { return nil }
    let attention = Attention(heads: heads, scale: scale(query_BLD), isCausal: false, dropout: nil)
    let found_BLD = attention(query_BLD: query_BLD, keyValue_BME: keyValue.frozen(made_BMD)).context_BLD
    let difference_BLD =
      original_BME.shape[1] == 0
      ? found_BLD : found_BLD - attention(query_BLD: query_BLD, keyValue_BME: original_BME).context_BLD
    return (difference_BLD * difference_BLD).sum() * (1 / Float(difference_BLD.shape.count))
  }
}
