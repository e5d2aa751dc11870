import CKernels

extension Tensor {
  /// Layer normalisation of every row, with a gain and a bias for every column (Ba et al., 2016).
  ///
  ///      x̂ = (x - mean x) / √(mean (x - mean x)² + ε),   y = g x̂ + b
  ///     dx = (g dy - mean(g dy) - x̂ mean(g dy x̂)) / √…,   dg = Σ dy x̂,   db = Σ dy   (Σ over rows)
  package func layerNorm(gain gain_D: Tensor, bias bias_D: Tensor, epsilon: Float) -> Tensor {
    let (rows, D) = (shape.rows, shape.columns)
    require(
      gain_D.shape == [D] && bias_D.shape == [D],
      "a gain of \(gain_D.shape) and a bias of \(bias_D.shape) do not fit \(shape)")
    let mean = Storage(count: rows)
    let reciprocal = Storage(count: rows)
    let y = Tensor(shape) { out in
      Processor.current.workers.share(rows, cost: 6 * D) { part in
        let (row, start) = (part.lowerBound, part.lowerBound * D)
        kernels.layer_norm(
          out + start, mean.pointer + row, reciprocal.pointer + row, pointer + start, gain_D.pointer,
          bias_D.pointer,
          epsilon, part.count, D)
      }
    }
    let (x, gain) = (detached, gain_D.detached)
    return y.recorded(from: self, gain_D, bias_D) { dy in
      let dx = Tensor(x.shape) { out in
        Processor.current.workers.share(rows, cost: 8 * D) { part in
          let (row, start) = (part.lowerBound, part.lowerBound * D)
          kernels.layer_norm_pullback(
            out + start, dy.pointer + start, x.pointer + start, mean.pointer + row, reciprocal.pointer + row,
            gain.pointer, part.count, D)
        }
      }
      let dgain = columnSums(rows: rows, columns: D) { out, row, count in
        kernels.layer_norm_gain_sum(
          out, dy.pointer + row * D, x.pointer + row * D, mean.pointer + row, reciprocal.pointer + row, count,
          D)
      }
      return [dx, dgain, columnSums(of: dy)]
    }
  }
}
