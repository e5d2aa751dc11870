import CHDF5

/// Reads groups of an open file into values.
struct Reader {
  let file: String
  /// The size of the file.
  let bytes: Int
  /// What it may reasonably hold.
  private var bounds: ReadingBounds

  /// Whether to read which scales a dataset has. Lists of references are of any length, and the library makes room for them
  /// before it looks whether the file has them; no number needs them.
  private let readsScales: Bool
  /// Whether to read texts of varying length, which no file of ours has: the library follows them from place to place in
  /// the file, and in one that was made for that it never comes to an end.
  private let readsVaryingTexts: Bool

  /// Addresses of the groups that enclose the one being read: a group inside itself never ends.
  private var enclosing: [haddr_t] = []
  /// How many objects were read. Hard links let a small file show the same object very often.
  private var objects = 0
  private static let mostObjects = 1_000_000
  /// Groups inside each other; each takes a piece of this program's stack, and ours need four.
  private static let mostLevels = 64

  init(file: String, bytes: Int, readsScales: Bool, readsVaryingTexts: Bool) {
    self.file = file
    self.readsVaryingTexts = readsVaryingTexts
    self.readsScales = readsScales
    self.bytes = bytes
    bounds = ReadingBounds(fileOf: bytes)
  }

  /// The root group, with all that is in it or only what is named.
  mutating func root(_ id: hid_t, only: [String]?) throws(ArchiveError) -> Group {
    let place = Place(file: file, object: "/")
    let root = try Handle(H5Gopen2(id, "/", hdf5_default()), H5Gclose, "opening", at: place)
    return try group(root.id, only: only, at: place)
  }

  private mutating func group(_ id: hid_t, only: [String]?, at place: Place) throws(ArchiveError) -> Group {
    var address: haddr_t = 0
    var type = H5O_TYPE_UNKNOWN
    try place.check(hdf5_object(id, &address, &type), "looking at")
    guard !enclosing.contains(address) else {
      throw ArchiveError.unsupported(file: file, object: place.object, found: "a group that contains itself")
    }
    guard enclosing.count < Reader.mostLevels else {
      throw ArchiveError.unsupported(
        file: file, object: place.object, found: "more than \(Reader.mostLevels) groups inside each other")
    }
    enclosing.append(address)
    defer { enclosing.removeLast() }

    if let only, place.object != "/" { return Group(members: try members(only, of: id, at: place)) }
    let properties = try Handle(H5Gget_create_plist(id), H5Pclose, "reading the properties of", at: place)
    var group = Group(attributes: try attributes(id, properties.id, at: place))
    if let only {
      group.members = try members(only, of: id, at: place)
      return group
    }
    var information = H5G_info_t()
    try place.check(H5Gget_info(id, &information), "looking at")
    var order: UInt32 = 0
    try place.check(H5Pget_link_creation_order(properties.id, &order), "reading the properties of")
    let index = order & hdf5_tracks_creation_order() == 0 ? H5_INDEX_NAME : H5_INDEX_CRT_ORDER

    for position in 0..<information.nlinks {
      let name = try text(at: place) { buffer, size in
        H5Lget_name_by_idx(id, ".", index, H5_ITER_INC, position, buffer, size, hdf5_default())
      }
      group.members.append(Group.Member(name, try item(id, name, only: nil, at: place[name])))
    }
    return group
  }

  /// What is named, in that order; the group need not be listed for it.
  private mutating func members(
    _ only: [String], of id: hid_t, at place: Place
  ) throws(ArchiveError) -> [Group.Member] {
    var members: [Group.Member] = []
    for path in only {
      let name = String(path.prefix { $0 != "/" })
      guard !members.contains(where: { $0.name == name }) else { continue }
      let found = H5Lexists(id, name, hdf5_default())
      try place.check(found, "looking for \(name) in")
      guard found > 0 else { continue }
      let below = only.filter { $0.hasPrefix("\(name)/") }.map { String($0.dropFirst(name.count + 1)) }
      members.append(
        Group.Member(name, try item(id, name, only: only.contains(name) ? nil : below, at: place[name])))
    }
    return members
  }

  private mutating func item(
    _ parent: hid_t, _ name: String, only: [String]?, at place: Place
  ) throws(ArchiveError) -> Group.Item {
    objects += 1
    guard objects <= Reader.mostObjects else {
      throw ArchiveError.unsupported(
        file: file, object: place.object, found: "more than \(Reader.mostObjects) objects before it")
    }
    let object = try Handle(H5Oopen(parent, name, hdf5_default()), H5Oclose, "opening", at: place)
    var address: haddr_t = 0
    var type = H5O_TYPE_UNKNOWN
    try place.check(hdf5_object(object.id, &address, &type), "looking at")
    switch type {
    case H5O_TYPE_GROUP: return .group(try group(object.id, only: only, at: place))
    case H5O_TYPE_DATASET: return .dataset(try dataset(object.id, at: place))
    default: throw ArchiveError.unsupported(file: file, object: place.object, found: "a named type")
    }
  }

  private mutating func dataset(_ id: hid_t, at place: Place) throws(ArchiveError) -> Dataset {
    // Before anything else is asked: what lies in other files is looked for there as soon as its shape is.
    let properties = try Handle(H5Dget_create_plist(id), H5Pclose, "reading the properties of", at: place)
    let storage = DatasetStorage(properties: properties.id, place: place)
    try storage.refuseOtherFiles()
    let type = try Handle(H5Dget_type(id), H5Tclose, "reading the type of", at: place)
    let space = try Handle(H5Dget_space(id), H5Sclose, "reading the shape of", at: place)
    let shape = try shape(space.id, at: place)
    let count = try count(of: shape, type.id, at: place)
    try storage.refuseStrangeChunks(of: H5Tget_size(type.id), in: bytes)
    if try isVarying(type.id, at: place) {
      var size: hsize_t = 0
      try place.check(H5Dvlen_get_buf_size(id, type.id, space.id, &size), "measuring the texts of")
      try take(bytes: Int(clamping: size), of: "texts", at: place)
    }
    let elements = try elements(type.id, count, at: place) { memoryType, buffer in
      H5Dread(id, memoryType, hdf5_all(), hdf5_all(), hdf5_default(), buffer)
    }

    var dataset = Dataset(shape: shape, elements)
    dataset.compressed =
      H5Pget_filter_by_id2(properties.id, H5Z_filter_t(H5Z_FILTER_DEFLATE), nil, nil, nil, 0, nil, nil) >= 0
    dataset.attributes = try attributes(id, properties.id, at: place)
    if dataset.attribute("CLASS")?.text == "DIMENSION_SCALE" {
      dataset.scaleName = dataset.attribute("NAME")?.text ?? ""
      dataset.attributes.removeAll { $0.name == "CLASS" || $0.name == "NAME" }
    }
    if readsScales { dataset.dimensions = try DimensionScales.read(of: id, rank: shape.count, at: place) }
    return dataset
  }

  private mutating func attributes(
    _ id: hid_t, _ properties: hid_t, at place: Place
  ) throws(ArchiveError) -> [Attribute] {
    var order: UInt32 = 0
    try place.check(H5Pget_attr_creation_order(properties, &order), "reading the properties of")
    let index = order & hdf5_tracks_creation_order() == 0 ? H5_INDEX_NAME : H5_INDEX_CRT_ORDER
    var count: hsize_t = 0
    try place.check(hdf5_attribute_count(id, &count), "counting the attributes of")
    // Asked for a name that none has, the library decodes them all, and says where it cannot. Opening by position makes a
    // table of them first, and one of which that fails is let go of as if it were full (1.10.8 crashes).
    try place.check(H5Aexists(id, "\u{1}"), "decoding the attributes of")

    var attributes: [Attribute] = []
    for position in 0..<count {
      let attribute = try Handle(
        H5Aopen_by_idx(id, ".", index, H5_ITER_INC, position, hdf5_default(), hdf5_default()),
        H5Aclose, "opening an attribute of", at: place)
      let name = try text(at: place) { H5Aget_name(attribute.id, $1, $0) }
      if DimensionScales.names.contains(name) { continue }
      let here = Place(file: file, object: "attribute \(name) of \(place.object)")
      let type = try Handle(H5Aget_type(attribute.id), H5Tclose, "reading the type of", at: here)
      let space = try Handle(H5Aget_space(attribute.id), H5Sclose, "reading the shape of", at: here)
      let shape = try shape(space.id, at: here)
      let count = try self.count(of: shape, type.id, at: here)
      // How long they are is not told before they are there; each may be all that the file holds.
      if try isVarying(type.id, at: here) {
        try take(bytes: count.multipliedReportingOverflow(by: bytes).partialValue, of: "texts", at: here)
      }
      let elements = try elements(type.id, count, at: here) { H5Aread(attribute.id, $0, $1) }
      attributes.append(Attribute(name, try content(elements, isSingle: shape.isEmpty, at: here)))
    }
    return attributes
  }

  private func content(
    _ elements: Elements, isSingle: Bool, at place: Place
  ) throws(ArchiveError) -> Attribute.Content {
    switch elements {
    case .texts(let values):
      return isSingle ? .text(values[0]) : .texts(values)
    case .uint32(let values) where isSingle: return .unsigned32(values[0])
    case .uint64(let values) where isSingle: return .unsigned64(values[0])
    default:
      if let values = elements.doubles { return isSingle ? .real(values[0]) : .reals(values) }
      guard let values = elements.integers else {
        throw ArchiveError.unsupported(
          file: file, object: place.object, found: "integers of 2^63 and more in a list")
      }
      return isSingle ? .integer(Int64(values[0])) : .integers(values.map(Int64.init))
    }
  }

  private func shape(_ space: hid_t, at place: Place) throws(ArchiveError) -> [Int] {
    switch H5Sget_simple_extent_type(space) {
    case H5S_SCALAR: return []
    case H5S_SIMPLE: break
    default:
      throw ArchiveError.unsupported(
        file: file, object: place.object, found: "nothing: its data space is null")
    }
    var extents = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = H5Sget_simple_extent_dims(space, &extents, nil)
    guard rank >= 0 else { throw place.failure("reading the shape of") }
    guard let shape = extents.prefix(Int(rank)).map({ Int(exactly: $0) }) as? [Int] else {
      throw ArchiveError.unsupported(file: file, object: place.object, found: "an extent beyond 2^63")
    }
    return shape
  }

  /// The number of elements, refused where the file cannot hold so many beside what was read of it before.
  private mutating func count(of shape: [Int], _ type: hid_t, at place: Place) throws(ArchiveError) -> Int {
    // In memory nothing is narrower than 32 bits but bytes and texts, and a text has a header.
    let size = H5Tget_size(type)
    let room = size > 0 ? (H5Tget_class(type) == H5T_STRING ? size + 16 : max(4, size)) : 0
    guard let count = bounds.take(shape, elementSize: room) else {
      throw ArchiveError.unsupported(
        file: file, object: place.object, found: "a shape of \(shape) in a file of \(bytes) bytes")
    }
    return count
  }

  private func isVarying(_ type: hid_t, at place: Place) throws(ArchiveError) -> Bool {
    guard H5Tis_variable_str(type) > 0 else { return false }
    guard readsVaryingTexts else {
      throw ArchiveError.unsupported(file: file, object: place.object, found: "texts of varying length")
    }
    return true
  }

  private mutating func take(bytes count: Int, of what: String, at place: Place) throws(ArchiveError) {
    guard count >= 0, bounds.take(bytes: count) else {
      throw ArchiveError.unsupported(
        file: file, object: place.object, found: "\(count) bytes of \(what) in a file of \(bytes) bytes")
    }
  }

  /// A name of unknown length: HDF5 is asked for its length, then for its text.
  private func text(
    at place: Place, _ ask: (UnsafeMutablePointer<CChar>?, Int) -> Int
  ) throws(ArchiveError) -> String {
    let length = ask(nil, 0)
    guard length >= 0 else { throw place.failure("reading a name in") }
    var buffer = [CChar](repeating: 0, count: length + 1)
    guard ask(&buffer, length + 1) >= 0 else { throw place.failure("reading a name in") }
    guard let name = String(validating: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    else {
      throw ArchiveError.unsupported(file: file, object: place.object, found: "a name that is not UTF-8")
    }
    return name
  }
}
