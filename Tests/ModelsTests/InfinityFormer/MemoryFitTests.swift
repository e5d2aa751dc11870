import Expectations
import Models
import Tensors
import Testing

/// Four functions, four tokens, four samples: the numbers that an independent program in Double gave.
@Suite struct MemoryFitTests {
  private let basis = BasisFunctions(count: 4, widths: [0.05, 0.1])

  private func expect(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (value, truth) in zip(found, expected) {
      #expect(abs(value - truth) <= 2e-9 * abs(truth), sourceLocation: sourceLocation)
    }
  }

  /// Rows of the operator [positions, N], as it is usually printed.
  private func rows(_ regression: RidgeRegression, _ positions: Range<Int>) -> [[Double]] {
    let columns = regression.exactColumns(positions)
    let (R, N) = (positions.count, columns.count / positions.count)
    return (0..<R).map { row in (0..<N).map { columns[$0 * R + row] } }
  }

  @Test func `centres are shared by widths`() {
    #expect(basis.centres == [0, 0, 1, 1] && basis.deviations == [0.05, 0.1, 0.05, 0.1])
    let three = BasisFunctions(count: 6, widths: [0.3, 0.1])
    #expect(three.centres == [0, 0, 0.5, 0.5, 1, 1])
  }

  @Test func `densities are normal, and nothing far away`() {
    expect([basis.density(0, at: 0), basis.density(1, at: 0)], [7.978845608028654, 3.989422804014327])
    expect([basis.density(3, at: 1.1)], [2.4197072451914337])
    // Four numbers a deviation: their sum times the step is the integral.
    let total = (-100...100).reduce(0.0) { $0 + basis.density(1, at: Double($1) / 40) / 40 }
    #expect(abs(total - 1) < 1e-12)
    #expect(basis.density(0, at: 0.61) == 0 && basis.density(0, at: 0.59) > 0)
    let table = basis.densities(at: [0, 0.03])
    #expect(table.shape == [2, 4])
    #expect(table.values[0] == Float(7.978845608028654) && table.values[6] == 0)
  }

  @Test func `the first fit reads the middle of a line twice as long`() {
    let positions = FitPositions(segmentLength: 4)
    expect(positions.all, [-0.375, -0.125, 0.125, 0.375, 0.625, 0.875, 1.125, 1.375])
    #expect(positions.kept == 2..<6)
  }

  @Test func `the first operator is the published one`() {
    let positions = FitPositions(segmentLength: 4)
    let found = rows(RidgeRegression(basis, positions: positions.all, penalty: 0.5), positions.kept)
    expect(found[0], [4.726138638e-2, 2.462252328e-1, 7.877652869e-12, -4.587736600e-12])
    expect(found[1], [-1.217416939e-3, 7.089904316e-4, -4.536868050e-9, 2.642148237e-9])
    for (row, mirrored) in [(2, 1), (3, 0)] {
      expect(found[row], [found[mirrored][2], found[mirrored][3], found[mirrored][0], found[mirrored][1]])
    }
  }

  @Test func `updates are written where the past is pressed to the left`() {
    let positions = FitPositions(segmentLength: 4, samples: 4, contraction: 0.5)
    #expect(positions.kept == 4..<12)
    let expected = [
      -0.4166666667, -0.2944444444, -0.1722222222, -0.05, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1,
      1.05,
      1.1722222222, 1.2944444444, 1.4166666667,
    ]
    #expect(zip(positions.all, expected).allSatisfy { abs($0 - $1) < 1e-9 } && positions.all.count == 16)
    let other = FitPositions(segmentLength: 16, samples: 12, contraction: 0.75)
    #expect(other.kept == 14..<42 && other.all.count == 56)
    #expect(abs(other.all[14] - 0.75 / 12) < 1e-15 && abs(other.all[26] - 0.765625) < 1e-15)
  }

  @Test func `the update operator is the published one`() {
    let positions = FitPositions(segmentLength: 4, samples: 4, contraction: 0.5)
    let found = rows(RidgeRegression(basis, positions: positions.all, penalty: 0.5), positions.kept)
    expect(found[0], [-2.699214404e-1, 3.865184316e-1, 1.364839905e-11, -2.416870334e-11])
    expect(found[3], [-2.696765724e-6, 3.663768332e-6, -1.668983649e-6, 2.955450613e-6])
    expect(found[7], [-5.856447219e-12, 7.956444760e-12, 1.489375964e-1, -1.026434896e-1])
    let fit = MemoryFit(basis, segmentLength: 4, samples: 4, contraction: 0.5, penalty: 0.5)
    let (past, segment) = (fit.past_NP.values, fit.segment_NL.values)
    #expect(fit.past_NP.shape == [4, 4] && fit.segment_NL.shape == [4, 4])
    for row in 0..<4 {
      for j in 0..<4 {
        #expect(past[j * 4 + row] == Float(found[row][j]))
        #expect(segment[j * 4 + row] == Float(found[4 + row][j]))
      }
    }
  }

  /// A plain solution of (F Fᵀ + λ I) x = F v, for sizes at which the matrix has zeros, and numbers no multiple of eight.
  @Test(arguments: [(10, [0.2], 0.5), (24, [0.02, 0.05], 1), (42, [0.005, 0.01], 0.5)])
  func `the operator solves the normal equations`(count: Int, widths: [Double], penalty: Double) {
    let basis = BasisFunctions(count: count, widths: widths)
    let positions = FitPositions(segmentLength: 26, samples: 14, contraction: 0.6).all
    let regression = RidgeRegression(basis, positions: positions, penalty: penalty)
    let F = (0..<count).map { j in positions.map { basis.density(j, at: $0) } }
    var A = (0..<count).map { i in
      (0..<count).map { j in zip(F[i], F[j]).reduce(i == j ? penalty : 0) { $0 + $1.0 * $1.1 } }
    }
    let values = plainNoise(positions.count, seed: 8).map { Double($0) }
    var x = F.map { row in zip(row, values).reduce(0.0) { $0 + $1.0 * $1.1 } }
    for i in 0..<count {
      for row in i + 1..<count where count > i + 1 {
        let ratio = A[row][i] / A[i][i]
        for column in i..<count { A[row][column] -= ratio * A[i][column] }
        x[row] -= ratio * x[i]
      }
    }
    for i in (0..<count).reversed() {
      for column in i + 1..<count where count > i + 1 { x[i] -= A[i][column] * x[column] }
      x[i] /= A[i][i]
    }
    let columns = regression.exactColumns(0..<positions.count)
    for j in 0..<count {
      let found = (0..<positions.count).reduce(0.0) { $0 + columns[j * positions.count + $1] * values[$1] }
      #expect(abs(found - x[j]) < 1e-10)
    }
    let part = regression.exactColumns(5..<16)
    #expect(
      (0..<count).allSatisfy { j in
        (0..<11).allSatisfy { part[j * 11 + $0] == columns[j * positions.count + 5 + $0] }
      })
  }
}
