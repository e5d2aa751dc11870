/// Tensors [B, M_i, E] one after another along their middle axis: [B, Σ M_i, E].
///
///      y = [x_0, x_1, …]
///     dx_i = the rows of dy where x_i went
///
/// What is a constant gets no gradient: so memories that are carried along cost nothing on the way back.
package func joined(_ parts: [Tensor]) -> Tensor {
  require(!parts.isEmpty, "no tensors were given to be joined")
  let (B, _, E) = parts[0].extents3
  for part in parts {
    require(
      part.shape.rank == 3 && part.shape[0] == B && part.shape[2] == E,
      "\(part.shape) cannot be joined to \(parts[0].shape)")
  }
  let full = parts.filter { $0.shape[1] > 0 }
  if full.count == 1 && !parts.contains(where: \.isTraced) { return full[0] }
  let extents = parts.map { $0.shape[1] * E }
  let M = parts.reduce(0) { $0 + $1.shape[1] }
  let y = Tensor([B, M, E]) { out in
    Processor.current.workers.share(B, cost: M * E) { sequences in
      for b in sequences {
        var to = out + b * M * E
        for (part, extent) in zip(parts, extents) {
          to.update(from: part.pointer + b * extent, count: extent)
          to += extent
        }
      }
    }
  }
  let (shapes, wanted) = (parts.map(\.shape), parts.map(\.isTraced))
  return y.recorded(from: parts) { dy in
    var first = 0
    return shapes.indices.map { index in
      let start = first
      first += extents[index]
      guard wanted[index] else { return nil }
      return Tensor(shapes[index]) { dx in
        Processor.current.workers.share(B, cost: extents[index]) { sequences in
          for b in sequences {
            (dx + b * extents[index]).update(from: dy.pointer + b * M * E + start, count: extents[index])
          }
        }
      }
    }
  }
}

/// Tensors [B_i, ...] one after another along their first axis, as a constant: what several batches are as one.
package func stacked(_ parts: [Tensor]) -> Tensor {
  require(!parts.isEmpty, "no tensors were given to be stacked")
  let inner = parts[0].shape.extents.dropFirst()
  for part in parts {
    require(
      part.shape.rank > 0 && part.shape.extents.dropFirst() == inner,
      "\(part.shape) cannot be stacked on \(parts[0].shape)")
  }
  return Tensor(Shape([parts.reduce(0) { $0 + $1.shape[0] }] + inner)) { out in
    var to = out
    for part in parts {
      to.update(from: part.pointer, count: part.shape.count)
      to += part.shape.count
    }
  }
}

/// Rows `range` of every sequence of two tensors [B, M, E] and [B, L, E] joined, as a constant.
package func joined(_ older_BME: Tensor, _ newer_BLE: Tensor, rows range: Range<Int>) -> Tensor {
  let ((B, M, E), (sequences, L, width)) = (older_BME.extents3, newer_BLE.extents3)
  require(
    sequences == B && width == E && range.lowerBound >= 0 && range.upperBound <= M + L,
    "rows \(range) cannot be taken of \(older_BME.shape) and \(newer_BLE.shape)")
  if range == 0..<M { return older_BME.detached }
  if range == M..<M + L { return newer_BLE.detached }
  let (older, newer) = (range.clamped(to: 0..<M), range.clamped(to: M..<M + L))
  return Tensor([B, range.count, E]) { out in
    Processor.current.workers.share(B, cost: range.count * E) { sequences in
      for b in sequences {
        let to = out + b * range.count * E
        to.update(from: older_BME.pointer + (b * M + older.lowerBound) * E, count: older.count * E)
        (to + older.count * E).update(
          from: newer_BLE.pointer + (b * L + newer.lowerBound - M) * E, count: newer.count * E)
      }
    }
  }
}

/// The last `count` rows of every sequence of two tensors joined, as a constant: what a memory of so many rows holds
/// after a segment.
package func latest(_ count: Int, of memory_BME: Tensor, _ segment_BLE: Tensor) -> Tensor {
  let rows = memory_BME.shape[1] + segment_BLE.shape[1]
  return joined(memory_BME, segment_BLE, rows: rows - count..<rows)
}
