import Networks
package import Tensors

/// What one layer carries from one segment to the next: constants.
package struct LongTermState {
  /// The block's input in the previous segment [B, L, D], which is written next.
  package let input_BLD: Tensor
  /// How everything before it was written [B, N, D], and how it was attended to [B, L, H]; nil before the second segment.
  package let recalled: Recalled?

  init(input_BLD: Tensor, recalled: Recalled?) { (self.input_BLD, self.recalled) = (input_BLD, recalled) }

  /// Those of several batches, which have read as many segments, as one.
  init(joining states: [LongTermState]) {
    let recalled = states.compactMap(\.recalled)
    self.init(
      input_BLD: stacked(states.map(\.input_BLD)),
      recalled: recalled.isEmpty
        ? nil
        : Recalled(
          coefficients_BND: stacked(recalled.map(\.coefficients_BND)),
          mean_BLH: stacked(recalled.map(\.mean_BLH)),
          variance_BLH: stacked(recalled.map(\.variance_BLH))))
  }

  package struct Recalled {
    package let coefficients_BND: Tensor
    package let mean_BLH, variance_BLH: Tensor

    /// The same by some positions alone.
    func positions(_ range: Range<Int>) -> Recalled {
      Recalled(
        coefficients_BND: coefficients_BND, mean_BLH: mean_BLH.positions(range),
        variance_BLH: variance_BLH.positions(range))
    }

    /// The same as constants.
    var detached: Recalled {
      Recalled(
        coefficients_BND: coefficients_BND.detached, mean_BLH: mean_BLH.detached,
        variance_BLH: variance_BLH.detached)
    }
  }
}

/// Continuous attention of one layer to everything before a segment (Martins et al., 2022): memory is a function on the
/// line from 0 to 1, held as coefficients B of basis functions.
///
///     X = dropout of the previous segment's block input,  X ⊙ sigmoid(convolution X)
///     B = Gᵀ X in the second segment,  G∞ᵀ (Ψ(samples) B, X) later
///     s_ij = q_i · (B_j W_k) / √K                            q: the queries of self-attention
///     μ_i = sigmoid(Σ_j a_j s_ij),  v_i = max(softplus(Σ_j b_j s_ij), floor)
///     c_i = Σ_j N(μ_i; c_j, v_i + σ_j²) B_j W_v,  the heads' side by side times W_o
///
/// The scores are linear in B, so that a and b mix the basis functions before W_k and no score is ever written.
/// Gradients flow into B of this segment: to the gate, to W_k and to W_v.
struct LongTermMemory {
  private let key, value, output: Linear
  private let mean_1N, variance_1N: Parameter
  private let gate: Linear?
  private let dropout: Dropout
  private let sampling: StickySampling
  private let configuration: LongTermConfiguration
  private let constants: LongTermConstants

  init(
    _ configuration: LongTermConfiguration, _ constants: LongTermConstants, width D: Int, deviation: Double,
    in scope: Scope
  ) {
    func map(_ name: String) -> Linear {
      Linear(D, D, weight: .normal(deviation: deviation), bias: nil, in: scope[name])
    }
    (key, value, output) = (map("key"), map("value"), map("output"))
    let N = configuration.basisFunctions
    mean_1N = scope.parameter("mean", [1, N], .normal(deviation: deviation))
    variance_1N = scope.parameter("variance", [1, N], .normal(deviation: deviation))
    let bound = 1 / Double(3 * D).squareRoot()
    gate =
      configuration.gate == .none
      ? nil
      : Linear(3 * D, D, weight: .uniform(bound: bound), bias: .uniform(bound: bound), in: scope["gate"])
    dropout = Dropout(configuration.memoryDropout, in: scope["dropout"])
    sampling = StickySampling(
      bins: configuration.stickyBins, samples: configuration.samples, in: scope["sampling"])
    (self.configuration, self.constants) = (configuration, constants)
  }

  /// Everything before a segment, and how its queries [B, L, D] attend to it, with gradients where those are taken.
  ///
  /// - injected: Positions [B · samples] to read the past at, in place of those that sampling gives.
  func recalled(
    by query_BLD: Tensor, after state: LongTermState, injected: [Float]?, at moment: Moment
  ) -> LongTermState.Recalled {
    let coefficients_BND = written(state, injected, at: moment)
    let heads = constants.heads
    let scale = 1 / Float(query_BLD.shape.columns / heads).squareRoot()
    func scores(_ weight_1N: Parameter) -> Tensor {
      query_BLD.headScores(with: key(coefficients_BND.mixed(by: weight_1N.tensor)), heads: heads) * scale
    }
    let mean_BLH = scores(mean_1N).sigmoid()
    let variance_BLH = scores(variance_1N).softplus().clamped(atLeast: Float(configuration.varianceFloor))
    return .init(coefficients_BND: coefficients_BND, mean_BLH: mean_BLH, variance_BLH: variance_BLH)
  }

  /// What the memory adds to the self-attention of those who attend to it so [B, R, D].
  func branch(of recalled: LongTermState.Recalled) -> Tensor {
    output(
      constants.attention(
        mean_BLH: recalled.mean_BLH, variance_BLH: recalled.variance_BLH,
        value_BND: value(recalled.coefficients_BND)))
  }

  /// B of everything before this segment [B, N, D].
  private func written(_ state: LongTermState, _ injected: [Float]?, at moment: Moment) -> Tensor {
    let L = moment.segmentLength
    require(
      state.input_BLD.shape[1] == L,
      "a segment of \(state.input_BLD.shape[1]) tokens cannot be remembered where segments have \(L)")
    var signal_BLD = dropout(state.input_BLD, at: moment)
    if let gate { signal_BLD = signal_BLD * gate(signal_BLD.withNeighbours()).sigmoid() }
    let fit = constants.fit(segmentLength: L)
    guard let past = state.recalled else { return signal_BLD.mixed(by: fit.first_NL) }
    return signal_BLD.mixed(by: fit.segment_NL) + samples(past, injected, at: moment).mixed(by: fit.past_NP)
  }

  /// What the past was at the samples, Ψ(samples) B: [B, P, D].
  private func samples(_ past: LongTermState.Recalled, _ injected: [Float]?, at moment: Moment) -> Tensor {
    let past_BND = past.coefficients_BND
    let (B, P, D) = (past_BND.shape[0], configuration.samples, past_BND.shape[2])
    if let injected {
      require(injected.count == B * P, "\(injected.count) positions are not \(P) for \(B) sequences")
      let densities = constants.basis.densities(at: injected.map { Double($0) })
      return past_BND.mixed(by: densities.reshaped([B, P, constants.basis.count]))
    }
    if configuration.sampling == .uniform { return past_BND.mixed(by: constants.uniformDensities) }
    let bins = sampling.drawn(mean: past.mean_BLH, variance: past.variance_BLH, at: moment)
    let densities = constants.edgeDensities(of: sampling)
    guard P > sampling.bins else { return past_BND.mixed(by: densities.lookup(bins, leading: [B, P])) }
    // Many samples have few edges: the past is read at each edge once. The bits are the same.
    let rows = bins.enumerated().map { Int32($0 / P * sampling.bins) + $1 }
    return past_BND.mixed(by: densities).reshaped([B * sampling.bins, D]).lookup(rows, leading: [B, P])
  }
}
