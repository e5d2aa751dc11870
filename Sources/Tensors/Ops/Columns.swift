extension Tensor {
  /// Some neighbouring entries of the last axis: shape [..., range.count].
  ///
  ///      y = x[..., range]
  ///     dx[..., range] = dy, 0 elsewhere
  package func columns(_ range: Range<Int>) -> Tensor {
    let original = shape
    let (rows, all, some) = (original.rows, original.columns, range.count)
    require(
      range.lowerBound >= 0 && range.upperBound <= all,
      "\(original) has no columns \(range): they end at \(all)")
    let y = Tensor(original.withColumns(some)) { out in
      Processor.current.workers.share(rows, cost: some) { rows in
        for row in rows {
          (out + row * some).update(from: pointer + row * all + range.lowerBound, count: some)
        }
      }
    }
    return y.recorded(from: self) { dy in
      [
        Tensor(original) { dx in
          Processor.current.workers.share(rows, cost: all) { rows in
            for row in rows {
              let start = dx + row * all
              start.initialize(repeating: 0, count: range.lowerBound)
              (start + range.lowerBound).update(from: dy.pointer + row * some, count: some)
              (start + range.upperBound).initialize(repeating: 0, count: all - range.upperBound)
            }
          }
        }
      ]
    }
  }
}
