package import Records

/// `weights.h5`: the final weights by parameter name.
///
///     /                attributes: format, format_version, run, digest
///     /parameters/<dotted name>   f32[...], row-major
package enum WeightsFile {
  /// Publishes the weights of a run; returns their digest.
  package static func write(_ parameters: [NamedArray], run: Digest, to path: String) throws(ArchiveError)
    -> Digest
  {
    let digest = weightsDigest(parameters)
    var root = Group(attributes: Layout.head(.weights, run: run) + [Attribute("digest", .text(digest.hex))])
    root.members.append(Group.Member("parameters", .group(NamedArray.tree(of: parameters))))
    try publish(root, kind: .weights, run: run, at: path)
    return digest
  }

  /// Reads weights whose bytes are those published, and whose numbers have the digest they are named by.
  ///
  /// - Parameter digest: the digest a result names; nil accepts the one in the file.
  package static func read(
    _ path: String, run: Digest?, digest: Digest? = nil
  ) throws(ArchiveError) -> [NamedArray] {
    let layout = Layout(file: path, root: try readStored(path, kind: .weights, run: run))
    try layout.checkVersion()
    let parameters = try NamedArray.read("parameters", from: layout)
    let (found, inside) = (weightsDigest(parameters), try layout.digest("digest"))
    for expected in [digest, inside] {
      if let expected, found != expected {
        throw layout.malformed("parameters", "weights with the digest \(found.short)", expected.short)
      }
    }
    return parameters
  }
}
