import Engrams
import Tensors

extension SequenceModel {
  /// What a memory carries that is not finite, in words; nil as it should be.
  ///
  /// Every part that the type `Memory` declares is looked at, as in `carriedBytes(of:)`.
  package func nonFinitePart(of memory: Memory) -> String? {
    guard let (path, words) = nonFinitePart(of: memory as Any) else { return nil }
    return path.isEmpty ? words : "\(words) in \(path.joined(separator: "."))"
  }

  private func nonFinitePart(of value: Any) -> (path: [String], words: String)? {
    func words(_ number: (some BinaryFloatingPoint)?) -> (path: [String], words: String)? {
      number.map { ([], Scrutiny.words($0)) }
    }
    switch value {
    case let tensor as Tensor: return words(tensor.firstNonFinite?.value)
    case let engrams as EngramMemory: return engrams.nonFinite.map { ([], "\($0) that is not finite") }
    case let numbers as [Float]: return words(numbers.first { !$0.isFinite })
    case let numbers as [Double]: return words(numbers.first { !$0.isFinite })
    case let number as Float: return words(number.isFinite ? nil : number)
    case let number as Double: return words(number.isFinite ? nil : number)
    case is any FixedWidthInteger, is [Int], is [Int32], is Bool: return nil
    default:
      for (index, part) in Mirror(reflecting: value).children.enumerated() {
        guard let (path, words) = nonFinitePart(of: part.value) else { continue }
        // An optional's only part stands for itself.
        return (part.label == "some" ? path : [part.label ?? "\(index)"] + path, words)
      }
      return nil
    }
  }
}
