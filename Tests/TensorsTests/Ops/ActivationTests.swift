import Expectations
import Tensors
import Testing

private struct Activation: StatedOperation {
  enum Kind: CaseIterable { case relu, sigmoid, softplus, floor }
  let kind: Kind
  let shape: Shape
  var inputs: [Shape] { [shape] }

  func computed(_ x: [Tensor]) -> Tensor {
    switch kind {
    case .relu: x[0].relu()
    case .sigmoid: x[0].sigmoid()
    case .softplus: x[0].softplus()
    case .floor: x[0].clamped(atLeast: 0.25)
    }
  }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    x[0].map {
      switch kind {
      case .relu: Statement.relu($0)
      case .sigmoid: Statement.sigmoid($0)
      case .softplus: Statement.softplus($0)
      case .floor: Statement.atLeast(0.25, $0)
      }
    }
  }
}

@Suite struct ActivationTests {
  @Test(arguments: Activation.Kind.allCases, [Shape(arrayLiteral: 1), [3, 13], [2, 5, 7], []])
  fileprivate func `activations are as stated`(kind: Activation.Kind, shape: Shape) {
    expectStated(Activation(kind: kind, shape: shape))
  }

  @Test(arguments: Activation.Kind.allCases)
  fileprivate func `activations of large numbers are shared out among threads`(kind: Activation.Kind) {
    let wide = plainNoise(70_003, seed: 5).map { $0 * 12 }
    let outcomes = onEveryProcessor {
      let tape = Tape()
      let x = tape.watch(Tensor([70_003], wide))
      let y = Activation(kind: kind, shape: x.shape).computed([x])
      return [y.values, tape.gradients(of: y.sum(), for: [x])[0]?.values ?? []]
    }
    let stated: [Float] = Activation(kind: kind, shape: [70_003]).stated([wide])
    for (name, found) in outcomes {
      expectSameBits(found[0], stated, name)
      expectSameBits(found[1], outcomes[0].outcome[1], name)
    }
  }

  @Test func `softplus and the logistic function have known values`() {
    // Computed in double precision elsewhere.
    let x = Tensor([5], [-20, -1, 0, 1, 100])
    let soft: [Float] = [2.0611536e-9, 0.31326169, 0.69314718, 1.3132617, 100]
    let steep: [Float] = [2.0611536e-9, 0.26894142, 0.5, 0.73105858, 1]
    for (found, expected) in zip(x.softplus().values, soft) {
      #expect(abs(found - expected) <= 2 * expected.ulp)
    }
    for (found, expected) in zip(x.sigmoid().values, steep) {
      #expect(abs(found - expected) <= 2 * expected.ulp)
    }
  }

  @Test func `a gradient passes at the floor and not below it`() {
    let tape = Tape()
    let x = tape.watch(Tensor([4], [0.5, 0.49999997, 0.50000006, -1]))
    let y = x.clamped(atLeast: 0.5)
    expectSameBits(y.values, [0.5, 0.5, 0.50000006, 0.5])
    expectSameBits(tape.gradients(of: y.sum(), for: [x])[0]?.values ?? [], [1, 0, 1, 0])
  }

  @Test func `a rectifier passes no gradient at zero`() {
    let tape = Tape()
    let x = tape.watch(Tensor([3], [0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude]))
    let gradient = tape.gradients(of: x.relu().sum(), for: [x])[0]
    expectSameBits(gradient?.values ?? [], [0, 1, 0])
  }

  @Test func `what is broken stays broken`() {
    let x = Tensor([2], [.nan, 1])
    for kind in Activation.Kind.allCases {
      let y = Activation(kind: kind, shape: [2]).computed([x]).values
      #expect(y[0].isNaN && !y[1].isNaN, "\(kind)")
    }
  }
}
