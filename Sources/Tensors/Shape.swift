/// The extents of a tensor, outermost first; elements lie in row-major order without gaps.
package struct Shape: ExpressibleByArrayLiteral, Hashable, Sendable, CustomStringConvertible {
  package let extents: [Int]

  package init(_ extents: [Int]) {
    require(extents.allSatisfy { $0 >= 0 }, "an extent is negative in \(extents)")
    self.extents = extents
  }

  package init(arrayLiteral extents: Int...) { self.init(extents) }

  /// How many elements. A shape without extents has one.
  package var count: Int { extents.reduce(1, *) }
  package var rank: Int { extents.count }

  /// The innermost extent; 1 for a single number.
  package var columns: Int { extents.last ?? 1 }
  /// All extents but the innermost, multiplied.
  package var rows: Int { extents.dropLast().reduce(1, *) }

  package subscript(_ axis: Int) -> Int { extents[axis] }

  /// The same shape with another innermost extent.
  package func withColumns(_ columns: Int) -> Shape { Shape(extents.dropLast() + [columns]) }

  package var description: String { "[" + extents.map { String($0) }.joined(separator: ", ") + "]" }
}
