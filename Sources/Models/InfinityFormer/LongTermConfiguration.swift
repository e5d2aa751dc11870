import Tensors

/// Where a memory is read before it is compressed.
package enum MemorySampling: String, Codable, Sendable, CaseIterable {
  /// More often where attention was.
  case sticky
  /// At equal distances.
  case uniform
}

/// What a segment passes before it is written.
package enum MemoryGate: String, Codable, Sendable, CaseIterable {
  /// Every feature is multiplied by the sigmoid of a convolution of three positions.
  case convolution
  case none
}

/// Which part of the divergence between attention and a prior is learned from.
package enum DivergenceForm: String, Codable, Sendable, CaseIterable {
  case variance
  case meanAndVariance = "mean-and-variance"
}

/// The settings of the ∞-former's long-term memory: the group `infinity_former`.
package struct LongTermConfiguration: Codable, Sendable {
  /// N: how many basis functions a memory is written in.
  package var basisFunctions: Int
  /// At how many places the past is read to be compressed.
  package var samples: Int
  /// σ of the basis functions at every centre.
  package var basisWidths: [Double]
  /// λ of the ridge regression.
  package var ridgePenalty: Double
  /// τ: the part of the line that the past is compressed into.
  package var contraction: Double
  /// The least variance of attention.
  package var varianceFloor: Double
  package var sampling: MemorySampling
  /// Bins in which sticky sampling counts attention.
  package var stickyBins: Int
  package var gate: MemoryGate
  /// Dropout of a segment before it is written.
  package var memoryDropout: Double
  /// Weight of the divergence in the loss; 0 for none.
  package var divergenceWeight: Double
  /// σ₀ and μ₀ of its prior. Without the part of the mean, μ₀ has no meaning.
  package var divergenceDeviation: Double
  package var divergenceMean: Double
  package var divergenceForm: DivergenceForm

  package init(
    basisFunctions: Int, samples: Int, basisWidths: [Double], ridgePenalty: Double, contraction: Double,
    varianceFloor: Double, sampling: MemorySampling, stickyBins: Int, gate: MemoryGate, memoryDropout: Double,
    divergenceWeight: Double, divergenceDeviation: Double, divergenceMean: Double,
    divergenceForm: DivergenceForm
  ) {
    self.basisFunctions = basisFunctions
    self.samples = samples
    self.basisWidths = basisWidths
    self.ridgePenalty = ridgePenalty
    self.contraction = contraction
    self.varianceFloor = varianceFloor
    self.sampling = sampling
    self.stickyBins = stickyBins
    self.gate = gate
    self.memoryDropout = memoryDropout
    self.divergenceWeight = divergenceWeight
    self.divergenceDeviation = divergenceDeviation
    self.divergenceMean = divergenceMean
    self.divergenceForm = divergenceForm
  }

  /// Why these settings are impossible for segments of `segmentLength` tokens.
  func complaints(segmentLength: Int) -> [Complaint] {
    var complaints: [Complaint] = []
    func expect(_ isPossible: Bool, _ key: String, _ value: Any, _ rule: String) {
      if !isPossible { complaints.append(Complaint("infinity_former.\(key)", "is \(value); \(rule)")) }
    }
    // More are a slip of the pen: their matrix has a hundred million numbers.
    let most = 10_000
    expect(
      (2...most).contains(basisFunctions), "basis_functions", basisFunctions, "it must be from 2 to \(most)")
    expect((1...most).contains(samples), "samples", samples, "it must be from 1 to \(most)")
    expect(
      (1...most).contains(stickyBins), "sticky_bins", stickyBins, "it must be from 1 to \(most)")
    expect(
      !basisWidths.isEmpty && basisWidths.allSatisfy { $0 > 0 }, "basis_widths", basisWidths,
      "it must hold a width at least, and all must be above 0")
    expect(ridgePenalty > 0, "ridge_penalty", ridgePenalty, "it must be above 0, or the fit has no solution")
    expect(
      contraction > 0 && contraction < 1, "contraction", contraction,
      "it must be between 0 and 1, both excluded: the past gets this part of the line, the segment the rest")
    expect(Float(varianceFloor) > 0, "variance_floor", varianceFloor, "it must be above 0")
    expect(
      (0..<1).contains(memoryDropout), "memory_dropout", memoryDropout, "it must be at least 0 and below 1")
    expect(divergenceWeight >= 0, "divergence_weight", divergenceWeight, "it must not be negative")
    expect(divergenceDeviation > 0, "divergence_deviation", divergenceDeviation, "it must be above 0")
    guard complaints.isEmpty else { return complaints }
    expect(
      basisFunctions % basisWidths.count == 0, "basis_functions", basisFunctions,
      "it must be a multiple of \(basisWidths.count), the number of basis_widths, which every centre has one of each of"
    )
    // The first fit and every update are padded on both sides alike.
    let twice = "it must be even, because a fit has as much empty space before as after"
    if segmentLength % 2 != 0 {
      // Of which setting of the task the length follows is not known here, so the group stands for the key.
      let sentence =
        "cannot be used with segments of \(segmentLength) tokens: the length of a segment must be even, because a fit"
      complaints.append(Complaint("infinity_former", sentence + " has as much empty space before as after"))
    }
    expect(samples % 2 == 0, "samples", samples, twice)
    return complaints
  }
}
