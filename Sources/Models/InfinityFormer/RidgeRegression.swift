/// The linear map from the values of a signal at fixed positions to the coefficients of basis functions that fit it best.
///
///     F_jp = ψ_j(x_p),   coefficients = (F Fᵀ + λ I)⁻¹ F values
///
/// In Double, by Cholesky's factors of F Fᵀ + λ I: its condition is 10⁶ for a thousand functions, so that single
/// precision would lose a tenth of the signal. Functions far from each other have no overlap, which leaves zeros on
/// the left of every row of the matrix and of its factor: sums begin after them.
package struct RidgeRegression {
  private let count: Int
  /// F [N, P] and the positions at which a function is not zero.
  private let densities_NP: [[Double]]
  private let support: [Range<Int>]
  /// The lower factor [N, N], by rows and by columns; the first entry of every row, the end of every column.
  private var factor: [Double]
  private var transposed: [Double]
  private var first, end: [Int]

  /// - positions: Ascending.
  package init(_ basis: BasisFunctions, positions: [Double], penalty: Double) {
    let N = basis.count
    count = N
    densities_NP = (0..<N).map { j in positions.map { basis.density(j, at: $0) } }
    support = densities_NP.map { row in
      guard let first = row.firstIndex(where: { $0 != 0 }), let last = row.lastIndex(where: { $0 != 0 })
      else { return 0..<0 }
      return first..<last + 1
    }
    (factor, transposed) = ([Double](repeating: 0, count: N * N), [Double](repeating: 0, count: N * N))
    (first, end) = (Array(0..<N), [Int](repeating: 0, count: N))
    for i in 0..<N {
      for j in (0...i).reversed() {
        factor[i * N + j] = product(i, j) + (i == j ? penalty : 0)
        if factor[i * N + j] != 0 { first[i] = j }
      }
    }
    factorize()
    for i in 0..<N {
      for j in first[i]...i {
        transposed[j * N + i] = factor[i * N + j]
        end[j] = i + 1
      }
    }
  }

  /// (F Fᵀ)_ij, positions ascending.
  private func product(_ i: Int, _ j: Int) -> Double {
    let common = support[i].clamped(to: support[j])
    var sum = 0.0
    for p in common { sum += densities_NP[i][p] * densities_NP[j][p] }
    return sum
  }

  /// A = L Lᵀ, in place:  L_ij = (A_ij - Σ_k<j L_ik L_jk) / L_jj,  L_ii = √(A_ii - Σ_k<i L_ik²).
  private mutating func factorize() {
    let N = count
    for i in 0..<N {
      for j in first[i]...i {
        var sum = factor[i * N + j]
        var k = max(first[i], first[j])
        while k < j {
          sum -= factor[i * N + k] * factor[j * N + k]
          k += 1
        }
        factor[i * N + j] = i == j ? sum.squareRoot() : sum / factor[j * N + j]
      }
    }
  }

  /// The part of the map that reads the values at `positions`: [N, positions.count], by rows, rounded once.
  package func columns(_ positions: Range<Int>) -> [Float] {
    let exact = exactColumns(positions)
    return exact.map { Float($0) }
  }

  /// `columns` before rounding.
  package func exactColumns(_ positions: Range<Int>) -> [Double] {
    var columns = [Double](repeating: 0, count: count * positions.count)
    // Eight positions are solved for at a time.
    for start in stride(from: positions.lowerBound, to: positions.upperBound, by: 8) {
      let lanes = min(8, positions.upperBound - start)
      var x_N = (0..<count).map { j in
        var values = SIMD8<Double>()
        for lane in 0..<lanes { values[lane] = densities_NP[j][start + lane] }
        return values
      }
      solve(&x_N)
      for j in 0..<count {
        for lane in 0..<lanes {
          columns[j * positions.count + start - positions.lowerBound + lane] = x_N[j][lane]
        }
      }
    }
    return columns
  }

  /// L y = b, then Lᵀ x = y.
  private func solve(_ x_N: inout [SIMD8<Double>]) {
    let N = count
    for i in 0..<N {
      var sum = x_N[i]
      var k = first[i]
      while k < i {
        sum -= factor[i * N + k] * x_N[k]
        k += 1
      }
      x_N[i] = sum / factor[i * N + i]
    }
    for i in (0..<N).reversed() {
      var sum = x_N[i]
      var k = i + 1
      while k < end[i] {
        sum -= transposed[i * N + k] * x_N[k]
        k += 1
      }
      x_N[i] = sum / factor[i * N + i]
    }
  }
}
