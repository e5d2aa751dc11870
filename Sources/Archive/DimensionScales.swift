import CHDF5

/// The convention by which a dataset says what its rows are: HDF5 dimension scales.
///
/// A scale is a dataset with `CLASS = DIMENSION_SCALE`. A dataset that uses scales has a `DIMENSION_LIST`:
/// for every dimension a list of references to scales. A scale that is used has a `REFERENCE_LIST`: who
/// uses it, and along which dimension. h5py, netCDF-4 and HDFView follow these; the functions that make
/// them sit in a second library (libhdf5_hl), which is not worth a dependency for two attributes.
enum DimensionScales {
  /// Attributes that hold references, and are read only as `Dataset.dimensions`.
  static let names: Set = ["DIMENSION_LIST", "REFERENCE_LIST"]

  /// The absolute path of the first scale of every dimension; empty if there are none.
  static func read(of id: hid_t, rank: Int, at place: Place) throws(ArchiveError) -> [String?] {
    guard rank > 0, H5Aexists(id, "DIMENSION_LIST") > 0 else { return [] }
    let attribute = try Handle(
      H5Aopen(id, "DIMENSION_LIST", hdf5_default()), H5Aclose, "opening the scales of", at: place)
    let space = try Handle(H5Aget_space(attribute.id), H5Sclose, "reading the scales of", at: place)
    guard H5Sget_simple_extent_npoints(space.id) == rank else { return [] }
    let type = try listType(at: place)
    var lists = [hvl_t](repeating: hvl_t(), count: rank)
    try place.check(H5Aread(attribute.id, type.id, &lists), "reading the scales of")
    defer { _ = H5Dvlen_reclaim(type.id, space.id, hdf5_default(), &lists) }

    var paths: [String?] = []
    for list in lists {
      guard list.len > 0, let reference = list.p else { paths.append(nil); continue }
      var name = [CChar](repeating: 0, count: 4096)
      let length = H5Rget_name(id, H5R_OBJECT, reference, &name, name.count)
      guard length > 0 else { throw place.failure("following the scales of") }
      paths.append(String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    return paths
  }

  /// Connects the datasets of a finished tree with their scales.
  ///
  /// References are addresses, so all objects must exist first. Both attributes are written once, in the
  /// order of the tree: same tree, same bytes.
  static func connect(_ root: Group, in file: hid_t, at place: Place) throws(ArchiveError) {
    var users: [(scale: String, user: String, dimension: Int)] = []
    let datasets = root.datasets
    let scales = Set(datasets.filter { $0.dataset.scaleName != nil }.map { "/" + $0.path })
    for (path, dataset) in datasets where dataset.dimensions.contains(where: { $0 != nil }) {
      let here = Place(file: place.file, object: "/" + path)
      guard dataset.dimensions.count == dataset.shape.count, dataset.scaleName == nil else {
        throw ArchiveError.unwritable(
          file: place.file, object: here.object,
          reason:
            "\(dataset.dimensions.count) scales for \(dataset.shape.count) dimensions, or a scale with scales"
        )
      }
      for (dimension, scale) in dataset.dimensions.enumerated() {
        guard let scale else { continue }
        guard scales.contains(scale) else {
          throw ArchiveError.unwritable(
            file: place.file, object: here.object, reason: "\(scale) is not a scale")
        }
        users.append((scale, here.object, dimension))
      }
      try writeList(dataset.dimensions, of: here, in: file)
    }
    for scale in datasets.map({ "/" + $0.path }) where scales.contains(scale) {
      let mine = users.filter { $0.scale == scale }.map { ($0.user, $0.dimension) }
      if !mine.isEmpty { try writeUsers(mine, of: Place(file: place.file, object: scale), in: file) }
    }
  }

  private static func listType(at place: Place) throws(ArchiveError) -> Handle {
    try Handle(H5Tvlen_create(hdf5_object_reference()), H5Tclose, "describing the scales of", at: place)
  }

  private static func reference(to path: String, in file: hid_t, at place: Place) throws(ArchiveError)
    -> hobj_ref_t
  {
    var reference = hobj_ref_t()
    try place.check(H5Rcreate(&reference, file, path, H5R_OBJECT, -1), "referring to \(path) from")
    return reference
  }

  private static func writeList(_ scales: [String?], of place: Place, in file: hid_t) throws(ArchiveError) {
    var references: [hobj_ref_t] = []
    for scale in scales {
      references.append(
        try scale.map { path throws(ArchiveError) in try reference(to: path, in: file, at: place) } ?? 0)
    }
    let type = try listType(at: place)
    let dataset = try Handle(H5Dopen2(file, place.object, hdf5_default()), H5Dclose, "opening", at: place)
    let status = references.withUnsafeMutableBufferPointer { buffer in
      let lists = scales.indices.map { hvl_t(len: scales[$0] == nil ? 0 : 1, p: buffer.baseAddress! + $0) }
      return Writer.attribute("DIMENSION_LIST", of: dataset.id, type.id, [scales.count], lists)
    }
    try place.check(status, "writing the scales of")
    try dataset.close(at: place)
  }

  private static func writeUsers(
    _ users: [(path: String, dimension: Int)], of place: Place, in file: hid_t
  ) throws(ArchiveError) {
    // The layout of ds_list_t in H5DSpublic.h without its four bytes of padding, which hold anything.
    let type = try Handle(H5Tcreate(H5T_COMPOUND, 12), H5Tclose, "describing the users of", at: place)
    try place.check(H5Tinsert(type.id, "dataset", 0, hdf5_object_reference()), "describing the users of")
    try place.check(H5Tinsert(type.id, "dimension", 8, hdf5_int32()), "describing the users of")
    var bytes: [UInt8] = []
    for (path, dimension) in users {
      withUnsafeBytes(of: try reference(to: path, in: file, at: place)) { bytes += $0 }
      withUnsafeBytes(of: Int32(dimension).littleEndian) { bytes += $0 }
    }
    let scale = try Handle(H5Dopen2(file, place.object, hdf5_default()), H5Dclose, "opening", at: place)
    try place.check(
      Writer.attribute("REFERENCE_LIST", of: scale.id, type.id, [users.count], bytes), "writing the users of")
    try scale.close(at: place)
  }
}
