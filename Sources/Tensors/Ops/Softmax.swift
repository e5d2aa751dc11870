import CKernels

extension Tensor {
  /// Softmax over the last axis: every row becomes positive and sums to one.
  ///
  ///      y = exp(x - max x) / Σ exp(x - max x)
  ///     dx = y ⊙ (dy - Σ dy ⊙ y)
  package func softmax() -> Tensor {
    let columns = shape.columns
    let y = Tensor(shape) { out in
      Processor.current.workers.share(shape.rows, cost: 8 * columns) { rows in
        let start = rows.lowerBound * columns
        kernels.softmax(out + start, pointer + start, rows.count, columns)
      }
    }
    return y.recorded(from: self) { dy in
      [
        Tensor(y.shape) { dx in
          Processor.current.workers.share(y.shape.rows, cost: 4 * columns) { rows in
            let start = rows.lowerBound * columns
            kernels.softmax_pullback(dx + start, y.pointer + start, dy.pointer + start, rows.count, columns)
          }
        }
      ]
    }
  }
}
