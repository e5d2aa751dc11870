import Engrams
import Models
import Networks
import Tensors
import Testing

/// The published models' sizes: D = 512, F = 2048, 21 symbols.
@Suite struct ParameterCountTests {
  private typealias Shapes = [(path: String, shape: [Int])]

  private func map(_ path: String, _ inputs: Int, _ outputs: Int) -> Shapes {
    [("\(path).weight", [inputs, outputs]), ("\(path).bias", [outputs])]
  }

  private func norm(_ path: String, _ D: Int) -> Shapes { [("\(path).gain", [D]), ("\(path).bias", [D])] }

  private func transformer(layers: Int, positions: Int) -> Shapes {
    var shapes: Shapes = [("embedding.token", [21, 512]), ("embedding.position", [positions, 512])]
    for layer in 0..<layers {
      let path = "layers.\(layer)"
      shapes += norm("\(path).attention_norm", 512) + map("\(path).attention.input", 512, 3 * 512)
      shapes += map("\(path).attention.output", 512, 512) + norm("\(path).feed_forward_norm", 512)
      shapes += map("\(path).feed_forward.input", 512, 2048) + map("\(path).feed_forward.output", 2048, 512)
    }
    return shapes + norm("final_norm", 512)
  }

  private func memoria(layers: Int) -> Shapes {
    var shapes = transformer(layers: layers, positions: 10_000)
    shapes +=
      [("abstractor.queries", [128, 512])] + map("abstractor.key", 512, 512)
      + map("abstractor.value", 512, 512)
    shapes += map("abstractor.input", 512, 2048) + map("abstractor.output", 2048, 512)
    for layer in 0..<layers {
      let path = "layers.\(layer)"
      shapes += norm("\(path).working_memory_norm", 512) + norm("\(path).reminded_norm", 512)
      shapes += map("\(path).memory_attention.query", 512, 512)
      shapes +=
        map("\(path).memory_attention.key_value", 512, 1024)
        + map("\(path).memory_attention.output", 512, 512)
    }
    return shapes
  }

  private func transformerXL(layers: Int) -> Shapes {
    var shapes: Shapes = [
      ("embedding.token", [21, 512]), ("embedding.projection.weight", [512, 512]),
      ("output.projection.weight", [512, 512]), ("output.bias", [21]),
    ]
    for layer in 0..<layers {
      let path = "layers.\(layer)"
      shapes += [
        ("\(path).attention.query.weight", [512, 512]), ("\(path).attention.key_value.weight", [512, 1024]),
        ("\(path).attention.position.weight", [512, 512]), ("\(path).attention.output.weight", [512, 512]),
        ("\(path).attention.content_bias", [512]), ("\(path).attention.position_bias", [512]),
      ]
      shapes += norm("\(path).attention_norm", 512) + norm("\(path).feed_forward_norm", 512)
      shapes += map("\(path).feed_forward.input", 512, 2048) + map("\(path).feed_forward.output", 2048, 512)
    }
    return shapes
  }

  private func compressiveTransformer(layers: Int, segmentLength S: Int) -> Shapes {
    var shapes: Shapes = [("embedding.token", [21, 512]), ("embedding.relative_position", [2 * S, 512])]
    for layer in 0..<layers {
      let path = "layers.\(layer)"
      shapes += norm("\(path).attention_norm", 512) + norm("\(path).feed_forward_norm", 512)
      shapes += [
        ("\(path).attention.query.weight", [512, 512]), ("\(path).attention.key_value.weight", [512, 1024]),
      ]
      shapes += map("\(path).attention.output", 512, 512) + map("\(path).attention.compression", 4 * 512, 512)
      shapes += map("\(path).feed_forward.input", 512, 2048) + map("\(path).feed_forward.output", 2048, 512)
    }
    return shapes + map("head", 512, 21)
  }

  /// A model takes stored values by path and refuses another count: giving it zeros says the shape of every parameter,
  /// and spares making millions of random numbers.
  private func expect<M: SequenceModel>(
    _: M.Type, _ configuration: M.Configuration, _ shapes: Shapes, count: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var zeros: [String: [Float]] = [:]
    for (path, shape) in shapes { zeros[path] = [Float](repeating: 0, count: shape.reduce(1, *)) }
    let parameters = Parameters(seed: 1, stored: zeros)
    _ = M(configuration, vocabulary: 21, in: parameters.root)
    #expect(parameters.count == count, sourceLocation: sourceLocation)
    #expect(
      parameters.all.map(\.path).sorted() == shapes.map(\.path).sorted(), sourceLocation: sourceLocation)
    for (path, shape) in shapes {
      #expect(parameters[path]?.value.shape.extents == shape, "\(path)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [(4, 13_145_600), (5, 16_297_984)])
  func `the Transformer has the published number of parameters`(layers: Int, count: Int) {
    expect(
      Transformer.self,
      Transformer.Configuration(
        layers: layers, heads: 4, width: 512, innerWidth: 2048, positions: 1024, dropout: 0.1,
        residualInitialization: .plain),
      transformer(layers: layers, positions: 1024), count: count)
  }

  @Test(arguments: [(4, 24_642_560), (5, 28_847_616)])
  func `Memoria has the published number of parameters`(layers: Int, count: Int) {
    expect(
      Memoria.self,
      Memoria.Configuration(
        layers: layers, heads: 4, width: 512, innerWidth: 2048, positions: 10_000, dropout: 0.1,
        residualInitialization: .plain, memory: .longTerm, abstractorActivation: .none,
        memoria: EngramConfiguration(
          behaviour: .paper, order: .text, engrams: 128, remindedShortTerm: 256, remindedLongTerm: 640,
          shortTermCapacity: 512, searchDepth: 10, initialLifespan: 5, lifespanGain: 8)),
      memoria(layers: layers), count: count)
  }

  @Test(arguments: [(4, 20_495_872), (5, 25_485_824)])
  func `∞-former has the published number of parameters, with those that are never used`(
    layers: Int, count: Int
  ) {
    var configuration = Specimen.infinityConfiguration {
      ($0.basisFunctions, $0.samples, $0.basisWidths) = (1024, 1024, [0.005, 0.01])
    }
    (configuration.layers, configuration.heads, configuration.width) = (layers, 4, 512)
    (configuration.innerWidth, configuration.positions) = (2048, 1024)
    var shapes = transformer(layers: layers, positions: 1024)
    for layer in 0..<layers {
      let path = "layers.\(layer).long_term_memory"
      shapes += ["key", "value", "output"].map { ("\(path).\($0).weight", [512, 512]) }
      shapes += [("\(path).mean", [1, 1024]), ("\(path).variance", [1, 1024])]
      shapes += map("\(path).gate", 3 * 512, 512)
    }
    let unused = InfinityFormer.unusedParameters(of: configuration, vocabulary: 21).reduce(0) {
      $0 + $1.count
    }
    #expect(unused == layers * 512 * 512)
    expect(InfinityFormer.self, configuration, shapes, count: count - unused)
  }

  @Test(arguments: [(4, 14_255_126), (5, 17_668_630)])
  func `Transformer-XL has the published number of parameters`(layers: Int, count: Int) {
    let configuration = TransformerXL.Configuration(
      layers: layers, heads: 4, width: 512, innerWidth: 2048, dropout: 0.1,
      transformerXl: .init(
        memoryLength: 1024, clampLength: 1000, headWidth: 128, initialDeviation: 0.02,
        projectionDeviation: 0.01))
    let unused = TransformerXL.unusedParameters(of: configuration, vocabulary: 21).reduce(0) { $0 + $1.count }
    #expect(unused == 66_049)
    expect(TransformerXL.self, configuration, transformerXL(layers: layers), count: count - unused)
  }

  /// The position table is what depends on the segment: 2 S rows. Nothing is unused.
  @Test(arguments: [
    (4, 1024, 17_869_845), (5, 1024, 22_069_781), (4, 512, 17_869_845 - 524_288),
    (4, 256, 17_869_845 - 786_432),
  ])
  func `the Compressive Transformer has the published number of parameters`(
    layers: Int, segmentLength S: Int, count: Int
  ) {
    let configuration = CompressiveTransformer.Configuration(
      layers: layers, heads: 4, width: 512, innerWidth: 2048, dropout: 0.1,
      compressiveTransformer: CompressiveConfiguration(
        segmentLength: S, memoryLength: S / 2, compressedLength: S / 2, compressionRate: 4,
        keyValue: .trainable,
        auxiliaryWeight: 0, auxiliaryTarget: .aligned))
    expect(
      CompressiveTransformer.self, configuration,
      compressiveTransformer(layers: layers, segmentLength: S), count: count)
    #expect(CompressiveTransformer.unusedParameters(of: configuration, vocabulary: 21).isEmpty)
  }

  @Test(arguments: ResidualInitialization.allCases)
  func `projections that end a branch start as the key says`(residual: ResidualInitialization) {
    let parameters = Parameters(seed: 1)
    _ = Transformer(
      Transformer.Configuration(
        layers: 8, heads: 2, width: 32, innerWidth: 64, positions: 4, dropout: 0,
        residualInitialization: residual),
      vocabulary: 5, in: parameters.root)
    func deviation(_ suffix: String) -> Double {
      let values = parameters.all.filter { $0.path.hasSuffix(suffix) }.flatMap { $0.value.values }
      return (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
    }
    let branch = residual == .scaled ? 0.02 / 4 : 0.02
    // Eight layers of at least a thousand numbers tell a deviation to 0.8 %: five of those.
    for suffix in ["attention.output.weight", "feed_forward.output.weight"] {
      #expect(abs(deviation(suffix) / branch - 1) < 0.04)
    }
    for suffix in ["attention.input.weight", "feed_forward.input.weight"] {
      #expect(abs(deviation(suffix) / 0.02 - 1) < 0.04)
    }
  }
}
