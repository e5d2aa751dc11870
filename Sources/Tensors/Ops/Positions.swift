extension Tensor {
  /// Some neighbouring positions of every sequence of [B, L, D]: [B, range.count, D].
  ///
  ///      y = x[:, range]
  ///     dx[:, range] = dy, 0 elsewhere
  package func positions(_ range: Range<Int>) -> Tensor {
    let (B, L, D) = extents3
    require(
      range.lowerBound >= 0 && range.upperBound <= L,
      "\(shape) has no positions \(range): they end at \(L)")
    if range == 0..<L { return self }
    let (all, some, start) = (L * D, range.count * D, range.lowerBound * D)
    let y = Tensor([B, range.count, D]) { out in
      Processor.current.workers.share(B, cost: some) { sequences in
        for b in sequences { (out + b * some).update(from: pointer + b * all + start, count: some) }
      }
    }
    return y.recorded(from: self) { dy in
      [
        Tensor([B, L, D]) { dx in
          Processor.current.workers.share(B, cost: all) { sequences in
            for b in sequences {
              let to = dx + b * all
              to.initialize(repeating: 0, count: start)
              (to + start).update(from: dy.pointer + b * some, count: some)
              (to + start + some).initialize(repeating: 0, count: all - start - some)
            }
          }
        }
      ]
    }
  }
}
