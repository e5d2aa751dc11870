/// Aligned floats of one device with one owner, written once at birth.
///
/// The one exception is the optimizer, which updates a parameter's storage in place.
final class Storage {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  /// Elements are not initialized: whoever asks for storage fills it.
  init(count: Int) {
    self.count = count
    pointer = Arena.take(bytes: count * MemoryLayout<Float>.stride)
      .bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit { Arena.free(pointer) }
}
