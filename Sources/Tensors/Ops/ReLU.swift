import CKernels

extension Tensor {
  /// Rectified linear unit.
  ///
  ///      y = max(x, 0)
  ///     dx = dy where x > 0, 0 elsewhere
  package func relu() -> Tensor {
    let y = Tensor(shape) { out in
      Processor.current.workers.share(shape.count, cost: 1) { range in
        kernels.relu(out + range.lowerBound, pointer + range.lowerBound, range.count)
      }
    }
    let x = detached
    return y.recorded(from: self) { dy in
      [
        Tensor(x.shape) { dx in
          Processor.current.workers.share(x.shape.count, cost: 1) { range in
            let start = range.lowerBound
            kernels.relu_pullback(dx + start, x.pointer + start, dy.pointer + start, range.count)
          }
        }
      ]
    }
  }
}
