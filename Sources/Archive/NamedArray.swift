package import Records

/// A parameter, or what an optimizer keeps for one: numbers under a dotted path.
package struct NamedArray: Sendable, Equatable {
  /// `layers.0.attention.query.weight`.
  package let name: String
  package let shape: [Int]
  /// Row-major.
  package let values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    (self.name, self.shape, self.values) = (name, shape, values)
  }

  /// Same name, shape and bits.
  package static func == (one: NamedArray, other: NamedArray) -> Bool {
    one.name == other.name && one.shape == other.shape
      && Elements.float32(one.values) == Elements.float32(other.values)
  }
}

/// The digest of a model's weights: what two people compare, whatever the file format.
///
/// SHA-256 over `mneme/weights/v1` and a zero, then for every array, in the order of the bytes of their names:
/// the length of its name, its name in UTF-8, its number of dimensions, its extents, its numbers. All
/// integers are unsigned, 64 bits, little-endian; the numbers are IEEE single precision, little-endian.
package func weightsDigest(_ parameters: [NamedArray]) -> Digest {
  var builder = DigestBuilder(kind: "weights")
  func add(_ numbers: [Int]) {
    builder.update(
      numbers.flatMap { number in withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) } })
  }
  for parameter in parameters.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
    add([parameter.name.utf8.count])
    builder.update(Array(parameter.name.utf8))
    add([parameter.shape.count] + parameter.shape)
    parameter.values.withUnsafeBytes { builder.update($0) }
  }
  return builder.finish()
}

extension NamedArray {
  /// A group with one dataset an array, under its whole dotted name: `file["parameters"][name]` in h5py.
  static func tree(of arrays: [NamedArray]) -> Group {
    Group(
      attributes: [Attribute("order", .text("row-major"))],
      members: arrays.map { Group.Member($0.name, .dataset(Dataset(shape: $0.shape, .float32($0.values)))) })
  }

  /// Reads such a group back, in the order it was written.
  static func read(_ path: String, from layout: Layout) throws(ArchiveError) -> [NamedArray] {
    var arrays: [NamedArray] = []
    for member in try layout.group(path).members {
      guard case .dataset(let dataset) = member.item, let values = dataset.elements.floats else {
        throw layout.malformed("\(path)/\(member.name)", "not 32-bit numbers", "an array of them")
      }
      arrays.append(NamedArray(name: member.name, shape: dataset.shape, values: values))
    }
    return arrays
  }
}
