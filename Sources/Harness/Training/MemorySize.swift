import Models

/// The most bytes that one batch carried from segment to segment, and those of its associations among them.
package struct MemorySize {
  package private(set) var stateBytes = 0
  package private(set) var associationBytes = 0

  mutating func grow(to other: MemorySize) {
    stateBytes = max(stateBytes, other.stateBytes)
    associationBytes = max(associationBytes, other.associationBytes)
  }

  /// What two groups of a batch carry.
  static func += (sum: inout MemorySize, more: MemorySize) {
    sum.stateBytes += more.stateBytes
    sum.associationBytes += more.associationBytes
  }
}

extension MemorySize {
  /// Of a batch that was read to its end.
  init<M: SequenceModel>(_ memory: M.Memory, of model: M) {
    stateBytes = model.carriedBytes(of: memory)
    associationBytes = model.report(of: memory)?.associationBytes ?? 0
  }
}
