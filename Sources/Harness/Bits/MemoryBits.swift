import Engrams
import Tensors

/// Everything that one sequence of a batch carries from a segment to the next, looked up in whatever the type of a memory
/// declares: a new model is compared without a line of its own.
///
/// A tensor that begins with the sequences gives the part of `row`, any other all of it; engrams give their snapshot.
///
/// - name: Put before the path of every part.
func memoryBits(_ memory: Any, named name: String, row: Int, of rows: Int) -> [NumberBytes] {
  switch memory {
  case let tensor as Tensor:
    guard tensor.shape.rank > 1, tensor.shape[0] == rows else { return [NumberBytes(name, tensor.values)] }
    let count = tensor.shape.count / rows
    return [NumberBytes(name, Array(tensor.values[row * count..<(row + 1) * count]))]
  case let engrams as EngramMemory:
    let snapshot = engrams.snapshot(ofRow: row)
    return [
      NumberBytes("\(name) vectors", snapshot.vectors),
      NumberBytes("\(name) kinds", snapshot.kinds.map(\.rawValue)),
      NumberBytes("\(name) lifespans", snapshot.lifespans), NumberBytes("\(name) ages", snapshot.ages),
      NumberBytes("\(name) identifiers", snapshot.identifiers),
      NumberBytes("\(name) counts", snapshot.counts),
    ]
  case let numbers as [Float]: return [NumberBytes(name, numbers)]
  case let numbers as [Double]: return [NumberBytes(name, numbers)]
  case let numbers as [Int]: return [NumberBytes(name, numbers)]
  case let numbers as [Int32]: return [NumberBytes(name, numbers)]
  case let number as Float: return [NumberBytes(name, [number])]
  case let number as Double: return [NumberBytes(name, [number])]
  case let number as Int: return [NumberBytes(name, [number])]
  case let flag as Bool: return [NumberBytes(name, [flag ? UInt8(1) : 0])]
  default:
    let mirror = Mirror(reflecting: memory)
    let isEmpty = [.collection, .dictionary, .set, .optional, .tuple, .struct].contains(mirror.displayStyle)
    // A number of another type, or a name: by what it says.
    if mirror.children.isEmpty && !isEmpty { return [NumberBytes(name, Array("\(memory)".utf8))] }
    return mirror.children.enumerated().flatMap { index, child in
      memoryBits(child.value, named: "\(name).\(child.label ?? "\(index)")", row: row, of: rows)
    }
  }
}
