import CKernels

extension Tensor {
  /// How well each head of every query [B, L, D] fits the one key [B, 1, D] of its sequence: shape [B, L, H].
  ///
  ///     s_lh = Σ_k q_lk key_k                over the features k of head h: h D/H ..< (h+1) D/H
  ///     dq_lk = ds_lh key_k,  dkey_k = Σ_l ds_lh q_lk
  ///
  /// Nothing scales the scores.
  package func headScores(with key_B1D: Tensor, heads H: Int) -> Tensor {
    let (B, L, D) = extents3
    require(
      key_B1D.shape == [B, 1, D], "queries of \(shape) cannot be scored with keys of \(key_B1D.shape)")
    require(H > 0 && D % H == 0, "\(H) heads do not divide a width of \(D)")
    let (q, key, wantsQ, wantsKey) = (detached, key_B1D.detached, isTraced, key_B1D.isTraced)
    let K = D / H
    func queryGradient(_ ds: Tensor) -> Tensor {
      eachHead([B, L, D], H, cost: 2 * L * K) { [kernels] dq, b, h in
        let feature = b * D + h * K
        kernels.matmul(
          dq + b * L * D + h * K, D, ds.pointer + b * L * H + h, H, 1, key.pointer + feature, D, 1, L, K, 1, 0
        )
      }
    }
    func keyGradient(_ ds: Tensor) -> Tensor {
      eachHead([B, 1, D], H, cost: 2 * L * K) { [kernels] dkey, b, h in
        let query = q.pointer + b * L * D + h * K
        kernels.matmul(
          dkey + b * D + h * K, D, ds.pointer + b * L * H + h, 1, H, query, D, 1, 1, K, L, 0)
      }
    }
    let scores_BLH = eachHead([B, L, H], H, cost: 2 * L * K) { [kernels] scores, b, h in
      let query = q.pointer + b * L * D + h * K
      kernels.matmul(
        scores + b * L * H + h, H, query, D, 1, key.pointer + b * D + h * K, 1, 1, L, 1, K, 0)
    }
    return scores_BLH.recorded(from: self, key_B1D) { ds in
      [wantsQ ? queryGradient(ds) : nil, wantsKey ? keyGradient(ds) : nil]
    }
  }
}

/// A tensor that `body(out, sequence, head)` writes, called for every head of every sequence: threads share them.
private func eachHead(
  _ shape: Shape, _ H: Int, cost: Int, _ body: (UnsafeMutablePointer<Float>, Int, Int) -> Void
) -> Tensor {
  UsefulOperations.add(shape[0] * H * cost)
  return Tensor(shape) { out in
    Processor.current.workers.share(shape[0] * H, cost: cost) { range in
      for index in range { body(out, index / H, index % H) }
    }
  }
}
