import CKernels

/// Attention to a signal on a line instead of to keys (∞-former: Martins et al., 2022), every head of every sequence.
///
/// A query looks with a bell, the normal density of its own mean μ and variance v, at a signal Σ_j value_j ψ_j(x) made
/// of basis functions ψ_j, bells themselves of centre c_j and variance σ_j²:
///
///     r_ij = ∫ N(x; μ_i, v_i) ψ_j(x) dx = N(μ_i; c_j, v_i + σ_j²),  context_i = Σ_j r_ij value_j
///     dr_ij = dcontext_i · value_j,  dvalue_j = Σ_i r_ij dcontext_i,  s² = v_i + σ_j²,
///     dμ_i = -Σ_j dr_ij r_ij (μ_i - c_j)/s²,  dv_i = Σ_j dr_ij r_ij ((μ_i - c_j)²/(2 s⁴) - 1/(2 s²))
///
/// Head h uses features h D/H ..< (h+1) D/H. r is not kept for the gradient but made again: at a thousand queries and
/// functions it would take more memory than all else together.
package struct ContinuousAttention {
  package let heads: Int
  /// c_j and σ_j² of every basis function.
  package let centres: [Float], variances: [Float]
  /// After how many functions the variances begin anew, in whole vectors of sixteen.
  private let period: Int

  package init(heads: Int, centres: [Float], variances: [Float]) {
    require(
      !centres.isEmpty && centres.count == variances.count,
      "\(centres.count) centres and \(variances.count) variances make no basis")
    require(variances.allSatisfy { $0 > 0 }, "a basis function has no width: its variance is not above 0")
    (self.heads, self.centres, self.variances) = (heads, centres, variances)
    period =
      stride(from: 16, to: variances.count, by: 16).first { period in
        variances.indices.dropFirst(period).allSatisfy { variances[$0] == variances[$0 - period] }
      } ?? variances.count
  }

  /// Queries of mean and variance [B, L, H] look at values [B, N, D]: context [B, L, D].
  package func callAsFunction(mean_BLH: Tensor, variance_BLH: Tensor, value_BND: Tensor) -> Tensor {
    let ((B, L, H), (rows, N, D)) = (mean_BLH.extents3, value_BND.extents3)
    require(
      H == heads && variance_BLH.shape == mean_BLH.shape && rows == B && N == centres.count,
      "means of \(mean_BLH.shape) and variances of \(variance_BLH.shape) of \(heads) heads cannot look at values of "
        + "\(value_BND.shape) on \(centres.count) basis functions")
    require(D % heads == 0, "\(heads) heads do not divide a width of \(D)")
    let (mean, variance, value) = (mean_BLH.detached, variance_BLH.detached, value_BND.detached)
    let useful = 2 * B * L * N * D
    UsefulOperations.add(useful)
    let context = Tensor([B, L, D]) { [kernels] context in
      each(B, L, D) { b, h, head in
        kernels.continuous_attention(
          context + b * L * D + h * (D / H), mean.pointer + b * L * H + h, variance.pointer + b * L * H + h,
          value.pointer + b * N * D + h * (D / H), head)
      }
    }
    return context.recorded(from: mean_BLH, variance_BLH, value_BND) { dcontext in
      UsefulOperations.add(2 * useful)
      let (dvariance, dvalue) = (Storage(count: mean.shape.count), Storage(count: value.shape.count))
      let dmean = Tensor(mean.shape) { [kernels] dmean in
        each(B, L, D) { b, h, head in
          let (bell, values) = (b * L * H + h, b * N * D + h * (D / H))
          kernels.continuous_attention_pullback(
            dmean + bell, dvariance.pointer + bell, dvalue.pointer + values,
            dcontext.pointer + b * L * D + h * (D / H), mean.pointer + bell, variance.pointer + bell,
            value.pointer + values, head)
        }
      }
      return [dmean, Tensor(mean.shape, dvariance), Tensor(value.shape, dvalue)]
    }
  }

  /// Calls `body` for every head of every sequence, shared out among the threads.
  private func each(_ B: Int, _ L: Int, _ D: Int, _ body: (Int, Int, UnsafePointer<continuous_head>) -> Void)
  {
    let N = centres.count
    centres.withUnsafeBufferPointer { centres in
      variances.withUnsafeBufferPointer { variances in
        var head = continuous_head(
          queries: L, functions: N, width: D / heads, bell_row: heads, value_row: D, context_row: D,
          centres: centres.baseAddress!, variances: variances.baseAddress!, repeat: period)
        withUnsafePointer(to: &head) { head in
          Processor.current.workers.share(B * heads, cost: 2 * L * N * (D / heads + 16)) { range in
            for index in range { body(index / heads, index % heads, head) }
          }
        }
      }
    }
  }
}
