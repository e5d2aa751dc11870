import CKernels

extension Tensor {
  /// Rows of a table [V, D] by number: shape `leading` + [D].
  ///
  ///      y_p = table[id_p]
  ///     dtable_v = Σ dy_p over positions p with id_p = v, ascending
  package func lookup(_ ids: [Int32], leading: Shape) -> Tensor {
    let (V, D) = (shape.rows, shape.columns)
    require(shape.rank == 2, "a table of shape \(shape) does not have two axes")
    require(ids.count == leading.count, "\(ids.count) numbers do not fill \(leading)")
    require(ids.allSatisfy { $0 >= 0 && $0 < V }, "a number outside 0..<\(V) was looked up")
    let y = Tensor(Shape(leading.extents + [D])) { out in
      ids.withUnsafeBufferPointer { ids in
        guard let first = ids.baseAddress else { return }
        kernels.lookup(out, pointer, first, ids.count, D)
      }
    }
    return y.recorded(from: self) { dy in
      let dtable = Tensor([V, D]) { out in
        ids.withUnsafeBufferPointer { ids in
          // Every thread reads all positions, so splitting pays only when rows are long.
          Processor.current.workers.share(V, cost: max(1, ids.count * D / max(V, 1))) { rows in
            kernels.lookup_pullback(
              out + rows.lowerBound * D, rows.lowerBound, rows.upperBound, dy.pointer, ids.baseAddress!,
              ids.count, D)
          }
        }
      }
      return [dtable]
    }
  }

  /// The rows numbered `rows` of all rows (every axis but the last taken together): shape [rows.count, columns].
  ///
  ///      y_i = x[rows_i]
  ///     dx[rows_i] = dy_i, 0 elsewhere; a row may be chosen once
  package func rows(_ rows: [Int32]) -> Tensor {
    let original = shape
    var isChosen = [Bool](repeating: false, count: original.rows)
    for row in rows {
      require(row >= 0 && row < original.rows, "a row outside 0..<\(original.rows) was chosen: \(row)")
      require(!isChosen[Int(row)], "row \(row) was chosen twice")
      isChosen[Int(row)] = true
    }
    let y = Tensor([rows.count, original.columns]) { out in
      rows.withUnsafeBufferPointer { ids in
        guard let first = ids.baseAddress else { return }
        kernels.lookup(out, pointer, first, ids.count, original.columns)
      }
    }
    return y.recorded(from: self) { dy in
      let dx = Tensor(original, repeating: 0)
      let D = original.columns
      for (index, row) in rows.enumerated() {
        (dx.pointer + Int(row) * D).update(from: dy.pointer + index * D, count: D)
      }
      return [dx]
    }
  }

  /// The same numbers in another shape of as many elements.
  package func reshaped(_ shape: Shape) -> Tensor {
    require(shape.count == self.shape.count, "\(self.shape) cannot become \(shape)")
    let original = self.shape
    return Tensor(shape, storage).recorded(from: self) { dy in [Tensor(original, dy.storage)] }
  }

  /// `self` once for every one of `count` sequences: shape [count] + shape.
  ///
  ///      y_b = x
  ///     dx = Σ_b dy_b, ascending
  package func repeated(_ count: Int) -> Tensor {
    let shape = shape
    let y = Tensor(Shape([count] + shape.extents)) { out in
      for row in 0..<count { (out + row * shape.count).update(from: pointer, count: shape.count) }
    }
    return y.recorded(from: self) { dy in
      [Tensor(shape, columnSums(of: Tensor([count, shape.count], dy.storage)).storage)]
    }
  }
}
