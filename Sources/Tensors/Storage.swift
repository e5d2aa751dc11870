import Glibc

/// Aligned floats of one device with one owner, written once at birth.
///
/// The one exception is the optimizer, which updates a parameter's storage in place.
final class Storage {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  /// Elements are not initialized: whoever asks for storage fills it.
  init(count: Int) {
    self.count = count
    var address: UnsafeMutableRawPointer?
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    let status = posix_memalign(&address, 64, bytes)
    guard status == 0, let address else { fatalError("\(bytes) bytes of memory could not be had") }
    pointer = address.bindMemory(to: Float.self, capacity: count)
  }

  deinit { free(pointer) }
}
