import CHDF5

extension Reader {
  /// Reads into memory: the type to read as, and where to.
  typealias Read = (hid_t, UnsafeMutableRawPointer) -> herr_t

  /// The elements of a dataset or an attribute of a type, in the narrowest kind that holds them.
  func elements(
    _ type: hid_t, _ count: Int, at place: Place, _ read: Read
  ) throws(ArchiveError) -> Elements {
    switch H5Tget_class(type) {
    case H5T_INTEGER:
      return try integers(type, count, at: place, read)
    case H5T_ENUM:
      // h5py stores booleans so; the library converts to the numbers behind the names.
      let base = try Handle(H5Tget_super(type), H5Tclose, "reading the type of", at: place)
      return try integers(base.id, count, at: place, read)
    case H5T_FLOAT where H5Tget_size(type) <= 4:
      return .float32(try values(hdf5_memory_float32(), count, 0, at: place, read))
    case H5T_FLOAT where H5Tget_size(type) == 8:
      return .float64(try values(hdf5_memory_float64(), count, 0, at: place, read))
    case H5T_STRING:
      return .texts(try texts(type, count, at: place, read))
    case let other:
      throw ArchiveError.unsupported(file: file, object: place.object, found: Reader.name(of: other))
    }
  }

  private func integers(
    _ type: hid_t, _ count: Int, at place: Place, _ read: Read
  ) throws(ArchiveError) -> Elements {
    let isUnsigned = H5Tget_sign(type) == H5T_SGN_NONE
    switch (H5Tget_size(type), isUnsigned) {
    case (1, true): return .uint8(try values(hdf5_memory_uint8(), count, 0, at: place, read))
    case (1, false), (2, _), (4, false):
      return .int32(try values(hdf5_memory_int32(), count, 0, at: place, read))
    case (4, true): return .uint32(try values(hdf5_memory_uint32(), count, 0, at: place, read))
    case (8, false): return .int64(try values(hdf5_memory_int64(), count, 0, at: place, read))
    case (8, true): return .uint64(try values(hdf5_memory_uint64(), count, 0, at: place, read))
    case (let size, _):
      throw ArchiveError.unsupported(file: file, object: place.object, found: "integers of \(size) bytes")
    }
  }

  private func values<Value: BitwiseCopyable>(
    _ memoryType: hid_t, _ count: Int, _ zero: Value, at place: Place, _ read: Read
  ) throws(ArchiveError) -> [Value] {
    guard count > 0 else { return [] }
    var values = [Value](repeating: zero, count: count)
    let status = values.withUnsafeMutableBytes { read(memoryType, $0.baseAddress!) }
    try place.check(status, "reading")
    return values
  }

  private func texts(
    _ type: hid_t, _ count: Int, at place: Place, _ read: Read
  ) throws(ArchiveError) -> [String] {
    guard count > 0 else { return [] }
    var texts: [String] = []
    func append(_ bytes: some Collection<UInt8>) throws(ArchiveError) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ArchiveError.unsupported(file: file, object: place.object, found: "text that is not UTF-8")
      }
      texts.append(text)
    }

    if H5Tis_variable_str(type) > 0 {
      let pointers = try values(type, count, UInt(0), at: place, read)
        .map { UnsafeMutablePointer<UInt8>(bitPattern: $0) }
      defer { for pointer in pointers { _ = H5free_memory(pointer) } }
      for pointer in pointers {
        guard let pointer else { texts.append(""); continue }
        var length = 0
        while pointer[length] != 0 { length += 1 }
        try append(UnsafeBufferPointer(start: pointer, count: length))
      }
      return texts
    }

    let size = H5Tget_size(type)
    guard size > 0 else { throw place.failure("reading the type of") }
    let bytes = try values(type, count * size, UInt8(0), at: place, read)
    let padding = H5Tget_strpad(type)
    for start in stride(from: 0, to: bytes.count, by: size) {
      var text = bytes[start..<start + size]
      switch padding {
      case H5T_STR_NULLTERM: text = text.prefix { $0 != 0 }
      case H5T_STR_SPACEPAD: while text.last == UInt8(ascii: " ") { text.removeLast() }
      default: while text.last == 0 { text.removeLast() }
      }
      try append(text)
    }
    return texts
  }

  private static func name(of kind: H5T_class_t) -> String {
    switch kind {
    case H5T_COMPOUND: "compound elements"
    case H5T_REFERENCE: "references"
    case H5T_VLEN: "lists of varying length"
    case H5T_ARRAY: "arrays as elements"
    case H5T_OPAQUE: "opaque bytes"
    case H5T_BITFIELD: "bit fields"
    case H5T_FLOAT: "real numbers of more than 64 bits"
    default: "elements of an unknown type"
    }
  }
}
