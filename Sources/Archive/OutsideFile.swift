/// Files that a person asked for outside of a store, written by the same steps as those inside: whole under their name,
/// or not there.
package enum OutsideFile {
  /// Writes bytes.
  ///
  /// - Parameter replacing: whether a file that stands there is replaced, in one step.
  /// - Throws: `exists`, `noSpace`, `system`.
  package static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(ArchiveError) {
    try Publication.publish(bytes, at: path, replacing: replacing)
  }

  /// Writes a plain HDF5 file, without a user block.
  ///
  /// - Throws: as for bytes, and `unwritable` for a tree that cannot be a file.
  package static func write(_ group: Group, to path: String, replacing: Bool) throws(ArchiveError) {
    let image = try HDF5.image(of: group, userBlock: 0, for: path)
    try Publication.publish([image.bytes], at: path, replacing: replacing)
  }
}
