import CHDF5

/// Elements about to be written: their type in the file, their type in memory, and their bytes.
///
/// Texts become rows of equal length, ended by zeros: as long as the longest of them needs.
struct StoredElements: ~Copyable {
  let fileType: Handle
  let memoryType: hid_t
  /// Bytes of one element in the file.
  let size: Int
  let count: Int
  private let elements: Elements

  private init(
    _ fileType: consuming Handle, _ memoryType: hid_t?, size: Int, count: Int, _ elements: Elements
  ) {
    self.memoryType = memoryType ?? fileType.id
    self.fileType = fileType
    (self.size, self.count, self.elements) = (size, count, elements)
  }

  static func of(_ elements: Elements, at place: Place) throws(ArchiveError) -> StoredElements {
    if case .texts(let texts) = elements { return try of(texts, at: place) }
    let (file, memory, size) = types(of: elements)
    let type = try Handle(H5Tcopy(file), H5Tclose, "describing", at: place)
    return StoredElements(type, memory, size: size, count: elements.count, elements)
  }

  private static func of(_ texts: [String], at place: Place) throws(ArchiveError) -> StoredElements {
    guard !texts.contains(where: { $0.utf8.contains(0) }) else {
      throw ArchiveError.unwritable(file: place.file, object: place.object, reason: "a text has a zero in it")
    }
    let size = 1 + (texts.map(\.utf8.count).max() ?? 0)
    let type = try Handle(H5Tcopy(hdf5_c_string()), H5Tclose, "describing", at: place)
    try place.check(H5Tset_size(type.id, size), "describing")
    try place.check(H5Tset_cset(type.id, H5T_CSET_UTF8), "describing")
    var bytes: [UInt8] = []
    for text in texts {
      bytes += text.utf8
      bytes += repeatElement(0, count: size - text.utf8.count)
    }
    return StoredElements(type, nil, size: size, count: texts.count, .uint8(bytes))
  }

  /// Calls with the elements as they lie in memory.
  func withBytes<Outcome>(_ body: (UnsafeRawPointer?) -> Outcome) -> Outcome {
    switch elements {
    case .float32(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .float64(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .uint8(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .int32(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .uint32(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .int64(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .uint64(let values): values.withUnsafeBytes { body($0.baseAddress) }
    case .texts: body(nil)
    }
  }

  private static func types(of elements: Elements) -> (file: hid_t, memory: hid_t, size: Int) {
    switch elements {
    case .float32: (hdf5_float32(), hdf5_memory_float32(), 4)
    case .float64: (hdf5_float64(), hdf5_memory_float64(), 8)
    case .uint8, .texts: (hdf5_uint8(), hdf5_memory_uint8(), 1)
    case .int32: (hdf5_int32(), hdf5_memory_int32(), 4)
    case .uint32: (hdf5_uint32(), hdf5_memory_uint32(), 4)
    case .int64: (hdf5_int64(), hdf5_memory_int64(), 8)
    case .uint64: (hdf5_uint64(), hdf5_memory_uint64(), 8)
    }
  }
}
