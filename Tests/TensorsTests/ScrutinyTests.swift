import Glibc
import Tensors
import Testing

@Suite struct ScrutinyTests {
  private func finding(
    _ parameters: [(path: String, value: Tensor)] = [], in body: () -> Void
  ) -> Scrutiny.Finding? {
    Scrutiny.firstNonFinite(parameters: parameters, in: body)
  }

  private let large = Tensor([2, 3], [1, 2, 3, 4, 3e38, 5])

  @Test func `what stays finite gives no finding`() {
    #expect(
      finding {
        let tape = Tape()
        let x = tape.watch(large)
        _ = tape.gradients(of: (x * 1e-36).gelu(.tanh).sum(), for: [x])
      } == nil)
  }

  @Test func `the first number that is not finite is told with its place, not a later one`() {
    let found = finding {
      let y = large * 10
      _ = y.softmax() + y
    }
    #expect(found?.description == "product, forward, [2, 3], element 4 = inf")
    #expect(found?.shape == [2, 3] && found?.element == 4 && found?.value == .infinity)
  }

  @Test func `the parameter that an operation read is told, or the last one before`() {
    let (gain, bias) = (Tensor([3], [1, .nan, 1]), Tensor([3], [0, 0, 0]))
    let parameters = [("norm.gain", gain), ("norm.bias", bias)]
    let read = finding(parameters) { _ = large.layerNorm(gain: gain, bias: bias, epsilon: 1) }
    #expect(read?.description == "layer norm, norm.gain, forward, [2, 3], element 1 = NaN")
    let later = finding(parameters) {
      _ = large.adding(row: bias)
      Scrutiny.note("segment 3")
      _ = (large + large).relu()
    }
    #expect(later?.description == "sum, after norm.bias, forward, [2, 3], element 4 = inf (segment 3)")
  }

  @Test func `a way back is told as such, under the name of its operation`() {
    let weight = Tensor([1], [1])
    let found = finding([("weight", weight)]) {
      let tape = Tape()
      let w = tape.watch(weight)
      // The logarithm of 2⁻¹³⁰ is finite, and 2¹³⁰ is not.
      let y = (w * Tensor([1], [0x1p-130])).logarithm()
      _ = tape.gradients(of: (y * 2).sum(), for: [w])
    }
    #expect(found?.description == "logarithm, after weight, backward, [1], element 0 = inf")
  }

  @Test func `gradients of one tensor that overflow when they are added are found`() {
    let found = finding {
      let tape = Tape()
      let x = tape.watch(Tensor([1], [0.1]))
      let (a, b) = (x * 3e38, x * 3e38)
      _ = tape.gradients(of: (a * 0.5 - b * -0.5).sum() * 1.5, for: [x])
    }
    #expect(found?.isBackward == true && found?.operation == "product" && found?.value == .infinity)
  }

  @Test func `what is computed without a record is seen too`() {
    let found = finding { _ = squaredDistances(large, large * -1) }
    #expect(found?.description == "squared distances, forward, [2, 2], element 1 = inf")
    #expect(finding { _ = Tensor([2], [0, -.infinity]) }?.operation == "constant")
  }

  @Test func `operations go by their names`() {
    let bad = Tensor([1, 2, 6], [0, 0, 0, 0, 0, .nan, 0, 0, 0, 0, 0, 0])
    let table = Tensor([1, 2], [.nan, 1])
    let attention = Attention(heads: 1, scale: 1, isCausal: false, dropout: nil)
    let names = [
      "mapped": { _ = bad.mapped(by: Tensor([6, 2], repeating: 1), bias: Tensor([2], repeating: 1)) },
      "scored": { _ = bad.scored(against: Tensor([4, 6], repeating: 1)) },
      "attention": { _ = attention(queryKeyValue_BLE: bad) },
      "softmax": { _ = bad.softmax() }, "gelu": { _ = bad.gelu(.exact) },
      "lookup": { _ = table.lookup([0], leading: [1]) },
      "cross entropy": { _ = table.crossEntropy(labels: [0], weights: [1]) },
    ]
    for (name, body) in names { #expect(finding(in: body)?.operation == name, "\(name)") }
  }

  @Test func `scrutiny is of its own extent`() {
    _ = finding {}
    let outside = finding {
      let inner = finding { _ = large * 10 }
      #expect(inner != nil)
    }
    #expect(outside == nil)
  }

  @Test func `another rounding is noticed`() async {
    requireStandardFloatingPoint()
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      fesetround(FE_UPWARD)
      requireStandardFloatingPoint()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a thread's floating-point environment was changed"))
  }
}
