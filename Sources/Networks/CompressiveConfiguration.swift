/// Whether the projection to keys and values learns.
package enum KeyValueLearning: String, Codable, Sendable, CaseIterable {
  case trainable
  /// As the released code has it, which cuts the projection out of training before the first step: it stays as it
  /// started.
  case frozen
}

/// Which rows of the past the compressed ones shall stand for.
package enum ReconstructionTarget: String, Codable, Sendable, CaseIterable {
  /// The recent memory.
  case aligned
  /// As many rows as the recent memory has, found by counting a full segment from the end. In a shorter segment
  /// they are older ones, some of them compressed.
  case reference
}

/// The sizes of a Compressive Transformer's memory (`model.compressive_transformer.*`).
package struct CompressiveConfiguration: Codable, Sendable, Hashable {
  /// The most tokens of a segment: relative positions are numbered from here.
  package var segmentLength: Int
  /// Rows that are remembered as they were, in every layer.
  package var memoryLength: Int
  /// Compressed rows that are remembered, in every layer.
  package var compressedLength: Int
  /// Rows that become one.
  package var compressionRate: Int
  package var keyValue: KeyValueLearning
  /// What the loss of reconstructing attention counts beside the task's; 0 for none.
  package var auxiliaryWeight: Double
  package var auxiliaryTarget: ReconstructionTarget

  package init(
    segmentLength: Int, memoryLength: Int, compressedLength: Int, compressionRate: Int,
    keyValue: KeyValueLearning, auxiliaryWeight: Double, auxiliaryTarget: ReconstructionTarget
  ) {
    self.segmentLength = segmentLength
    self.memoryLength = memoryLength
    self.compressedLength = compressedLength
    self.compressionRate = compressionRate
    self.keyValue = keyValue
    self.auxiliaryWeight = auxiliaryWeight
    self.auxiliaryTarget = auxiliaryTarget
  }

  /// The most keys that a query can see, which is how many relative positions there are.
  package var positions: Int { segmentLength + memoryLength + compressedLength }
}
