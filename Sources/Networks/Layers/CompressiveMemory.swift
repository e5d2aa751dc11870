package import Tensors

/// What one layer of a Compressive Transformer leaves to the next segment. Rows stand oldest first, and are constants.
package struct CompressiveMemory {
  /// The latest rows that the layer read, as they were [B, M, D].
  package let recent_BMD: Tensor
  /// What older rows became [B, M, D].
  package let compressed_BMD: Tensor

  package init(recent_BMD: Tensor, compressed_BMD: Tensor) {
    self.recent_BMD = recent_BMD.detached
    self.compressed_BMD = compressed_BMD.detached
  }

  /// The memory of `sequences` sequences that have not begun.
  package static func empty(sequences B: Int, width D: Int) -> CompressiveMemory {
    let nothing_BMD = Tensor([B, 0, D], repeating: 0)
    return CompressiveMemory(recent_BMD: nothing_BMD, compressed_BMD: nothing_BMD)
  }

  /// All that is remembered, from the oldest.
  package var all_BMD: Tensor { joined([compressed_BMD, recent_BMD]) }

  /// The recent rows once `rows_BLD` have come, of which `capacity` stay, and the older ones that leave.
  package func pushed(_ rows_BLD: Tensor, capacity: Int) -> (recent_BMD: Tensor, evicted_BMD: Tensor) {
    let queue_BMD = joined([recent_BMD, rows_BLD.detached])
    let M = queue_BMD.shape[1]
    let leaving = max(0, M - capacity)
    return (queue_BMD.constantRows(leaving..<M), queue_BMD.constantRows(0..<leaving))
  }

  /// The compressed rows once `rows_BMD` have come, of which the latest `capacity` stay.
  package func compressed(and rows_BMD: Tensor, capacity: Int) -> Tensor {
    let all_BMD = joined([compressed_BMD, rows_BMD.detached])
    let M = all_BMD.shape[1]
    return all_BMD.constantRows(max(0, M - capacity)..<M)
  }
}

extension Tensor {
  /// Rows `range` of every sequence of [B, M, D], as a constant.
  func constantRows(_ range: Range<Int>) -> Tensor {
    let (B, M, D) = extents3
    guard range != 0..<M else { return detached }
    let numbers = (0..<B).flatMap { b in range.map { Int32(b * M + $0) } }
    return detached.rows(numbers).reshaped([B, range.count, D])
  }
}
