import CKernels

extension Tensor {
  /// Elementwise sum of two tensors of one shape.
  ///
  ///      z = x + y
  ///     dx = dz,  dy = dz
  package static func + (x: Tensor, y: Tensor) -> Tensor {
    x.plus(y).recorded(from: x, y) { dz in [dz, dz] }
  }

  /// Elementwise difference.
  ///
  ///      z = x - y
  ///     dx = dz,  dy = -dz
  package static func - (x: Tensor, y: Tensor) -> Tensor {
    elementwise("subtract", x, y, kernels.subtract).recorded(from: x, y) { dz in [dz, dz.times(-1)] }
  }

  /// Elementwise product.
  ///
  ///      z = x ⊙ y
  ///     dx = dz ⊙ y,  dy = dz ⊙ x
  package static func * (x: Tensor, y: Tensor) -> Tensor {
    let (a, b) = (x.detached, y.detached)
    return elementwise("multiply", x, y, kernels.multiply).recorded(from: x, y) { dz in
      [elementwise("multiply", dz, b, kernels.multiply), elementwise("multiply", dz, a, kernels.multiply)]
    }
  }

  /// Product with a number.
  ///
  ///      z = s x
  ///     dx = s dz
  package static func * (x: Tensor, s: Float) -> Tensor {
    x.times(s).recorded(from: x) { dz in [dz.times(s)] }
  }

  /// Adds `y` to the first-axis rows of `self` for which `rows` is true; the others pass unchanged, bit for bit.
  ///
  ///      z_b = x_b + y_b where rows_b, x_b elsewhere
  ///     dx = dz,  dy_b = dz_b where rows_b, 0 elsewhere
  package func adding(_ y: Tensor, where rows: [Bool]) -> Tensor {
    require(y.shape == shape, "cannot add \(y.shape) to \(shape)")
    require(rows.count == shape[0], "\(rows.count) choices for \(shape[0]) rows of \(shape)")
    if rows.allSatisfy({ $0 }) { return self + y }
    let extent = shape.count / max(shape[0], 1)
    let z = Tensor(shape) { out in
      for (row, isAdded) in rows.enumerated() {
        let start = row * extent
        if isAdded {
          kernels.add(out + start, pointer + start, y.pointer + start, extent)
        } else {
          (out + start).update(from: pointer + start, count: extent)
        }
      }
    }
    return z.recorded(from: self, y) { dz in
      let dy = Tensor(dz.shape) { out in
        for (row, isAdded) in rows.enumerated() {
          let start = row * extent
          if isAdded {
            (out + start).update(from: dz.pointer + start, count: extent)
          } else {
            (out + start).initialize(repeating: 0, count: extent)
          }
        }
      }
      return [dz, dy]
    }
  }

  /// The same row [D] added to every row.
  ///
  ///      y = x + row
  ///     dx = dy,  drow = Σ over rows of dy
  package func adding(row row_D: Tensor) -> Tensor {
    let D = shape.columns
    require(row_D.shape == [D], "cannot add a row of \(row_D.shape) to \(shape)")
    let wantsRow = row_D.isTraced
    let y = Tensor(shape) { out in
      Processor.current.workers.share(shape.rows, cost: D) { rows in
        let start = rows.lowerBound * D
        kernels.add_to_rows(out + start, pointer + start, row_D.pointer, rows.count, D)
      }
    }
    return y.recorded(from: self, row_D) { dy in [dy, wantsRow ? columnSums(of: dy) : nil] }
  }

  /// Elementwise sum, recording nothing.
  func plus(_ y: Tensor) -> Tensor { elementwise("add", self, y, kernels.add) }

  /// Product with a number, recording nothing.
  func times(_ s: Float) -> Tensor {
    Tensor(shape) { out in
      Processor.current.workers.share(shape.count, cost: 1) { range in
        kernels.scale(out + range.lowerBound, pointer + range.lowerBound, s, range.count)
      }
    }
  }
}

private typealias Elementwise =
  @convention(c) (
    UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int
  ) -> Void

private func elementwise(_ verb: String, _ x: Tensor, _ y: Tensor, _ kernel: Elementwise) -> Tensor {
  require(x.shape == y.shape, "cannot \(verb) \(x.shape) and \(y.shape)")
  return Tensor(x.shape) { out in
    Processor.current.workers.share(x.shape.count, cost: 1) { range in
      let start = range.lowerBound
      kernel(out + start, x.pointer + start, y.pointer + start, range.count)
    }
  }
}
