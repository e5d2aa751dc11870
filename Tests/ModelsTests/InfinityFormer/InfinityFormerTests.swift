import Expectations
import Models
import Networks
import Tensors
import Testing

@Suite struct InfinityFormerTests {
  private func configuration(_ change: (inout LongTermConfiguration) -> Void = { _ in })
    -> LongTermConfiguration
  {
    Specimen.infinityConfiguration(change).infinityFormer
  }

  @Test func `continuous attention has the published numbers`() {
    let basis = BasisFunctions(count: 4, widths: [0.05, 0.1])
    let attention = ContinuousAttention(
      heads: 1, centres: basis.centres.map { Float($0) },
      variances: basis.deviations.map { Float($0 * $0) })
    let identity = Tensor([1, 4, 4], (0..<16).map { $0 % 5 == 0 ? 1 : 0 })
    let expected: [(r: Float, mean: Float, variance: Float)] = [
      (3.599397768e-1, -4.799197023, 23.99598512), (5.139344327e-1, -5.139344327, 17.13114776),
      (4.964030580e-5, 1.544365069e-3, 2.292033873e-2), (6.540503307e-4, 1.526117438e-2, 1.671461956e-1),
    ]
    for (j, truth) in expected.enumerated() {
      let tape = Tape()
      let (mean, variance) = (tape.watch(Tensor([1, 1, 1], [0.3])), tape.watch(Tensor([1, 1, 1], [0.02])))
      let context = attention(mean_BLH: mean, variance_BLH: variance, value_BND: identity)
      let found = context.values[j]
      let r = context.columns(j..<j + 1).sum()
      let gradients = tape.gradients(of: r, for: [mean, variance]).map { $0?.scalar ?? 0 }
      for (value, expected) in [(found, truth.r), (gradients[0], truth.mean), (gradients[1], truth.variance)]
      {
        // Powers near -9, of numbers rounded to a ten-millionth.
        #expect(abs(value / expected - 1) < 1e-5)
      }
    }
  }

  @Test func `the divergence at the start is the published one`() {
    func divergence(_ form: DivergenceForm) -> Float {
      let divergence = Divergence(configuration { ($0.divergenceWeight, $0.divergenceForm) = (1e-6, form) })
      let layer = (
        mean: Tensor([2, 3, 4], repeating: 0.5), variance: Tensor([2, 3, 4], repeating: 0.6931472)
      )
      return divergence?([layer, layer]).scalar ?? 0
    }
    // ½ (v/σ² - log(v/σ²) - 1 + (1.5/σ)²), the last part being 450.
    #expect(abs(divergence(.meanAndVariance) - 5.85317e-4) < 1e-8)
    #expect(abs(divergence(.variance) - 1.35317e-4) < 1e-8)
    #expect(Divergence(configuration()) == nil)
  }

  @Test func `the divergence draws attention to its prior`() {
    let divergence = Divergence(configuration { $0.divergenceWeight = 1 })
    let tape = Tape()
    let (mean, variance) = (
      tape.watch(Tensor([1, 2, 1], [0.5, -1])), tape.watch(Tensor([1, 2, 1], [0.6, 0.0025]))
    )
    let gradients = tape.gradients(
      of: divergence?([(mean, variance)]) ?? Tensor([], [0]), for: [mean, variance]
    ).map { $0?.values ?? [] }
    // Mean of two: (μ - μ₀)/(2 σ²) and (1/σ² - 1/v)/4; nothing at the prior itself.
    #expect(abs(gradients[0][0] - 300) < 1e-3 && gradients[0][1] == 0)
    #expect(abs(gradients[1][0] - (400 - 1 / 0.6) / 4) < 1e-3 && abs(gradients[1][1]) < 1e-3)
  }

  @Test func `the divergence is added where gradients are taken, and changes no output`() {
    let (plain, with) = (
      Specimen.infinityFormer(""), Specimen.infinityFormer("") { $0.divergenceWeight = 0.5 }
    )
    let request = Request(examples: [5, 9], length: 4 * 6)
    #expect(plain.read(request).segments == with.read(request).segments)
    let parameters = Parameters(seed: 3)
    let model = InfinityFormer(
      Specimen.infinityConfiguration { $0.divergenceWeight = 0.5 }, vocabulary: 7, in: parameters.root)
    var memory = model.emptyMemory(sequences: 1, keepsLog: false)
    for segment in 0..<3 {
      let moment = Moment(
        seed: 3, step: 4, segment: segment, segments: 3, segmentLength: 6, examples: [5], isTraining: true)
      let tokens = [Int32](repeating: 2, count: 6)
      var other = memory
      #expect(model(tokens, memory: &other, at: moment).auxiliaryLoss == nil)
      _ = parameters.gradients {
        let output = model(tokens, memory: &memory, at: moment)
        // Nothing is recalled in the first segment.
        #expect((output.auxiliaryLoss == nil) == (segment == 0))
        return output.auxiliaryLoss ?? output.hidden_BLD.sum()
      }
    }
  }

  @Test func `the first segment is the Transformer's, bit for bit`() {
    let request = Request(examples: [5, 9], length: 6)
    let plain = Specimen.all.first { $0.testDescription == "transformer plain" }?.read(request)
    let found = Specimen.infinityFormer("").read(request)
    expectSameBits(
      found.segments[0].logits.flatMap { $0 }, plain?.segments[0].logits.flatMap { $0 } ?? [], "logits")
  }

  @Test func `sampling matters from the third segment on, the gate from the second`() {
    let request = Request(examples: [5], length: 5 * 6)
    func logits(_ change: (inout LongTermConfiguration) -> Void) -> [[Float]] {
      Specimen.infinityFormer("", change).read(request).segments.map { $0.logits[0] }
    }
    func firstDifference(_ one: [[Float]], _ other: [[Float]]) -> Int? {
      zip(one, other).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    }
    let usual = logits { _ in }
    #expect(firstDifference(usual, logits { $0.sampling = .uniform }) == 2)
    #expect(firstDifference(usual, logits { $0.contraction = 0.75 }) == 2)
    #expect(firstDifference(usual, logits { $0.stickyBins = 3 }) == 2)
    #expect(firstDifference(usual, logits { $0.gate = .none }) == 1)
    #expect(firstDifference(usual, logits { $0.memoryDropout = 0 }) == 1)
    #expect(firstDifference(usual, logits { $0.ridgePenalty = 1 }) == 1)
    #expect(firstDifference(usual, logits { $0.basisWidths = [0.1, 0.3] }) == 1)
    #expect(firstDifference(usual, logits { $0.varianceFloor = 0.9 }) == 1)
  }

  @Test func `positions are read where somebody says, once`() {
    let parameters = Parameters(seed: 3)
    let model = InfinityFormer(Specimen.infinityConfiguration(), vocabulary: 7, in: parameters.root)
    func read(_ positions: [Float]?) -> [Tensor] {
      var memory = model.emptyMemory(sequences: 1, keepsLog: false)
      memory.branches = []
      return (0..<4).map { segment in
        let moment = Moment(
          seed: 3, step: 4, segment: segment, segments: 4, segmentLength: 6, examples: [5], isTraining: false)
        if segment == 2, let positions { memory.injectedPositions = [positions, positions] }
        _ = model((0..<6).map { Int32(($0 + segment) % 7) }, memory: &memory, at: moment)
        #expect(memory.injectedPositions == nil && memory.branches?.count == (segment == 0 ? 0 : 2))
        return memory.branches?.last ?? Tensor([], [0])
      }
    }
    let (drawn, left, right) = (read(nil), read([0, 0, 0, 0]), read([0.75, 0.875, 0.9, 0.95]))
    expectSameBits(drawn[1].values, left[1].values)
    #expect(left[2].values != right[2].values)
  }

  @Test(arguments: [4, 64])
  func `drawn samples read the past at the left edges of their bins`(bins: Int) {
    let parameters = Parameters(seed: 3)
    let configuration = Specimen.infinityConfiguration { ($0.samples, $0.stickyBins) = (10, bins) }
    let model = InfinityFormer(configuration, vocabulary: 7, in: parameters.root)
    let other = Parameters(seed: 3)
    let sampling = (0..<2).map {
      StickySampling(
        bins: bins, samples: 10, in: other.root["layers"][$0]["long_term_memory"]["sampling"])
    }
    func read(injecting: Bool) -> [Tensor] {
      var memory = model.emptyMemory(sequences: 2, keepsLog: false)
      for segment in 0..<4 {
        let moment = Moment(
          seed: 3, step: 4, segment: segment, segments: 4, segmentLength: 6, examples: [5, 8],
          isTraining: false)
        if segment > 1 && injecting {
          memory.injectedPositions = zip(sampling, memory.layers).map { sampling, state in
            guard let recalled = state.recalled else { return [] }
            return sampling.drawn(mean: recalled.mean_BLH, variance: recalled.variance_BLH, at: moment).map {
              Float($0) / Float(bins)
            }
          }
        }
        _ = model((0..<12).map { Int32(($0 + segment) % 7) }, memory: &memory, at: moment)
      }
      return memory.layers.compactMap { $0.recalled?.coefficients_BND }
    }
    for (drawn, injected) in zip(read(injecting: false), read(injecting: true)) {
      expectSameBits(drawn.values, injected.values)
    }
  }

  @Test(arguments: [
    ("basis_functions", "is 1; it must be from 2"), ("basis_functions", "is 7; it must be a multiple of 2"),
    ("samples", "is 0; it must be from 1"), ("samples", "is 5; it must be even"),
    ("basis_widths", "is []; it must hold a width"), ("basis_widths", "is [0.1, 0.0]; "),
    ("ridge_penalty", "is 0.0; it must be above 0"), ("contraction", "is 1.0; it must be between 0 and 1"),
    ("contraction", "is 0.0; "), ("variance_floor", "is 0.0; it must be above 0"),
    ("sticky_bins", "is 0; it must be from 1"),
    ("memory_dropout", "is 1.0; it must be at least 0 and below 1"),
    ("divergence_weight", "is -0.1; it must not be negative"),
    ("divergence_deviation", "is 0.0; it must be above 0"),
  ])
  func `impossible settings are refused, with the rule`(key: String, start: String) {
    let broken = configuration { memory in
      func number() -> Double { Double(start.dropFirst(3).prefix { $0 != ";" }) ?? .nan }
      switch key {
      case "basis_functions": memory.basisFunctions = Int(number())
      case "samples": memory.samples = Int(number())
      case "basis_widths": memory.basisWidths = start.hasPrefix("is []") ? [] : [0.1, 0]
      case "ridge_penalty": memory.ridgePenalty = number()
      case "contraction": memory.contraction = number()
      case "variance_floor": memory.varianceFloor = number()
      case "sticky_bins": memory.stickyBins = Int(number())
      case "memory_dropout": memory.memoryDropout = number()
      case "divergence_weight": memory.divergenceWeight = number()
      default: memory.divergenceDeviation = number()
      }
    }
    let found = complaints(broken)
    #expect(found.count == 1 && found.first?.key == "infinity_former.\(key)", "\(found)")
    #expect(found.first?.sentence.hasPrefix(start) == true, "\(found)")
  }

  private func complaints(_ memory: LongTermConfiguration, segmentLength: Int = 6) -> [Complaint] {
    var configuration = Specimen.infinityConfiguration()
    configuration.infinityFormer = memory
    configuration.positions = 8
    return InfinityFormer.complaints(about: configuration, vocabulary: 7, segmentLength: segmentLength)
  }

  @Test func `possible settings are not refused, segments of odd length are`() {
    #expect(complaints(configuration()).isEmpty)
    #expect(complaints(configuration { ($0.basisFunctions, $0.basisWidths) = (2, [0.1]) }).isEmpty)
    let odd = complaints(configuration(), segmentLength: 7)
    #expect(odd.map(\.key) == ["infinity_former"])
    #expect(
      odd.first?.sentence.contains("segments of 7 tokens: the length of a segment must be even") == true)
  }

  @Test func `what the reference never uses is listed`() {
    let unused = InfinityFormer.unusedParameters(of: Specimen.infinityConfiguration(), vocabulary: 7)
    #expect(unused.map(\.count) == [2 * 8 * 8])
    #expect(InfinityFormer.reach(of: Specimen.infinityConfiguration()) == .unbounded)
  }
}
