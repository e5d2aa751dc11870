import CKernels

extension Tensor {
  /// Natural logarithm of every number.
  ///
  ///      y = log x
  ///     dx = dy / x
  package func logarithm() -> Tensor {
    let x = detached
    let y = Tensor(shape) { out in
      Processor.current.workers.share(shape.count, cost: 8) { range in
        kernels.logarithm(out + range.lowerBound, x.pointer + range.lowerBound, range.count)
      }
    }
    return y.recorded(from: self) { dy in
      [
        Tensor(x.shape) { dx in
          Processor.current.workers.share(x.shape.count, cost: 4) { range in
            let start = range.lowerBound
            kernels.logarithm_pullback(dx + start, x.pointer + start, dy.pointer + start, range.count)
          }
        }
      ]
    }
  }
}
