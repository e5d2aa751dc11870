import Archive

extension OracleFile {
  /// The same file with a fused map in parts, as if each part had been stored under a name of its own,
  /// `publicName.part`: so many equal shares of its outputs, one after another.
  ///
  /// The map must be stored [outputs, inputs]; where a group does not have it, that group has no parts either.
  func divided(
    _ publicName: String, into parts: [(name: String, shares: Int)],
    in groups: [String] = ["weights", "gradients"]
  ) throws(OracleError) -> OracleFile {
    let shares = parts.reduce(0) { $0 + $1.shares }
    var copy = self
    for group in groups {
      guard let whole = root.dataset("\(group)/\(publicName)") else { continue }
      guard whole.shape.count == 2, whole.shape[0] % shares == 0, let values = whole.elements.doubles else {
        throw .file(
          name, "\(group)/\(publicName) is not a map that can be shared out in \(shares) equal parts")
      }
      let share = values.count / shares
      var first = 0
      for part in parts {
        var dataset = whole
        dataset.shape = [whole.shape[0] / shares * part.shares, whole.shape[1]]
        dataset.elements = .float64(Array(values[first * share..<(first + part.shares) * share]))
        copy.root.set(.dataset(dataset), at: "\(group)/\(publicName).\(part.name)")
        first += part.shares
      }
    }
    return copy
  }
}
