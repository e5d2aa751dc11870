import CKernels

extension Tensor {
  /// The logistic function: any number becomes one between 0 and 1.
  ///
  ///      y = 1 / (1 + exp(-x))
  ///     dx = dy y (1 - y)
  package func sigmoid() -> Tensor {
    let y = elementwise(cost: 16, kernels.sigmoid)
    return y.recorded(from: self) { dy in [y.elementwise(with: dy, cost: 2, kernels.sigmoid_pullback)] }
  }

  /// The integral of the logistic function: any number becomes a positive one, a large one hardly changes.
  ///
  ///      y = log(1 + exp(x))
  ///     dx = dy / (1 + exp(-x))
  package func softplus() -> Tensor {
    let x = detached
    return elementwise(cost: 32, kernels.softplus).recorded(from: self) { dy in
      [x.elementwise(with: dy, cost: 16, kernels.softplus_pullback)]
    }
  }

  /// Nothing below `floor`.
  ///
  ///      y = max(x, floor)
  ///     dx = dy where x ≥ floor, 0 elsewhere
  package func clamped(atLeast floor: Float) -> Tensor {
    let x = detached
    let y = elementwise(cost: 1) { kernels.at_least($0, $1, floor, $2) }
    return y.recorded(from: self) { dy in
      [x.elementwise(with: dy, cost: 1) { kernels.at_least_pullback($0, $1, $2, floor, $3) }]
    }
  }

  /// What `kernel(out, x, count)` makes of the elements, shared out among the threads.
  private func elementwise(
    cost: Int, _ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
  ) -> Tensor {
    Tensor(shape) { out in
      Processor.current.workers.share(shape.count, cost: cost) { range in
        kernel(out + range.lowerBound, pointer + range.lowerBound, range.count)
      }
    }
  }

  /// What `kernel(out, x, dy, count)` makes of the elements and the gradient that arrives at them.
  private func elementwise(
    with dy: Tensor, cost: Int,
    _ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Void
  ) -> Tensor {
    Tensor(shape) { dx in
      Processor.current.workers.share(shape.count, cost: cost) { range in
        let start = range.lowerBound
        kernel(dx + start, pointer + start, dy.pointer + start, range.count)
      }
    }
  }
}
