/// Continuous attention of one head of one sequence, as the composition it is: densities, product. Arrays have no
/// gaps: means and variances `[queries]`, values `[functions, width]`.
package struct ContinuousAttentionStatement<S: Scalar>: Sendable {
  package var width: Int
  /// c_j and σ_j² of every basis function.
  package var centres, variances: [S]

  package init(width: Int, centres: [S], variances: [S]) {
    self.width = width
    self.centres = centres
    self.variances = variances
  }

  /// 1 / s², s² = v + σ_j².
  private func precision(_ variance: S, _ function: Int) -> S { 1 / (variance + variances[function]) }

  /// The normal density N(μ_i; c_j, v_i + σ_j²), `[queries, functions]`.
  package func densities(_ mean: [S], _ variance: [S]) -> [S] {
    mean.indices.flatMap { i in
      centres.indices.map { j in
        let (d, p) = (mean[i] - centres[j], precision(variance[i], j))
        // 1 / 2π
        return (p * S(0.15915494309189535)).squareRoot() * S.exponential((d * d) * (p * S(-0.5)))
      }
    }
  }

  /// The context `[queries, width]`.
  package func callAsFunction(_ mean: [S], _ variance: [S], _ values: [S]) -> [S] {
    Statement.product(densities(mean, variance), values, M: mean.count, N: width, K: centres.count)
  }

  /// The gradients of means, variances and values.
  package func pullback(
    _ dcontext: [S], _ mean: [S], _ variance: [S], _ values: [S]
  ) -> (dmean: [S], dvariance: [S], dvalues: [S]) {
    let (L, N) = (mean.count, centres.count)
    let r = densities(mean, variance)
    let dr = Statement.product(
      dcontext, Layout(row: width), values, Layout(row: 1, column: width), M: L, N: N, K: width)
    var (dmean, dvariance): ([S], [S]) = ([], [])
    for i in 0..<L {
      let d = centres.map { mean[i] - $0 }
      let p = centres.indices.map { precision(variance[i], $0) }
      let g = (0..<N).map { (dr[i * N + $0] * r[i * N + $0]) * p[$0] }
      let spread = (0..<N).map { S(-1).addingProduct(d[$0] * p[$0], d[$0]) }
      dmean.append(-Statement.dot(g, d))
      dvariance.append(S(0.5) * Statement.dot(g, spread))
    }
    let dvalues = Statement.product(
      r, Layout(row: 1, column: N), dcontext, Layout(row: width), M: N, N: width, K: L)
    return (dmean, dvariance, dvalues)
  }
}
