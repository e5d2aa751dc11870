import Expectations
import Models
import Networks
import Tensors
import Testing

private func configuration(
  layers: Int = 1, memory: Int, dropout: Double = 0, width: Int = 8
) -> TransformerXL.Configuration {
  TransformerXL.Configuration(
    layers: layers, heads: 2, width: width, innerWidth: 12, dropout: dropout,
    transformerXl: .init(
      memoryLength: memory, clampLength: 100, headWidth: 4, initialDeviation: 0.02, projectionDeviation: 0.01)
  )
}

/// A model of random weights, large enough for everything to show.
private struct Reader {
  let parameters: Parameters
  let model: TransformerXL
  let memoryLength: Int

  init(_ configuration: TransformerXL.Configuration, seed: UInt64 = 5) {
    memoryLength = configuration.transformerXl.memoryLength
    let small = Parameters(seed: seed)
    _ = TransformerXL(configuration, vocabulary: 7, in: small.root)
    var stored: [String: [Float]] = [:]
    for parameter in small.all {
      stored[parameter.path] =
        parameter.path.hasSuffix("gain") ? parameter.value.values : parameter.value.values.map { $0 * 25 }
    }
    parameters = Parameters(seed: seed, stored: stored)
    model = TransformerXL(configuration, vocabulary: 7, in: parameters.root)
  }

  /// Hidden states of the last of several segments of one sequence, by position.
  func read(_ segments: [[Int32]], isTraining: Bool = false, example: Int = 0) -> [[Float]] {
    var memory = model.emptyMemory(sequences: 1, keepsLog: false)
    var hidden: [[Float]] = []
    for (number, tokens) in segments.enumerated() {
      let moment = Moment(
        seed: 5, step: 3, segment: number, segments: segments.count, segmentLength: segments[0].count,
        examples: [example], isTraining: isTraining)
      let output = model(tokens, memory: &memory, at: moment)
      let (_, L, D) = output.hidden_BLD.extents3
      let values = output.hidden_BLD.values
      hidden = (0..<L).map { Array(values[$0 * D..<($0 + 1) * D]) }
    }
    return hidden
  }
}

@Suite struct TransformerXLTests {
  /// Golden numbers of baselines.md, section 6: with one layer, what an output depends on is what its query sees.
  @Test(arguments: [8, 5])
  func `a query sees itself and the seven before, of a memory of eight`(length: Int) {
    let reader = Reader(configuration(memory: 8))
    let first: [Int32] = [0, 1, 2, 3, 4, 5, 6, 0]
    let second = Array([Int32](arrayLiteral: 3, 1, 4, 1, 5, 2, 6, 5).prefix(length))
    let before = reader.read([first, second])
    for column in 0..<8 + length {
      var changed = [first, second]
      let (segment, place) = (column / 8, column % 8)
      changed[segment][place] = (changed[segment][place] + 1) % 7
      let after = reader.read(changed)
      for query in 0..<length {
        let sees = (query + 1...query + 8).contains(column)
        #expect((after[query] != before[query]) == sees, "query \(query), column \(column)")
      }
    }
  }

  @Test func `the memory starts as zeros that are attended to`() {
    // Were it empty, the first token would see itself alone, whatever the memory's length.
    let reader = Reader(configuration(memory: 8))
    let other = Reader(configuration(memory: 2))
    #expect(reader.read([[1, 2, 3]])[0] != other.read([[1, 2, 3]])[0])
    let memory = reader.model.emptyMemory(sequences: 3, keepsLog: false)
    #expect(memory.inputs_BMD.map(\.shape) == [[3, 8, 8]])
    #expect(memory.inputs_BMD[0].values.allSatisfy { $0.bitPattern == 0 })
  }

  @Test(arguments: [3, 6, 9])
  func `each layer remembers what it was given`(memoryLength: Int) {
    let reader = Reader(configuration(layers: 3, memory: memoryLength, dropout: 0.2))
    var memory = reader.model.emptyMemory(sequences: 1, keepsLog: false)
    var kept = memory.inputs_BMD.map(\.values)
    for segment in 0..<3 {
      let moment = Moment(
        seed: 5, step: 3, segment: segment, segments: 3, segmentLength: 6, examples: [4], isTraining: true)
      let tokens = Array([Int32](arrayLiteral: 1, 2, 3, 4, 5, 6).prefix(segment == 2 ? 4 : 6))
      _ = reader.model(tokens, memory: &memory, at: moment)
      let rows = min(tokens.count, memoryLength) * 8
      for layer in 0..<3 {
        let now = memory.inputs_BMD[layer].values
        // What was there moves up by as many rows as came.
        expectSameBits(
          Array(now.dropLast(rows)), Array(kept[layer].suffix(memoryLength * 8 - rows)), "layer \(layer)")
        #expect(Array(now.suffix(rows)) != Array(kept[layer].suffix(rows)))
        #expect(memory.inputs_BMD[layer].shape == [1, memoryLength, 8] && !memory.inputs_BMD[layer].isTraced)
      }
      kept = memory.inputs_BMD.map(\.values)
    }
    // The first layer is given the embedding, so equal tokens leave equal rows but for dropout.
    let still = Reader(configuration(layers: 2, memory: 4))
    var quiet = still.model.emptyMemory(sequences: 1, keepsLog: false)
    let moment = Moment(
      seed: 5, step: 0, segment: 0, segments: 1, segmentLength: 4, examples: [0], isTraining: false)
    _ = still.model([2, 2, 3, 2], memory: &quiet, at: moment)
    let rows = quiet.inputs_BMD[0].values
    expectSameBits(Array(rows[0..<8]), Array(rows[8..<16]))
    #expect(Array(rows[0..<8]) != Array(rows[16..<24]))
  }

  @Test func `the embedding is projected and scaled by the root of the width`() {
    let reader = Reader(configuration(memory: 2))
    var memory = reader.model.emptyMemory(sequences: 1, keepsLog: false)
    let moment = Moment(
      seed: 5, step: 0, segment: 0, segments: 1, segmentLength: 2, examples: [0], isTraining: false)
    _ = reader.model([6, 3], memory: &memory, at: moment)
    let table = reader.parameters["embedding.token"]?.value.values ?? []
    let map = reader.parameters["embedding.projection.weight"]?.value.values ?? []
    let rows = Array(table[6 * 8..<7 * 8]) + Array(table[3 * 8..<4 * 8])
    let projected = Statement.product(rows, map, M: 2, N: 8, K: 8)
    expectSameBits(memory.inputs_BMD[0].values, projected.map { Float(8).squareRoot() * $0 })
  }

  @Test func `scores are of the projected state against the tokens, with a bias`() {
    let reader = Reader(configuration(memory: 2))
    let hidden = plainNoise(3 * 8)
    func stored(_ path: String) -> [Float] { reader.parameters[path]?.value.values ?? [] }
    let projected = Statement.product(hidden, stored("output.projection.weight"), M: 3, N: 8, K: 8)
    let across = Layout(row: 1, column: 8)
    let scores = Statement.product(
      projected, Layout(row: 8), stored("embedding.token"), across, M: 3, N: 7, K: 8)
    expectSameBits(
      reader.model.logits(of: Tensor([3, 8], hidden)).values,
      zip(scores.indices, scores).map { $1 + stored("output.bias")[$0 % 7] })
  }

  @Test func `parameters start as published`() {
    let parameters = Parameters(seed: 1)
    var large = configuration(layers: 6, memory: 4, width: 64)
    large.transformerXl.headWidth = 32
    large.innerWidth = 128
    _ = TransformerXL(large, vocabulary: 50, in: parameters.root)
    func moments(_ suffixes: String...) -> (mean: Double, deviation: Double) {
      let values = parameters.all.filter { parameter in suffixes.contains { parameter.path.hasSuffix($0) } }
        .flatMap { $0.value.values.map { Double($0) } }
      let mean = values.reduce(0, +) / Double(values.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return (mean, square.squareRoot())
    }
    // A deviation is told from n numbers to 1 / √(2n) of itself, a mean to a deviation / √n: allowed are five of those.
    for suffix in [
      "query.weight", "key_value.weight", "attention.position.weight", "attention.output.weight",
      "input.weight",
      "feed_forward.output.weight", "embedding.token",
    ] { #expect(abs(moments(suffix).deviation / 0.02 - 1) < 0.065, "\(suffix)") }
    #expect(abs(moments("content_bias", "position_bias").deviation / 0.02 - 1) < 0.13)
    for suffix in ["embedding.projection.weight", "output.projection.weight"] {
      #expect(abs(moments(suffix).deviation / 0.01 - 1) < 0.06, "\(suffix)")
    }
    let gains = moments("gain")
    #expect(abs(gains.mean - 1) < 0.004 && abs(gains.deviation / 0.02 - 1) < 0.13)
    for parameter in parameters.all where parameter.path.hasSuffix(".bias") {
      #expect(parameter.value.values.allSatisfy { $0 == 0 }, "\(parameter.path)")
    }
  }

  @Test func `positions are dropped out alike for everyone`() {
    let parameters = Parameters(seed: 3)
    let dropout = Dropout(0.5, in: parameters.root["positions"])
    let table = Tensor([6, 4], repeating: 1)
    func dropped(segment: Int, examples: [Int], step: Int = 2, isTraining: Bool = true) -> [Float] {
      dropout(
        shared: table,
        at: Moment(
          seed: 3, step: step, segment: segment, segments: 9, segmentLength: 5, examples: examples,
          isTraining: isTraining)
      ).values
    }
    let one = dropped(segment: 1, examples: [7])
    #expect(Set(one) == [0, 2])
    expectSameBits(dropped(segment: 1, examples: [4, 7, 8]), one)
    #expect(dropped(segment: 2, examples: [7]) != one)
    #expect(dropped(segment: 1, examples: [7], step: 3) != one)
    expectSameBits(dropped(segment: 1, examples: [7], isTraining: false), table.values)
  }

  @Test func `settings that contradict each other are refused, with the rule`() {
    func complaints(_ change: (inout TransformerXL.Configuration) -> Void) -> [String] {
      var changed = configuration(memory: 4)
      change(&changed)
      return TransformerXL.complaints(about: changed, vocabulary: 7, segmentLength: 6).map {
        "\($0.key) \($0.sentence)"
      }
    }
    #expect(complaints { _ in }.isEmpty)
    #expect(complaints { $0.heads = 3 }.isEmpty)
    #expect(
      complaints { $0.transformerXl.memoryLength = 0 } == [
        "transformer_xl.memory_length is 0; it must be from 1 to 10000000"
      ])
    #expect(
      complaints { $0.transformerXl.clampLength = -1 } == [
        "transformer_xl.clamp_length is -1; it must be from 1 to 1000000"
      ])
    #expect(
      complaints {
        $0.transformerXl.headWidth = 0
        $0.layers = 0
      } == [
        "layers is 0; it must be from 1 to 1000",
        "transformer_xl.head_width is 0; it must be from 1 to 100000",
      ])
    // The farthest distance is what the memory reaches back to, or the clamp.
    #expect(complaints { $0.transformerXl.clampLength = 1_000_000 }.isEmpty)
    #expect(complaints { $0.transformerXl.memoryLength = 1_000_000 }.isEmpty)
    #expect(
      complaints {
        $0.transformerXl.memoryLength = 65_538
        $0.transformerXl.clampLength = 70_000
      } == [
        "transformer_xl.clamp_length is 70000, so with a memory of 65538 there are distances up to 65537; "
          + "their sines are computed up to 65536"
      ])
    #expect(complaints { $0.width = 7 } == ["width is 7; sines and cosines of distances need an even one"])
    #expect(complaints { $0.dropout = 1 } == ["dropout is 1.0; it must be at least 0 and below 1"])
    #expect(
      complaints { $0.width = 100_000 }.first?.hasPrefix("width is 100000, which with 1 layers") == true)
  }

  @Test func `its reach is what its layers' windows add up to`() {
    #expect(TransformerXL.reach(of: configuration(layers: 4, memory: 256)) == .tokens(4 * 255))
  }
}
