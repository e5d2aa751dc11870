import CHDF5
import Glibc

/// The bytes of a finished file, in memory that HDF5 allocated and this value frees.
struct FileImage: ~Copyable, @unchecked Sendable {
  // Sendable: the memory has one owner, and nobody writes to it after birth.
  let bytes: UnsafeRawBufferPointer

  /// Takes over a buffer from `malloc`, of which the first `count` bytes are the file.
  init(taking buffer: UnsafeMutablePointer<UInt8>, count: Int) {
    bytes = UnsafeRawBufferPointer(start: buffer, count: count)
  }

  deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }
}
