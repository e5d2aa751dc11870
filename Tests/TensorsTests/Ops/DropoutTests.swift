import Expectations
import Tensors
import Testing

private let place = Place(seed: 5, purpose: .dropout, site: siteHash("here"), step: 3)

/// What dropout multiplies an element by, by the address that the design gives it.
private func factor(
  _ mask: DropoutMask, origin: UInt64, head: Int = 0, row: Int, column: Int
) -> Float {
  let rows = origin * UInt64(mask.heads) + UInt64(head)
  let element = (rows * UInt64(mask.rows) + UInt64(row)) * UInt64(mask.columns) + UInt64(column)
  let word = Statement.word(element, seed: 5, purpose: 2, site: siteHash("here"), step: 3)
  return Double(word) < ((1 - mask.rate) * 0x1p32).rounded(.down) ? Float(1 / (1 - mask.rate)) : 0
}

private struct Dropped: StatedOperation {
  let mask: DropoutMask
  let L: Int
  var inputs: [Shape] { [[mask.origins.count, L, mask.columns]] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].dropout(mask) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    x[0].indices.map { index in
      let (b, row) = (index / (L * mask.columns), index / mask.columns % L)
      let factor = factor(mask, origin: mask.origins[b], row: row, column: index % mask.columns)
      return factor == 0 ? 0 : S(factor) * x[0][index]
    }
  }
}

@Suite struct DropoutTests {
  @Test(arguments: [0.1, 0.5, 0.9])
  func `dropout is as stated`(rate: Double) {
    let mask = DropoutMask(place: place, rate: rate, origins: [7, 1 << 30], rows: 6, columns: 5)
    expectStated(Dropped(mask: mask, L: 6))
    expectStated(Dropped(mask: mask, L: 3))
    expectStated(
      Dropped(mask: DropoutMask(place: place, rate: rate, origins: [3], rows: 1, columns: 70), L: 1))
  }

  @Test func `no mask is no dropout`() {
    let x = Tensor([1, 2, 3], plainNoise(6))
    expectSameBits(x.dropout(nil).values, x.values)
  }

  @Test func `a row alone is dropped like the row in a batch`() {
    let x = plainNoise(3 * 4 * 6)
    func dropped(_ origins: [UInt64], _ values: [Float]) -> [Float] {
      Tensor([origins.count, 4, 6], values)
        .dropout(DropoutMask(place: place, rate: 0.4, origins: origins, rows: 4, columns: 6)).values
    }
    let batch = dropped([9, 2, 40], x)
    for (row, origin) in [9, 2, 40].enumerated() {
      let part = row * 24..<(row + 1) * 24
      expectSameBits(dropped([UInt64(origin)], Array(x[part])), Array(batch[part]))
    }
  }

  @Test func `a shorter segment is dropped like the beginning of a full one`() {
    let x = plainNoise(4 * 6)
    let mask = DropoutMask(place: place, rate: 0.4, origins: [9], rows: 4, columns: 6)
    let full = Tensor([1, 4, 6], x).dropout(mask).values
    let short = Tensor([1, 2, 6], Array(x.prefix(12))).dropout(mask).values
    expectSameBits(short, Array(full.prefix(12)))
  }

  @Test func `rows from some row on are dropped like those of the whole`() {
    let x = plainNoise(4 * 6)
    let mask = DropoutMask(place: place, rate: 0.4, origins: [9], rows: 4, columns: 6)
    let full = Tensor([1, 4, 6], x).dropout(mask).values
    for first in 0..<4 {
      let rest = Tensor([1, 4 - first, 6], Array(x.suffix((4 - first) * 6))).dropout(mask.from(row: first))
      expectSameBits(rest.values, Array(full.suffix((4 - first) * 6)))
    }
  }

  @Test func `masks do not depend on the width that a batch is padded to`() {
    let mask = DropoutMask(place: place, rate: 0.4, origins: [9], heads: 2, rows: 3, columns: 10)
    func dropped(_ keys: Int) -> [Float] {
      Tensor([1, 2, 3, keys], repeating: 1).droppedProbabilities(mask).values
    }
    let wide = dropped(10)
    for keys in [1, 4, 9] {
      let expected = wide.indices.filter { $0 % 10 < keys }.map { wide[$0] }
      expectSameBits(dropped(keys), expected)
    }
  }

  @Test func `dropped probabilities are those that attention computes with`() {
    let mask = DropoutMask(place: place, rate: 0.4, origins: [4, 9], heads: 2, rows: 3, columns: 10)
    let found = Tensor([2, 2, 3, 7], repeating: 1).droppedProbabilities(mask).values
    for index in found.indices {
      let (b, h, row, column) = (index / 42, index / 21 % 2, index / 7 % 3, index % 7)
      #expect(found[index] == factor(mask, origin: mask.origins[b], head: h, row: row, column: column))
    }
  }

  @Test(arguments: [0.1, 0.25, 0.5])
  func `as many are dropped as the rate says`(rate: Double) {
    let count = 200_000
    let mask = DropoutMask(place: place, rate: rate, origins: [1], rows: 400, columns: 500)
    let zeros = Tensor([1, 400, 500], repeating: 1).dropout(mask).values.count { $0 == 0 }
    // Five standard deviations of a binomial distribution.
    let deviation = (Double(count) * rate * (1 - rate)).squareRoot()
    #expect(abs(Double(zeros) - Double(count) * rate) < 5 * deviation)
  }

  @Test func `other steps, sites and sequences have other masks`() {
    func mask(_ site: String, _ step: UInt32, _ origin: UInt64) -> [Float] {
      let place = Place(seed: 5, purpose: .dropout, site: siteHash(site), step: step)
      let mask = DropoutMask(place: place, rate: 0.5, origins: [origin], rows: 8, columns: 8)
      return Tensor([1, 8, 8], repeating: 1).dropout(mask).values
    }
    let masks = [mask("a", 0, 0), mask("b", 0, 0), mask("a", 1, 0), mask("a", 0, 1)]
    #expect(Set(masks).count == 4)
  }

  @Test func `the smallest rates leave everything`() {
    let mask = DropoutMask(place: place, rate: 1e-300, origins: [1], rows: 2, columns: 2)
    let x = Tensor([1, 2, 2], plainNoise(4))
    expectSameBits(x.dropout(mask).values, x.values)
  }

  @Test func `large batches are shared out among threads`() {
    let mask = DropoutMask(place: place, rate: 0.3, origins: Array(5..<18), rows: 16, columns: 150)
    let x = Tensor([13, 16, 150], plainNoise(13 * 16 * 150))
    let outcomes = onEveryProcessor { x.dropout(mask).values }
    for (name, found) in outcomes { expectSameBits(found, outcomes[0].outcome, name) }
  }
}
