import CKernels
import Expectations
import Testing

@Suite struct Tables {
  private static let widths = Array(1...130) + [255, 256, 257, 300]

  @Test(arguments: widths)
  func `rows are found by number`(width: Int) {
    let table = plainNoise(5 * width), ids: [Int32] = [4, 0, 4, 2]
    let expected = ids.flatMap { table[Int($0) * width..<(Int($0) + 1) * width] }
    for set in InstructionSet.here {
      let found = results(expected.count) { memory, out in
        set.kernels.lookup(out, memory.holding(table), memory.holding(ids), ids.count, width)
      }
      expectSameBits(found, expected, set.name)
    }
  }

  @Test(arguments: widths)
  func `gradients of a row are added in the order of positions, whoever owns it`(width: Int) {
    let rows = 7, count = 40
    let ids = (0..<count).map { ($0 * $0 + $0 / 3) % rows }
    let dy = plainNoise(count * width)
    let expected = Statement.lookupPullback(dy, ids: ids, rows: rows, width: width)
    for set in InstructionSet.here {
      for (first, end) in [(0, 7), (0, 3), (3, 7), (2, 2)] {
        let found = results((end - first) * width) { memory, out in
          set.kernels.lookup_pullback(
            out, first, end, memory.holding(dy), memory.holding(ids.map(Int32.init)), count, width)
        }
        expectSameBits(found, Array(expected[first * width..<end * width]), "\(set.name) \(first)..<\(end)")
      }
    }
  }

  @Test(arguments: widths)
  func `squared distances have the bits of 64 lanes`(width: Int) {
    for (m, n) in [(1, 1), (3, 5), (2, 16), (4, 33)] {
      let a = plainNoise(m * width), b = plainNoise(n * width, seed: 2)
      let expected = Statement.squaredDistances(a, b, width: width)
      for set in InstructionSet.here {
        let found = results(m * n) { memory, out in
          set.kernels.squared_distance(out, memory.holding(a), memory.holding(b), m, n, width)
        }
        expectSameBits(found, expected, "\(set.name) \(m) x \(n)")
      }
    }
  }

  @Test(arguments: widths)
  func `masses between edges have the bits of 64 lanes`(width: Int) {
    let factor = plainNoise(width).map { 20 * abs($0) }, shift = plainNoise(width, seed: 2).map { 9 * $0 }
    for bins in [1, 2, 9] {
      let edges = (0...bins).map { Float($0) / Float(bins) - 0.001 }
      let expected = Statement.gaussianMasses(factor: factor, shift: shift, edges: edges)
      for set in InstructionSet.here {
        let found = results(bins) { memory, out in
          set.kernels.gaussian_masses(
            out, memory.holding(factor), memory.holding(shift), memory.holding(edges), bins, width)
        }
        expectSameBits(found, expected, "\(set.name) \(bins) bins")
      }
    }
  }
}
