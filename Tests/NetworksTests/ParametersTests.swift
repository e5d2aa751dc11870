import Expectations
import Networks
import Tensors
import Testing

@Suite struct ParametersTests {
  @Test func `a parameter starts the same whatever else is declared`() {
    let alone = Parameters(seed: 9)
    _ = Linear(3, 4, deviation: 0.1, in: alone.root["b"])
    let among = Parameters(seed: 9)
    _ = Linear(7, 2, deviation: 0.1, in: among.root["a"])
    _ = Dropout(0.1, in: among.root["drop"])
    _ = Linear(3, 4, deviation: 0.1, in: among.root["b"])
    expectSameBits(alone["b.weight"]?.value.values ?? [], among["b.weight"]?.value.values ?? [0])
    #expect(among.all.map(\.path) == ["a.weight", "a.bias", "b.weight", "b.bias"])
    #expect(among.count == 7 * 2 + 2 + 3 * 4 + 4)
  }

  @Test func `other seeds and paths start otherwise`() {
    func start(_ seed: UInt64, _ path: String) -> [Float] {
      let parameters = Parameters(seed: seed)
      return parameters.root.parameter(path, [8], .normal(deviation: 1)).value.values
    }
    #expect(Set([start(1, "a"), start(2, "a"), start(1, "b"), start(1 << 32, "a")]).count == 4)
  }

  @Test func `stored values are taken in place of initial ones`() {
    let parameters = Parameters(seed: 1, stored: ["w": [1, 2], "unused": [3]])
    #expect(parameters.root.parameter("w", [2], .zeros).value.values == [1, 2])
  }

  @Test func `an outline lists and counts what would be learned`() {
    func declare(in scope: Scope) {
      _ = Linear(7, 5, weight: .uniform(bound: 1), bias: nil, in: scope["map"])
      _ = FeedForward(6, 9, .tanh, deviation: 1, outputDeviation: 1, in: scope["layers"][1])
      _ = LayerNorm(4, in: scope["norm"])
    }
    let (real, outline) = (Parameters(seed: 1), Parameters.outline())
    declare(in: real.root)
    declare(in: outline.root)
    #expect(outline.all.map(\.path) == real.all.map(\.path))
    #expect(outline.all.map(\.value.shape) == real.all.map(\.value.shape))
    #expect(outline.count == 7 * 5 + (6 * 9 + 9 + 9 * 6 + 6) + 8 && outline.count == real.count)
  }

  @Test func `an outline refuses what a model refuses`() async {
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let outline = Parameters.outline()
      _ = LayerNorm(1, in: outline.root["a"])
      _ = LayerNorm(1, in: outline.root["a"])
    }
    #expect(text(twice).contains("the parameter a.gain is declared twice"))
  }

  @Test func `gradients come in the order of declaration, nil where there is no path`() {
    let parameters = Parameters(seed: 1)
    let a = parameters.root.parameter("a", [2], .ones)
    let b = parameters.root.parameter("b", [2], .ones)
    let c = parameters.root.parameter("c", [2], .ones)
    let (loss, gradients) = parameters.gradients {
      _ = b.tensor * 2
      return (c.tensor * 3 + a.tensor).sum()
    }
    #expect(loss.scalar == 8 && !loss.isTraced)
    #expect(gradients.count == 3)
    #expect(gradients[0]?.values == [1, 1])
    #expect(gradients[1] == nil)
    #expect(gradients[2]?.values == [3, 3])
  }

  @Test func `a parameter read twice is one parameter`() {
    let parameters = Parameters(seed: 1)
    let a = parameters.root.parameter("a", [1], .ones)
    let (_, gradients) = parameters.gradients { (a.tensor * a.tensor + a.tensor).sum() }
    #expect(gradients[0]?.values == [3])
  }

  @Test func `parameters are constants outside of gradients, and where none are wanted`() {
    let parameters = Parameters(seed: 1)
    let a = parameters.root.parameter("a", [1], .ones)
    #expect(!a.tensor.isTraced)
    let (_, gradients) = parameters.gradients {
      #expect(a.tensor.isTraced)
      let early = parameters.withoutGradient { () -> Tensor in
        #expect(!a.tensor.isTraced)
        return a.tensor * 5
      }
      #expect(!early.isTraced && a.tensor.isTraced)
      return (early * a.tensor).sum()
    }
    #expect(gradients[0]?.values == [5])
    #expect(!a.tensor.isTraced)
    #expect(parameters.withoutGradient { a.tensor.isTraced } == false)
  }

  @Test func `a loss of constants has no gradients`() {
    let parameters = Parameters(seed: 1)
    _ = parameters.root.parameter("a", [1], .ones)
    let (loss, gradients) = parameters.gradients { Tensor([], [4]) }
    #expect(loss.scalar == 4 && gradients.count == 1 && gradients[0] == nil)
  }

  @Test func `paths and sites are declared once`() async {
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameters = Parameters(seed: 1)
      _ = Linear(1, 1, deviation: 1, in: parameters.root["a"])
      _ = Linear(1, 1, deviation: 1, in: parameters.root["a"])
    }
    #expect(text(twice).contains("the parameter a.weight is declared twice"))
    let site = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameters = Parameters(seed: 1)
      _ = Dropout(0.1, in: parameters.root["a"])
      _ = Dropout(0.1, in: parameters.root["a"])
    }
    #expect(text(site).contains("a and a have the same site hash, or are one site twice"))
    // Two words that FNV-1a does not tell apart.
    let collision = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameters = Parameters(seed: 1)
      _ = parameters.root.parameter("costarring", [1], .zeros)
      _ = parameters.root.parameter("liquid", [1], .zeros)
    }
    #expect(text(collision).contains("liquid and costarring have the same site hash"))
  }

  @Test func `wrong uses are told`() async {
    let nested = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameters = Parameters(seed: 1)
      _ = parameters.gradients { parameters.gradients { Tensor([], [0]) }.loss }
    }
    #expect(text(nested).contains("gradients are being taken already"))
    let missing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parameters(seed: 1, stored: [:]).root.parameter("w", [1], .zeros)
    }
    #expect(text(missing).contains("the stored parameters have no w"))
  }

  private func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}
