import Glibc

/// Arrays that end where readable memory ends: a kernel that reads or writes one element too far stops the
/// test.
///
/// Ends of arrays stand at ends of pages, so their beginnings are aligned as their sizes will have it.
final class GuardedMemory {
  private var regions: [(start: UnsafeMutableRawPointer, bytes: Int)] = []

  deinit {
    for region in regions { munmap(region.start, region.bytes) }
  }

  private func room<T>(for count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = count * MemoryLayout<T>.stride
    let readable = (bytes + page - 1) / page * page
    guard
      let start = mmap(nil, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED, mprotect(start + readable, page, PROT_NONE) == 0
    else { fatalError("no guarded memory for \(bytes) bytes: errno \(errno)") }
    regions.append((start, readable + page))
    return (start + readable - bytes).bindMemory(to: T.self, capacity: count)
  }

  /// The values, where they cannot be overrun.
  func holding<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
    let pointer = room(for: values.count, of: T.self)
    pointer.initialize(from: values, count: values.count)
    return pointer
  }

  /// Room for results, filled with a number that no test expects.
  func room(_ count: Int) -> UnsafeMutablePointer<Float> {
    holding([Float](repeating: Self.untouched, count: count))
  }

  static let untouched: Float = -98765.4375

  func contents<T>(_ pointer: UnsafePointer<T>, _ count: Int) -> [T] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }
  func contents<T>(_ pointer: UnsafeMutablePointer<T>, _ count: Int) -> [T] {
    contents(UnsafePointer(pointer), count)
  }
}

/// What `body` writes to room for `count` results.
func results(_ count: Int, _ body: (GuardedMemory, UnsafeMutablePointer<Float>) -> Void) -> [Float] {
  let memory = GuardedMemory()
  let out = memory.room(count)
  body(memory, out)
  return memory.contents(out, count)
}
