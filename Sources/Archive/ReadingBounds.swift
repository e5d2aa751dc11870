/// How much may come out of one HDF5 file, all that is read of it together.
///
/// A file says what it holds in a few bytes: a shape of a million millions that nobody wrote, the same dataset under a
/// thousand names, elements of no size. So what is asked for is counted before it is allocated, and refused once it is
/// more than the file's own bytes can stand for.
struct ReadingBounds {
  /// Bytes that may still come.
  private var left: Int

  /// Deflate packs at most about 1032 bytes into one; what is small may hold what it likes.
  private static let packed = 1100
  private static let small = 64 << 20
  /// Bytes beyond which a file has to hold them unpacked: 16 GiB.
  private static let large = 1 << 34

  /// - Parameter bytes: the size of the file.
  init(fileOf bytes: Int) {
    let (product, overflow) = bytes.multipliedReportingOverflow(by: ReadingBounds.packed)
    left = max(ReadingBounds.small, bytes, overflow ? ReadingBounds.large : min(product, ReadingBounds.large))
  }

  /// Takes the bytes of an array of a shape from what is left.
  ///
  /// - Returns: the number of its elements; nil where that is more than is left, or no number.
  mutating func take(_ shape: [Int], elementSize: Int) -> Int? {
    guard elementSize > 0 else { return nil }
    var count = 1
    // An extent of zero makes nothing of the others, however large they are.
    if shape.contains(0) { return 0 }
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, extent > 0 else { return nil }
      count = product
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: elementSize)
    guard !overflow, size <= left else { return nil }
    left -= size
    return count
  }

  /// Takes bytes whose number is known only once they are there.
  mutating func take(bytes: Int) -> Bool {
    guard bytes <= left else { return false }
    left -= bytes
    return true
  }
}
