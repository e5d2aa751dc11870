import Expectations
import Tensors
import Testing

private struct Elementwise: StatedOperation {
  enum Verb: CaseIterable { case add, subtract, multiply, scale, square }
  let verb: Verb
  let shape: Shape
  var inputs: [Shape] { verb == .scale || verb == .square ? [shape] : [shape, shape] }

  func computed(_ x: [Tensor]) -> Tensor {
    switch verb {
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .scale: x[0] * 0.3
    case .square: x[0] * x[0]
    }
  }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    switch verb {
    case .add: zip(x[0], x[1]).map { $0 + $1 }
    case .subtract: zip(x[0], x[1]).map { $0 - $1 }
    case .multiply: zip(x[0], x[1]).map { $0 * $1 }
    case .scale: x[0].map { S(Float(0.3)) * $0 }
    case .square: x[0].map { $0 * $0 }
    }
  }
}

private struct AddedRow: StatedOperation {
  let shape: Shape
  var inputs: [Shape] { [shape, [shape.columns]] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].adding(row: x[1]) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    x[0].indices.map { x[0][$0] + x[1][$0 % shape.columns] }
  }
}

private struct ChosenRows: StatedOperation {
  let rows: [Bool]
  let columns: Int
  var inputs: [Shape] { [[rows.count, columns], [rows.count, columns]] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].adding(x[1], where: rows) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    x[0].indices.map { rows[$0 / columns] ? x[0][$0] + x[1][$0] : x[0][$0] }
  }
}

@Suite struct ArithmeticTests {
  @Test(arguments: [[1, 1, 1], [2, 3, 5], [3, 90, 17]] as [Shape])
  func `a row is added to every row`(shape: Shape) { expectStated(AddedRow(shape: shape)) }

  @Test(arguments: Elementwise.Verb.allCases, [Shape(arrayLiteral: 1), [3, 5], [2, 3, 17], []])
  fileprivate func `elementwise operations are as stated`(verb: Elementwise.Verb, shape: Shape) {
    expectStated(Elementwise(verb: verb, shape: shape))
  }

  @Test func `elementwise operations are shared out among threads`() {
    // Enough for three threads, and no multiple of anything.
    let (x, y) = (
      Tensor([200_003], plainNoise(200_003, seed: 1)), Tensor([200_003], plainNoise(200_003, seed: 2))
    )
    let outcomes = onEveryProcessor {
      [x + y, x - y, x * y, x * 0.7, x.gelu(.tanh), x.gelu(.exact)].map(\.values)
    }
    for (name, found) in outcomes.dropFirst() {
      for (index, values) in found.enumerated() { expectSameBits(values, outcomes[0].outcome[index], name) }
    }
  }

  @Test(arguments: [[true, false, true], [false, false], [true, true], [false]])
  func `rows that are not chosen pass unchanged`(rows: [Bool]) {
    expectStated(ChosenRows(rows: rows, columns: 7))
  }

  @Test func `a negative zero passes where nothing is added`() {
    let x = Tensor([2, 1], [-0.0, -0.0])
    let z = x.adding(Tensor([2, 1], [0, 0]), where: [false, true])
    expectSameBits(z.values, [-0.0, 0.0])
  }
}
