import Networks
package import Tensors

/// Gaussian bumps on the line from 0, the farthest past, to 1, the nearest, in which a memory is written (∞-former).
///
///     ψ_j(x) = exp(-((x - c_j) / σ_j)² / 2) / (σ_j √(2π))
///
/// At every centre there is one of each width: centre 0 with each width, the next centre with each width, and so on.
package struct BasisFunctions: Sendable {
  /// c_j and σ_j.
  package let centres, deviations: [Double]

  /// `count` functions, a multiple of the number of `widths`; their centres are equally far apart.
  package init(count: Int, widths: [Double]) {
    require(
      count > 0 && !widths.isEmpty && count % widths.count == 0,
      "\(count) basis functions cannot have \(widths.count) widths each")
    let last = max(count / widths.count - 1, 1)
    centres = (0..<count).map { Double($0 / widths.count) / Double(last) }
    deviations = (0..<count).map { widths[$0 % widths.count] }
  }

  package var count: Int { centres.count }

  /// ψ_j(x). Beyond twelve deviations it is 10⁻³¹ of its peak, which no sum could see, and counts as zero.
  package func density(_ j: Int, at x: Double) -> Double {
    let z = (x - centres[j]) / deviations[j]
    guard abs(z) < 12 else { return 0 }
    return naturalExponential(-z * z / 2) / (deviations[j] * 2.5066282746310002)
  }

  /// Every function at every position [P, N], rounded once.
  package func densities(at positions: [Double]) -> Tensor {
    Tensor(
      [positions.count, count],
      positions.flatMap { x in (0..<count).map { Float(density($0, at: x)) } })
  }
}
