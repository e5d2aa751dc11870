import CHDF5

/// Builds a file in memory from a value, so that equal values give equal bytes.
///
/// What makes it so (each measured): bounds V110 to V110, no times on any object or on the root, links and
/// attributes in order of creation, little-endian types spelled out, no text of varying length. Every
/// dataset is one or more chunks with a Fletcher32 checksum; single values and empty datasets have no
/// chunks and stand in their object's header, which has a checksum of its own.
struct Writer {
  let file: String

  /// Rows in a chunk of a stream: a list of numbers, or rows of them.
  private static let streamRows = 4096
  /// About the most bytes in a chunk of rows: h5py's advice.
  private static let chunkBytes = 1 << 20

  /// The finished file, from its user block of zeros to its end.
  func image(of root: Group, userBlock: Int) throws(ArchiveError) -> FileImage {
    let place = Place(file: file, object: "/")
    let creation = try properties(hdf5_file_create(), at: place)
    try place.check(H5Pset_link_creation_order(creation.id, hdf5_creation_order()), "preparing")
    try place.check(H5Pset_userblock(creation.id, hsize_t(userBlock)), "preparing")
    let access = try Handle(H5Pcreate(hdf5_file_access()), H5Pclose, "preparing", at: place)
    try place.check(H5Pset_libver_bounds(access.id, H5F_LIBVER_V110, H5F_LIBVER_V110), "preparing")

    let memory = UnsafeMutablePointer<hdf5_image>.allocate(capacity: 1)
    memory.initialize(to: hdf5_image())
    defer { memory.deallocate() }
    try place.check(hdf5_keep_in_memory(access.id, Writer.chunkBytes, memory), "preparing")
    do throws(ArchiveError) {
      // The name is only a label: nothing of this name is opened.
      let file = try Handle(
        H5Fcreate("image", hdf5_exclusive(), creation.id, access.id), H5Fclose, "creating", at: place)
      let top = try Handle(H5Gopen2(file.id, "/", hdf5_default()), H5Gclose, "opening", at: place)
      try write(root, into: top.id, at: place)
      try DimensionScales.connect(root, in: file.id, at: place)
      try top.close(at: place)
      try file.close(at: place)
    } catch {
      free(memory.pointee.bytes)
      throw error
    }
    guard let bytes = memory.pointee.bytes else { throw place.failure("finishing") }
    // The superblock says where the file ends; HDF5 1.10 has no other answer after the close.
    let end = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: userBlock + 28, as: UInt64.self)
    let image = FileImage(taking: bytes, count: Int(UInt64(littleEndian: end)))
    guard image.bytes.count <= memory.pointee.capacity else { throw place.failure("measuring") }
    return image
  }

  /// A property list for creating objects: no times, attributes in order of creation.
  private func properties(_ kind: hid_t, at place: Place) throws(ArchiveError) -> Handle {
    let list = try Handle(H5Pcreate(kind), H5Pclose, "preparing", at: place)
    try place.check(H5Pset_obj_track_times(list.id, false), "preparing")
    try place.check(H5Pset_attr_creation_order(list.id, hdf5_creation_order()), "preparing")
    return list
  }

  private func write(_ group: Group, into id: hid_t, at place: Place) throws(ArchiveError) {
    for attribute in group.attributes { try write(attribute, of: id, at: place) }
    var names: Set<String> = []
    for member in group.members {
      let here = place[member.name]
      let isName =
        !member.name.isEmpty && member.name != "."
        && !member.name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
      guard isName, names.insert(member.name).inserted else {
        throw unwritable(here, "its name is empty, used twice, \".\" or has a slash or a zero in it")
      }
      switch member.item {
      case .group(let inner):
        let creation = try properties(hdf5_group_create(), at: here)
        try here.check(H5Pset_link_creation_order(creation.id, hdf5_creation_order()), "preparing")
        let child = try Handle(
          H5Gcreate2(id, member.name, hdf5_default(), creation.id, hdf5_default()), H5Gclose, "creating",
          at: here)
        try write(inner, into: child.id, at: here)
        try child.close(at: here)
      case .dataset(let dataset):
        try write(dataset, named: member.name, into: id, at: here)
      }
    }
  }

  private func write(_ dataset: Dataset, named name: String, into id: hid_t, at place: Place)
    throws(ArchiveError)
  {
    let shape = dataset.shape
    guard shape.count <= Int(H5S_MAX_RANK), shape.allSatisfy({ $0 >= 0 }),
      dataset.elements.count == shape.reduce(1, *)
    else { throw unwritable(place, "\(dataset.elements.count) elements do not fill the shape \(shape)") }

    let creation = try properties(hdf5_dataset_create(), at: place)
    let elements = try StoredElements.of(dataset.elements, at: place)
    if shape.isEmpty || shape.contains(0) {
      try place.check(H5Pset_layout(creation.id, H5D_COMPACT), "preparing")
    } else {
      var chunk = shape.map { hsize_t($0) }
      chunk[0] = hsize_t(Writer.chunkRows(shape, elementSize: elements.size))
      try place.check(H5Pset_chunk(creation.id, Int32(shape.count), chunk), "preparing")
      if dataset.compressed {
        try place.check(H5Pset_shuffle(creation.id), "preparing")
        try place.check(H5Pset_deflate(creation.id, 4), "preparing")
      }
      try place.check(H5Pset_fletcher32(creation.id), "preparing")
    }
    let space = try Writer.space(shape, at: place)
    let set = try Handle(
      H5Dcreate2(id, name, elements.fileType.id, space.id, hdf5_default(), creation.id, hdf5_default()),
      H5Dclose, "creating", at: place)
    if elements.count > 0 {
      let status = elements.withBytes {
        H5Dwrite(set.id, elements.memoryType, hdf5_all(), hdf5_all(), hdf5_default(), $0)
      }
      try place.check(status, "writing")
    }
    if let scaleName = dataset.scaleName {
      try write(Attribute("CLASS", .text("DIMENSION_SCALE")), of: set.id, at: place)
      try write(Attribute("NAME", .text(scaleName)), of: set.id, at: place)
    }
    for attribute in dataset.attributes { try write(attribute, of: set.id, at: place) }
    try set.close(at: place)
  }

  /// Rows in one chunk: all, as long as a chunk stays a good size to read.
  private static func chunkRows(_ shape: [Int], elementSize: Int) -> Int {
    let rowBytes = shape.dropFirst().reduce(elementSize, *)
    let most = shape.count == 1 ? streamRows : max(1, chunkBytes / rowBytes)
    return min(shape[0], most)
  }

  private func write(_ attribute: Attribute, of id: hid_t, at place: Place) throws(ArchiveError) {
    let here = Place(file: file, object: "attribute \(attribute.name) of \(place.object)")
    let (shape, values): ([Int], Elements) =
      switch attribute.value {
      case .text(let text): ([], .texts([text]))
      case .real(let number): ([], .float64([number]))
      case .integer(let number): ([], .int64([number]))
      case .unsigned32(let number): ([], .uint32([number]))
      case .unsigned64(let number): ([], .uint64([number]))
      case .texts(let texts): ([texts.count], .texts(texts))
      case .reals(let numbers): ([numbers.count], .float64(numbers))
      case .integers(let numbers): ([numbers.count], .int64(numbers))
      }
    guard !attribute.name.isEmpty, !attribute.name.utf8.contains(0), H5Aexists(id, attribute.name) == 0 else {
      throw unwritable(here, "its name is empty, used twice or has a zero in it")
    }
    let elements = try StoredElements.of(values, at: here)
    let space = try Writer.space(shape, at: here)
    let stored = try Handle(
      H5Acreate2(id, attribute.name, elements.fileType.id, space.id, hdf5_default(), hdf5_default()),
      H5Aclose, "creating", at: here)
    if elements.count > 0 {
      try here.check(elements.withBytes { H5Awrite(stored.id, elements.memoryType, $0) }, "writing")
    }
    try stored.close(at: here)
  }

  /// Writes an attribute of a type made elsewhere, from values laid out as that type says.
  static func attribute<Value>(
    _ name: String, of id: hid_t, _ type: hid_t, _ shape: [Int], _ values: [Value]
  ) -> herr_t {
    let space = H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
    defer { _ = H5Sclose(space) }
    let attribute = H5Acreate2(id, name, type, space, hdf5_default(), hdf5_default())
    let written = values.withUnsafeBytes { H5Awrite(attribute, type, $0.baseAddress) }
    let closed = H5Aclose(attribute)
    return min(written, closed)
  }

  private static func space(_ shape: [Int], at place: Place) throws(ArchiveError) -> Handle {
    let id =
      shape.isEmpty
      ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
    return try Handle(id, H5Sclose, "describing", at: place)
  }

  private func unwritable(_ place: Place, _ reason: String) -> ArchiveError {
    .unwritable(file: file, object: place.object, reason: reason)
  }
}
