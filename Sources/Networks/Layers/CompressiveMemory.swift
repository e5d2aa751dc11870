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
  package var parts: [Tensor] { [compressed_BMD, recent_BMD] }

  /// How many rows that are.
  package var count: Int { compressed_BMD.shape[1] + recent_BMD.shape[1] }

  /// The recent rows once `rows_BLD` have come, of which `capacity` stay, and the older ones that leave.
  package func pushed(_ rows_BLD: Tensor, capacity: Int) -> (recent_BMD: Tensor, evicted_BMD: Tensor) {
    let rows = recent_BMD.shape[1] + rows_BLD.shape[1]
    let leaving = max(0, rows - capacity)
    return (
      joined(recent_BMD, rows_BLD, rows: leaving..<rows), joined(recent_BMD, rows_BLD, rows: 0..<leaving)
    )
  }

  /// The compressed rows once `rows_BMD` have come, of which the latest `capacity` stay.
  package func compressed(and rows_BMD: Tensor, capacity: Int) -> Tensor {
    latest(min(capacity, compressed_BMD.shape[1] + rows_BMD.shape[1]), of: compressed_BMD, rows_BMD)
  }
}
