import Engrams
import Tensors

extension SequenceModel {
  /// Bytes of everything that a memory carries from one segment to the next: what Table 9 compares beside time.
  ///
  /// Every part that the type `Memory` declares is looked at, so a new model is counted without a line of its own and
  /// can forget nothing. A log that a memory keeps is not carried for the model's sake and does not count; two parts
  /// that share a tensor count it twice.
  package func carriedBytes(of memory: Memory) -> Int { bytes(of: memory) }
}

private func bytes(of value: Any) -> Int {
  switch value {
  case let tensor as Tensor: return tensor.shape.count * MemoryLayout<Float>.size
  case let engrams as EngramMemory: return engrams.stateBytes
  // Long lists are not walked number by number.
  case let numbers as [Float]: return numbers.count * MemoryLayout<Float>.size
  case let numbers as [Double]: return numbers.count * MemoryLayout<Double>.size
  case let numbers as [Int]: return numbers.count * MemoryLayout<Int>.size
  case let numbers as [Int32]: return numbers.count * MemoryLayout<Int32>.size
  case let number as any FixedWidthInteger: return number.bitWidth / 8
  case is Double: return MemoryLayout<Double>.size
  case is Float: return MemoryLayout<Float>.size
  case is Bool: return MemoryLayout<Bool>.size
  default: return Mirror(reflecting: value).children.reduce(0) { $0 + bytes(of: $1.value) }
  }
}
