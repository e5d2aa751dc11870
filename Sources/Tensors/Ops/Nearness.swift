import CKernels

/// Some rows of a table of vectors.
package struct ChosenRows {
  /// Row by row.
  package let table_ND: [Float]
  package let rows: [Int]

  package init(_ table_ND: [Float], _ rows: [Int]) { (self.table_ND, self.rows) = (table_ND, rows) }
}

/// How near chosen vectors of every sequence are to all W of its vectors in [B, W, D]: the scores of all sequences, one
/// after another. Records nothing.
///
///     out_i = log Σ_j exp(-|x_i - y_j|²)
///
/// Tables are read where they lie. Each score is a row reduction of its own, so that it has the same bits in whatever
/// company it is computed.
package func logarithmicNearness(of chosen: [ChosenRows], to vectors_BWD: Tensor) -> Tensor {
  let (B, W, D) = vectors_BWD.extents3
  require(chosen.count == B, "rows of \(chosen.count) tables cannot be compared with \(vectors_BWD.shape)")
  var starts = [0]
  for (table, rows) in chosen.lazy.map({ ($0.table_ND.count / max(D, 1), $0.rows) }) {
    require(
      rows.allSatisfy { $0 >= 0 && $0 < table }, "a row outside 0..<\(table) was chosen of a table of vectors"
    )
    starts.append(starts[starts.count - 1] + rows.count)
  }
  // So few that the distances of a block stay in the nearest cache.
  let block = 32
  return Tensor([starts[B]]) { out in
    let processor = Processor.current
    processor.workers.share(B, cost: 3 * starts[B] / max(B, 1) * W * D) { sequences in
      let room = Storage(count: block * W)
      let distance = room.pointer
      defer { extendLifetime(room) }
      for b in sequences {
        let rows = chosen[b].rows
        chosen[b].table_ND.withUnsafeBufferPointer { table in
          var done = 0
          while done < rows.count {
            let end = min(done + block, rows.count)
            var next = done
            while next < end {
              // Rows that lie side by side are one call.
              let (first, start) = (rows[next], next)
              repeat { next += 1 } while next < end && rows[next] == first + next - start
              processor.kernels.squared_distance(
                distance + (start - done) * W, table.baseAddress! + first * D,
                vectors_BWD.pointer + b * W * D, next - start, W, D)
            }
            processor.kernels.scale(distance, distance, -1, (end - done) * W)
            processor.kernels.log_sum_exp(out + starts[b] + done, distance, end - done, W)
            done = end
          }
        }
      }
    }
  }
}
