package import Tensors

/// How a segment, and what was written before it, become coefficients of basis functions: maps that depend on sizes
/// alone, made once per model.
///
///     first:   coefficients = Gᵀ X              a segment fills the whole line
///     later:   coefficients = G∞ᵀ (past, X)     samples of the past on its first part, up to τ; the segment on the rest
package struct MemoryFit {
  /// Gᵀ [N, L].
  package let first_NL: Tensor
  /// The part of G∞ᵀ for samples of the past [N, samples], and that for the segment [N, L].
  package let past_NP, segment_NL: Tensor

  package init(
    _ basis: BasisFunctions, segmentLength L: Int, samples P: Int, contraction: Double, penalty: Double
  ) {
    let N = basis.count
    let first = FitPositions(segmentLength: L)
    let fit = RidgeRegression(basis, positions: first.all, penalty: penalty)
    first_NL = Tensor([N, L], fit.columns(first.kept))
    let later = FitPositions(segmentLength: L, samples: P, contraction: contraction)
    let update = RidgeRegression(basis, positions: later.all, penalty: penalty)
    let boundary = later.kept.lowerBound + P
    past_NP = Tensor([N, P], update.columns(later.kept.lowerBound..<boundary))
    segment_NL = Tensor([N, L], update.columns(boundary..<later.kept.upperBound))
  }
}

/// Where a fit has values: on the line from 0 to 1, and zeros around it.
package struct FitPositions {
  package let all: [Double]
  /// Those with values.
  package let kept: Range<Int>

  /// Of the first fit: twice as many as tokens, equally far apart from -1/2 to 3/2; the middle ones have values.
  package init(segmentLength L: Int) {
    all = FitPositions.spaced(margin: 1 / Double(2 * L), count: 2 * L)
    kept = L / 2..<L / 2 + L
  }

  /// Of an update: sample i of P at τ i / P, token i of L at τ + (1 - τ) i / L. Before and after there are those of
  /// 2 (L + P) equally distant positions that lie outside.
  package init(segmentLength L: Int, samples P: Int, contraction τ: Double) {
    let around = FitPositions.spaced(margin: 1 / Double(2 * L + P), count: 2 * (L + P))
    let before = around.filter { $0 < 0 }
    all =
      before + (1...P).map { τ * Double($0) / Double(P) }
      + (1...L).map { τ + (1 - τ) * Double($0) / Double(L) } + around.filter { $0 > 1 }
    kept = before.count..<before.count + P + L
  }

  /// From -1/2 + margin to 3/2 - margin.
  private static func spaced(margin: Double, count: Int) -> [Double] {
    let (start, end) = (-0.5 + margin, 1.5 - margin)
    let step = (end - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? end : start + Double($0) * step }
  }
}
