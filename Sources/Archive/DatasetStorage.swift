import CHDF5

/// How the elements of a dataset are kept, looked at before they are asked for.
struct DatasetStorage {
  let properties: hid_t
  let place: Place

  /// Refuses elements that are kept in other files: outside of a store nothing is read.
  func refuseOtherFiles() throws(ArchiveError) {
    let layout = H5Pget_layout(properties)
    let isElsewhere = layout == H5D_VIRTUAL || H5Pget_external_count(properties) != 0
    if layout == H5D_LAYOUT_ERROR { throw place.failure("reading the layout of") }
    if isElsewhere {
      throw ArchiveError.unsupported(
        file: place.file, object: place.object, found: "elements that lie in another file")
    }
  }

  /// Refuses chunks that are larger than the file could fill, and filters that no file of ours or of h5py's usual
  /// settings has: each is code of the library that would work on the bytes of a stranger.
  ///
  /// - Parameters:
  ///   - elementSize: of one element in the file, in bytes.
  ///   - bytes: the size of the file.
  func refuseStrangeChunks(of elementSize: Int, in bytes: Int) throws(ArchiveError) {
    guard H5Pget_layout(properties) == H5D_CHUNKED else { return }
    var extents = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = H5Pget_chunk(properties, H5S_MAX_RANK, &extents)
    guard rank > 0 else { throw place.failure("reading the chunks of") }
    let shape = extents.prefix(Int(rank)).map { Int(clamping: $0) }
    var bounds = ReadingBounds(fileOf: bytes)
    guard bounds.take(shape, elementSize: elementSize) != nil else {
      throw ArchiveError.unsupported(
        file: place.file, object: place.object, found: "chunks of \(shape) in a file of \(bytes) bytes")
    }
    let count = H5Pget_nfilters(properties)
    guard count >= 0 else { throw place.failure("reading the filters of") }
    for number in 0..<UInt32(count) {
      var (flags, values): (UInt32, Int) = (0, 0)
      let filter = H5Pget_filter2(properties, number, &flags, &values, nil, 0, nil, nil)
      guard [H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32].contains(filter) else {
        throw ArchiveError.unsupported(
          file: place.file, object: place.object,
          found: filter < 0
            ? "chunks that were packed in a way that cannot be read" : "chunks packed by filter \(filter)")
      }
    }
  }
}
