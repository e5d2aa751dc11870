import CKernels
import Expectations
import Testing

/// The order of addition, recovered from results, is the one that is written down.
@Suite struct SummationTrees {
  /// All terms of a short sum; of a long one those around the edges of lanes and chunks.
  private static func probes(_ count: Int) -> Probes {
    let edges = [0, 1, 15, 16, 63, 64, 65, 127, 128, 254, 255, 256, 257, 300, 510, 511, 512, 513, 514, 519]
    return Probes(count, among: count <= 130 ? Array(0..<count) : edges.filter { $0 < count })
  }

  @Test(arguments: [2, 3, 17, 64, 65, 130, 256, 257, 520])
  func `a matrix product is a chain over chunks of 256 terms`(count: Int) {
    let probes = Self.probes(count), rows = probes.pairs.count
    let expected = probes.results(.product(count))
    for set in InstructionSet.here {
      for columns in [1, 33] {
        let found = results(rows * columns) { memory, c in
          let ones = memory.holding([Float](repeating: 1, count: count * columns))
          set.kernels.matmul(
            c, columns, memory.holding(probes.rows), count, 1, ones, columns, 1, rows, columns, count, 0)
        }
        let repeated = expected.flatMap { [Float](repeating: $0, count: columns) }
        expectSameBits(found, repeated, "\(set.name), \(count) terms, \(columns) columns")
      }
    }
  }

  @Test(arguments: [2, 3, 16, 17, 64, 65, 130, 256, 520])
  func `sums of rows are 64 lanes that fold by halves`(count: Int) {
    let probes = Self.probes(count), rows = probes.pairs.count
    let expected = probes.results(.row(count))
    for set in InstructionSet.here {
      let sums = results(rows) { memory, out in
        set.kernels.row_sum(out, memory.holding(probes.rows), rows, count)
      }
      expectSameBits(sums, expected, "row sum \(set.name), \(count) terms")
      let dots = results(rows) { memory, out in
        let ones = memory.holding([Float](repeating: 1, count: rows * count))
        set.kernels.row_dot(out, memory.holding(probes.rows), ones, rows, count)
      }
      expectSameBits(dots, expected, "row dot \(set.name), \(count) terms")
    }
  }

  @Test(arguments: [2, 3, 17, 130])
  func `columns are chains`(count: Int) {
    let probes = Self.probes(count), columns = probes.pairs.count
    let expected = probes.results(.chain((0..<count).map(SummationTree.term)))
    let rows = probes.rows
    let across = (0..<count).flatMap { term in (0..<columns).map { rows[$0 * count + term] } }
    for set in InstructionSet.here {
      let found = results(columns) { memory, out in
        set.kernels.column_sum(out, memory.holding(across), count, columns)
      }
      expectSameBits(found, expected, "\(set.name), \(count) rows")
    }
  }

  @Test func `another order shows`() {
    let probes = Self.probes(130)
    let (chain, lanes) = (probes.results(.product(130)), probes.results(.row(130)))
    #expect(chain != lanes)
    // ((a + b) + c) against a + (b + c): only the pair that is added first differs.
    let three = Probes(3, among: [0, 1, 2])
    #expect(three.results(.sum(.sum(.term(0), .term(1)), .term(2))) == [1, 0, 0])
    #expect(three.results(.sum(.term(0), .sum(.term(1), .term(2)))) == [0, 0, 1])
  }
}
