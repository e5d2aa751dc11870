import CKernels

extension Tensor {
  /// The sum of all elements: fixed chunks, whose sums are added in Double in ascending order and rounded once.
  ///
  ///      y = Σ x
  ///     dx = dy everywhere
  package func sum() -> Tensor {
    let total = chunked(shape.count, by: Int(SCALAR_CHUNK)) { kernels.sum(pointer + $0, $1) }
    let shape = shape
    return Tensor([], [Float(total)]).recorded(from: self) { dy in [Tensor(shape, repeating: dy.scalar)] }
  }

  /// Σ weights ⊙ x: a weighted sum of a vector, in the order of `sum`.
  ///
  ///      y = Σ w x
  ///     dx = dy w
  package func sum(weightedBy weights: Tensor) -> Tensor { (self * weights).sum() }

  /// The sum over all axes but the last: shape [columns].
  package func columnSum() -> Tensor {
    let shape = shape
    return columnSums(of: self).recorded(from: self) { dy in [dy.repeated(over: shape)] }
  }

  /// For every sequence (first axis) the sum over all axes between it and the last: shape [B, columns].
  /// Records nothing.
  package func sumsOfSequences() -> Tensor {
    let (B, columns) = (shape[0], shape.columns)
    let rows = shape.rows / max(B, 1)
    return Tensor([B, columns]) { out in
      for b in 0..<B {
        let sum = columnSums(rows: rows, columns: columns) { out, row, count in
          kernels.column_sum(out, pointer + (b * rows + row) * columns, count, columns)
        }
        (out + b * columns).update(from: sum.pointer, count: columns)
      }
    }
  }

  /// The sum of all squares, in Double: chunks as in `sum`.
  package var sumOfSquares: Double {
    chunked(shape.count, by: Int(SCALAR_CHUNK)) { kernels.sum_of_squares(pointer + $0, $1) }
  }

  /// Whether any element is NaN or infinite.
  package var hasNonFinite: Bool { kernels.has_nonfinite(pointer, shape.count) != 0 }

  /// The first position of the largest entry of every row.
  package func argMax() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: shape.rows) { buffer, count in
      kernels.arg_max(buffer.baseAddress!, pointer, shape.rows, shape.columns)
      count = shape.rows
    }
  }

  /// log Σ exp over the last axis, recording nothing.
  package func logSumExp() -> Tensor {
    Tensor(Shape(Array(shape.extents.dropLast()))) {
      kernels.log_sum_exp($0, pointer, shape.rows, shape.columns)
    }
  }

  /// The row repeated over a shape with the same last extent, recording nothing.
  fileprivate func repeated(over shape: Shape) -> Tensor {
    Tensor(shape) { out in
      for row in 0..<shape.rows { (out + row * shape.columns).update(from: pointer, count: shape.columns) }
    }
  }
}

/// Sums over all axes but the last: chunks of 256 rows, added in ascending order.
func columnSums(of x: Tensor) -> Tensor {
  columnSums(rows: x.shape.rows, columns: x.shape.columns) { out, start, count in
    kernels.column_sum(out, x.pointer + start * x.shape.columns, count, x.shape.columns)
  }
}

/// Adds up what `chunk(out, first row, rows)` writes for consecutive chunks of rows; a chunk belongs to one thread.
func columnSums(
  rows: Int, columns: Int, chunk: (UnsafeMutablePointer<Float>, Int, Int) -> Void
) -> Tensor {
  let size = Int(COLUMN_CHUNK)
  let chunks = max(1, (rows + size - 1) / size)
  let partial = Tensor([chunks, columns]) { out in
    Processor.current.workers.share(chunks, cost: size * columns) { range in
      for index in range {
        chunk(out + index * columns, index * size, min(size, rows - index * size))
      }
    }
  }
  return Tensor([columns]) { out in
    out.update(from: partial.pointer, count: columns)
    for index in 1..<chunks where chunks > 1 {
      kernels.add(out, out, partial.pointer + index * columns, columns)
    }
  }
}

/// Σ over consecutive chunks, in Double, ascending.
private func chunked(_ count: Int, by size: Int, _ sum: (_ start: Int, _ count: Int) -> Float) -> Double {
  stride(from: 0, to: count, by: size).reduce(0.0) { $0 + Double(sum($1, min(size, count - $1))) }
}
