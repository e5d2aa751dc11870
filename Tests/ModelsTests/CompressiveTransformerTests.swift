import Expectations
import Models
import Networks
import Tensors
import Testing

@Suite struct CompressiveTransformerTests {
  private func sizes(
    segmentLength: Int = 6, memoryLength: Int = 4, compressedLength: Int = 3, compressionRate: Int = 2,
    keyValue: KeyValueLearning = .trainable, auxiliaryWeight: Double = 0
  ) -> CompressiveConfiguration {
    CompressiveConfiguration(
      segmentLength: segmentLength, memoryLength: memoryLength, compressedLength: compressedLength,
      compressionRate: compressionRate, keyValue: keyValue, auxiliaryWeight: auxiliaryWeight,
      auxiliaryTarget: .aligned)
  }

  private func configuration(
    layers: Int = 2, dropout: Double = 0.3, _ sizes: CompressiveConfiguration
  ) -> CompressiveTransformer.Configuration {
    CompressiveTransformer.Configuration(
      layers: layers, heads: 2, width: 8, innerWidth: 12, dropout: dropout, compressiveTransformer: sizes)
  }

  private func moment(_ segment: Int, segmentLength: Int = 6, isTraining: Bool = false) -> Moment {
    Moment(
      seed: 3, step: 1, segment: segment, segments: 8, segmentLength: segmentLength, examples: [0, 1],
      isTraining: isTraining)
  }

  private func tokens(_ segment: Int, length: Int = 6) -> [Int32] {
    (0..<2 * length).map { Int32(($0 * 5 + segment * 3 + $0 / 4) % 7) }
  }

  /// What a change of the memory that layer `number` left shows in: a layer's own rows are made before it attends.
  @Test func `every layer reads what the one above left, and the last what the first did`() {
    let parameters = Parameters(seed: 2)
    let model = CompressiveTransformer(configuration(layers: 3, sizes()), vocabulary: 7, in: parameters.root)
    var before = model.emptyMemory(sequences: 2, keepsLog: false)
    for segment in 0..<2 { _ = model(tokens(segment), memory: &before, at: moment(segment)) }
    var plain = before
    let hidden = model(tokens(2), memory: &plain, at: moment(2)).hidden_BLD.values
    for (number, reader) in [(1, 0), (2, 1), (0, 2)] {
      for isRecent in [true, false] {
        var changed = before
        let old = before.layers[number]
        changed.layers[number] = CompressiveMemory(
          recent_BMD: isRecent ? old.recent_BMD * -1 : old.recent_BMD,
          compressed_BMD: isRecent ? old.compressed_BMD : old.compressed_BMD * -1)
        let found = model(tokens(2), memory: &changed, at: moment(2)).hidden_BLD.values
        #expect(found != hidden, "layer \(number)")
        for layer in 0..<3 {
          let isSame = changed.layers[layer].recent_BMD.values == plain.layers[layer].recent_BMD.values
          #expect(isSame == (layer <= reader), "layer \(layer) after a change of what layer \(number) left")
        }
      }
    }
  }

  /// |M| = S/2 from the first segment on, |C| = S/8, 3 S/8, S/2.
  @Test func `memories fill as published, and then keep their size`() {
    let S = 16
    let parameters = Parameters(seed: 2)
    let model = CompressiveTransformer(
      configuration(
        sizes(segmentLength: S, memoryLength: S / 2, compressedLength: S / 2, compressionRate: 4)),
      vocabulary: 7, in: parameters.root)
    var memory = model.emptyMemory(sequences: 2, keepsLog: false)
    #expect(memory.layers.allSatisfy { joined($0.parts).shape == [2, 0, 8] })
    for (segment, fill) in [S / 8, 3 * S / 8, S / 2, S / 2, S / 2].enumerated() {
      let moment = moment(segment, segmentLength: S)
      _ = model(tokens(segment, length: segment == 4 ? 5 : S), memory: &memory, at: moment)
      for layer in memory.layers {
        #expect(layer.recent_BMD.shape == [2, S / 2, 8])
        #expect(layer.compressed_BMD.shape == [2, fill, 8])
      }
    }
  }

  private struct Trained {
    var hidden: [Float] = []
    var auxiliaryLoss: Float?
    var gradients: [String: [Float]] = [:]
  }

  /// Three segments, the last with the gradients of the sum of its hidden states and what is added.
  private func train(_ sizes: CompressiveConfiguration) -> Trained {
    let parameters = Parameters(seed: 2)
    let model = CompressiveTransformer(configuration(sizes), vocabulary: 7, in: parameters.root)
    var memory = model.emptyMemory(sequences: 2, keepsLog: false)
    for segment in 0..<2 {
      let early = model(tokens(segment), memory: &memory, at: moment(segment, isTraining: true))
      #expect(early.auxiliaryLoss == nil, "a segment without gradients")
    }
    var trained = Trained()
    let (_, gradients) = parameters.gradients {
      var other = memory
      let untraced = parameters.withoutGradient {
        model(tokens(2), memory: &other, at: moment(2, isTraining: true))
      }
      #expect(untraced.auxiliaryLoss == nil, "a segment whose gradients are not wanted")
      let output = model(tokens(2), memory: &memory, at: moment(2, isTraining: true))
      trained.hidden = output.hidden_BLD.values
      trained.auxiliaryLoss = output.auxiliaryLoss?.scalar
      let loss = model.logits(of: output.hidden_BLD).sum()
      return output.auxiliaryLoss.map { loss + $0 } ?? loss
    }
    for (parameter, gradient) in zip(parameters.all, gradients) {
      trained.gradients[parameter.path] = gradient?.values
    }
    return trained
  }

  @Test(arguments: KeyValueLearning.allCases)
  func `the auxiliary loss teaches the compression, and changes nothing else`(keyValue: KeyValueLearning) {
    let without = train(sizes(keyValue: keyValue))
    let (with, twice) = (
      train(sizes(keyValue: keyValue, auxiliaryWeight: 0.5)),
      train(sizes(keyValue: keyValue, auxiliaryWeight: 1))
    )
    #expect(without.auxiliaryLoss == nil)
    #expect((with.auxiliaryLoss ?? 0) > 0 && twice.auxiliaryLoss == with.auxiliaryLoss.map { 2 * $0 })
    expectSameBits(with.hidden, without.hidden, "hidden states")
    for (path, values) in without.gradients { expectSameBits(with.gradients[path] ?? [], values, path) }
    let added = Set(with.gradients.keys).subtracting(without.gradients.keys)
    #expect(
      added.sorted()
        == (0..<2).flatMap { layer in
          ["bias", "weight"].map { "layers.\(layer).attention.compression.\($0)" }
        })
    for path in added {
      expectSameBits((with.gradients[path] ?? []).map { 2 * $0 }, twice.gradients[path] ?? [], path)
    }
  }

  @Test func `freezing keys and values takes their gradient away, and changes nothing else`() {
    let (trainable, frozen) = (train(sizes()), train(sizes(keyValue: .frozen)))
    expectSameBits(frozen.hidden, trainable.hidden, "hidden states")
    for (path, values) in frozen.gradients { expectSameBits(trainable.gradients[path] ?? [], values, path) }
    #expect(
      Set(trainable.gradients.keys).subtracting(frozen.gradients.keys).sorted()
        == (0..<2).map { "layers.\($0).attention.key_value.weight" })
  }

  @Test func `parameters start as the framework's do, embeddings with deviation 1, positions at zero`() {
    let parameters = Parameters(seed: 5)
    let (D, F, rate) = (16, 48, 3)
    _ = CompressiveTransformer(
      CompressiveTransformer.Configuration(
        layers: 1, heads: 2, width: D, innerWidth: F, dropout: 0,
        compressiveTransformer: sizes(memoryLength: 3, compressionRate: rate)),
      vocabulary: 200, in: parameters.root)
    func values(_ path: String) -> [Float] { parameters[path]?.value.values ?? [] }
    for (path, inputs) in [
      ("layers.0.attention.query.weight", D), ("layers.0.attention.key_value.weight", D),
      ("layers.0.attention.output.weight", D), ("layers.0.attention.output.bias", D),
      ("layers.0.attention.compression.weight", rate * D), ("layers.0.attention.compression.bias", rate * D),
      ("layers.0.feed_forward.input.weight", D), ("layers.0.feed_forward.input.bias", D),
      ("layers.0.feed_forward.output.weight", F), ("layers.0.feed_forward.output.bias", F),
      ("head.weight", D), ("head.bias", D),
    ] {
      let bound = 1 / Float(inputs).squareRoot()
      let largest = values(path).reduce(0) { max($0, abs($1)) }
      // The largest of sixteen or more lies below four fifths of the bound in one case of thirty.
      #expect(largest <= bound && largest > 0.7 * bound, "\(path)")
    }
    let embedding = values("embedding.token")
    let variance = embedding.reduce(0) { $0 + Double($1) * Double($1) } / Double(embedding.count)
    // 3200 squares tell their mean to 2.5 %: five of those.
    #expect(abs(variance - 1) < 0.125)
    #expect(values("embedding.relative_position").allSatisfy { $0 == 0 })
    #expect(values("layers.0.attention_norm.gain").allSatisfy { $0 == 1 })
  }

  @Test func `dropout is where the published model has it`() {
    let start = Parameters(seed: 2)
    _ = CompressiveTransformer(configuration(sizes()), vocabulary: 7, in: start.root)
    let values = Dictionary(uniqueKeysWithValues: start.all.map { ($0.path, $0.value.values) })
    /// Hidden states, and what the first layer remembers, where the parts of all layers named have these weights.
    func read(_ changes: [(suffix: String, value: Float)], isTraining: Bool) -> (
      hidden: [Float], first: [Float]
    ) {
      let changed = Dictionary(
        uniqueKeysWithValues: values.map { path, old in
          let value = changes.first { path.hasSuffix($0.suffix) }?.value
          return (path, value.map { [Float](repeating: $0, count: old.count) } ?? old)
        })
      let parameters = Parameters(seed: 2, stored: changed)
      let model = CompressiveTransformer(configuration(sizes()), vocabulary: 7, in: parameters.root)
      var memory = model.emptyMemory(sequences: 2, keepsLog: false)
      let hidden = model(tokens(0), memory: &memory, at: moment(0, isTraining: isTraining)).hidden_BLD.values
      return (hidden, memory.layers[0].recent_BMD.values)
    }
    func differs(_ changes: [(suffix: String, value: Float)]) -> Bool {
      read(changes, isTraining: true).hidden != read(changes, isTraining: false).hidden
    }
    let noAttention: [(String, Float)] = [("attention.output.weight", 0), ("attention.output.bias", 0)]
    let noNetwork: [(String, Float)] = [("feed_forward.output.weight", 0), ("feed_forward.output.bias", 0)]
    expectSameBits(read([], isTraining: true).first, read([], isTraining: false).first, "the embedding")
    #expect(
      differs(noNetwork + [("attention.output.weight", 0), ("attention.output.bias", 1)]), "after attention")
    #expect(differs(noAttention), "after the activation")
    #expect(
      !differs(noAttention + [("feed_forward.output.weight", 0), ("feed_forward.output.bias", 1)]),
      "after the network")
  }
}
