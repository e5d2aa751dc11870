import Models
import Networks
import Tensors

/// `infinity-*.h5`: the ∞-former that Memoria was compared with, what it remembered and how it looked at that in every
/// segment. The places at which the reference read its past are injected.
enum InfinityFormerOracle: Oracle {
  static func replays(_ file: OracleFile) -> Bool { file.model == InfinityFormer.name }

  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison {
    let configuration = try configuration(file)
    let replay = try SegmentReplay<InfinityFormer>(
      file, configuration, names: infinityFormerNames(layers: configuration.layers))
    func inject(_ segment: Int, _ memory: inout InfinityFormer.Memory) throws(OracleError) {
      memory.branches = []
      guard segment > 0, file.has("\(path(segment, 0))/sampled_positions") else { return }
      var positions: [[Float]] = []
      for layer in 0..<configuration.layers {
        positions.append(try file.doubles("\(path(segment, layer))/sampled_positions").map { Float($0) })
      }
      memory.injectedPositions = positions
    }
    var before: [LongTermState] = []
    var comparison = try replay.run(
      before: inject,
      after: { segment, memory, comparison throws(OracleError) in
        for (layer, state) in memory.layers.enumerated() {
          let place = Place(path: path(segment, layer), words: "segment \(segment), layer \(layer)")
          try compare(file, place, state, memory.branches?.dropFirst(layer).first, &comparison)
          if !before.isEmpty {
            try compareSampling(file, place, before[layer], configuration.infinityFormer, &comparison)
          }
        }
        before = memory.layers
        try compareDivergence(file, segment, memory, configuration.infinityFormer, &comparison)
      })
    try compareConstants(file, configuration.infinityFormer, replay.segmentLength, &comparison)
    comparison.add(try replay.run(total: "with_kl", before: inject))
    return comparison
  }

  private struct Place {
    let path, words: String
  }

  private static func path(_ segment: Int, _ layer: Int) -> String {
    "segments/\(segment)/memory/layer_\(layer)"
  }

  private static func configuration(_ file: OracleFile) throws(OracleError) -> InfinityFormer.Configuration {
    let host = try TransformerOracle.configuration(file)
    let mean = try file.setting("mu_0")
    return InfinityFormer.Configuration(
      layers: host.layers, heads: host.heads, width: host.width, innerWidth: host.innerWidth,
      positions: host.positions, dropout: 0, residualInitialization: .plain,
      infinityFormer: LongTermConfiguration(
        basisFunctions: try file.integer("num_basis"), samples: try file.integer("num_samples"),
        basisWidths: try file.list("basis_widths"), ridgePenalty: 0.5, contraction: try file.setting("tau"),
        varianceFloor: 1e-4,
        sampling: try file.setting("use_sticky_memories") == 0 ? .uniform : .sticky, stickyBins: 128,
        gate: file.text("config")?.contains("\"cnn\"") == true ? .convolution : .none, memoryDropout: 0,
        divergenceWeight: try file.setting("kl_lambda"), divergenceDeviation: try file.setting("sigma_0"),
        divergenceMean: mean, divergenceForm: mean > 0 ? .variance : .meanAndVariance))
  }

  private static func compare(
    _ file: OracleFile, _ place: Place, _ state: LongTermState, _ branch: Tensor?,
    _ comparison: inout Comparison
  ) throws(OracleError) {
    func compare(_ name: String, _ found: [Float]) throws(OracleError) {
      comparison.compare(
        name, found, try file.doubles("\(place.path)/\(name)"), tolerance: 1e-4, at: place.words)
    }
    try compare("stored_input", state.input_BLD.values)
    guard let recalled = state.recalled else { return }
    try compare("basis_coefficients", recalled.coefficients_BND.values)
    try compare("attention_mean", byHead(recalled.mean_BLH))
    try compare("attention_variance", byHead(recalled.variance_BLH))
    if let branch { try compare("branch_output", branch.values) }
  }

  /// The numbers of [B, L, H] in the order of [B, H, L].
  private static func byHead(_ tensor_BLH: Tensor) -> [Float] {
    let (B, L, H) = tensor_BLH.extents3
    let values = tensor_BLH.values
    return (0..<B * H).flatMap { row in
      (0..<L).map { values[(row / H * L + $0) * H + row % H] }
    }
  }

  private static func compareSampling(
    _ file: OracleFile, _ place: Place, _ before: LongTermState, _ configuration: LongTermConfiguration,
    _ comparison: inout Comparison
  ) throws(OracleError) {
    guard let recalled = before.recalled, file.has("\(place.path)/bin_probabilities") else { return }
    let sampling = StickySampling(
      bins: configuration.stickyBins, samples: configuration.samples, in: Parameters(seed: 0).root["sampling"]
    )
    let found = sampling.probabilities(mean: recalled.mean_BLH, variance: recalled.variance_BLH)
    comparison.compare(
      "bin_probabilities", found.joined().map { Float($0) },
      try file.doubles("\(place.path)/bin_probabilities"), tolerance: 1e-5, at: place.words)
  }

  private static func compareDivergence(
    _ file: OracleFile, _ segment: Int, _ memory: InfinityFormer.Memory,
    _ configuration: LongTermConfiguration, _ comparison: inout Comparison
  ) throws(OracleError) {
    let attention = memory.layers.compactMap(\.recalled).map {
      (mean: $0.mean_BLH, variance: $0.variance_BLH)
    }
    guard !attention.isEmpty, let divergence = Divergence(configuration) else { return }
    comparison.compare(
      "kl_term", [divergence(attention).scalar], try file.doubles("segments/\(segment)/kl_term"),
      tolerance: 1e-5, at: "segment \(segment)")
  }

  /// What follows from sizes: numbers below 1, rounded once.
  private static func compareConstants(
    _ file: OracleFile, _ configuration: LongTermConfiguration, _ segmentLength: Int,
    _ comparison: inout Comparison
  ) throws(OracleError) {
    let basis = BasisFunctions(count: configuration.basisFunctions, widths: configuration.basisWidths)
    let fit = MemoryFit(
      basis, segmentLength: segmentLength, samples: configuration.samples,
      contraction: configuration.contraction, penalty: configuration.ridgePenalty)
    for (name, found) in [
      ("basis_centres", basis.centres.map { Float($0) }),
      ("basis_deviations", basis.deviations.map { Float($0) }),
      ("first_fit_operator", transposed(fit.first_NL)),
      ("update_operator", transposed(fit.past_NP) + transposed(fit.segment_NL)),
    ] {
      comparison.compare(
        name, found, try file.doubles("constants/\(name)"), tolerance: 1e-7, at: "constants")
    }
  }

  private static func transposed(_ matrix: Tensor) -> [Float] {
    let values = matrix.values
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
  }
}
