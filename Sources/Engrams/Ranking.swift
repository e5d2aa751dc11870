import Tensors

/// How near each of `count` engrams is to working memory, by the paper's correlation:
///
///     score_i = log Σ_j exp(−d²_ij)
///
/// It ranks as the mean of exp(−d²) does, which is 0 for every engram once all distances are wide. Each score is a
/// row reduction of its own, so that it has the same bits in whatever company it is computed.
func logarithmicScores(_ vectors_ND: [Float], count: Int, against working_WD: Tensor) -> [Float] {
  guard count > 0 else { return [] }
  let engrams_ND = Tensor([count, working_WD.shape.extents[1]], vectors_ND)
  return squaredDistances(engrams_ND, working_WD).negated().logSumExp().values
}

/// The mean correlation of each of `count` engrams with working memory, as released: exp(−d²) or −d².
func meanScores(_ vectors_ND: [Float], count: Int, against working_WD: Tensor, exponentially: Bool) -> [Float]
{
  guard count > 0 else { return [] }
  let width = working_WD.shape.extents[0]
  let engrams_ND = Tensor([count, working_WD.shape.extents[1]], vectors_ND)
  let negated = squaredDistances(engrams_ND, working_WD).negated().values
  let correlations = exponentially ? exponential(negated) : negated
  return (0..<count).map { row in
    correlations[row * width..<(row + 1) * width].reduce(0, +) / Float(width)
  }
}

/// The places of the `count` largest scores (fewer if there are fewer), ascending; of equals the earlier ones.
package func best(_ count: Int, of scores: [Float]) -> [Int] {
  guard count < scores.count else { return Array(scores.indices) }
  guard count > 0 else { return [] }
  require(
    !scores.contains { $0.isNaN }, "a score of \(scores.count) engrams is not a number: they have no order")
  let last = scores.sorted(by: >)[count - 1]
  var equals = count - scores.count { $0 > last }
  return scores.indices.filter { place in
    if scores[place] == last && equals > 0 {
      equals -= 1
      return true
    }
    return scores[place] > last
  }
}
