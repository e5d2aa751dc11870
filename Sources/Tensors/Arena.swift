import Glibc
import Synchronization

/// Memory for tensors: kept for the next one when a tensor is freed.
///
/// A training step asks for the same tensors again and again. The system's allocator hands large ones back each time, and
/// every page of the next comes as a fault that clears it. Here addresses are reserved once, without memory behind them;
/// the block that fits best is given out, a freed one is joined with its free neighbours, and the system is asked for huge
/// pages.
///
/// Any thread may take and free.
enum Arena {
  private static let shared = Mutex(Region(reserving: 1 << 40))

  /// Bytes that nobody has written, at a multiple of 64.
  static func take(bytes: Int) -> UnsafeMutableRawPointer { shared.withLock { $0.take(bytes) } }

  static func free(_ pointer: UnsafeMutableRawPointer) { shared.withLock { $0.free(pointer) } }

  /// Gives the memory of all that is free back to the system.
  static func returnFree() { shared.withLock { $0.returnFree() } }
}

/// Reserved addresses, blocks side by side from their start; the last one is never free.
struct Region: ~Copyable, @unchecked Sendable {
  private let start, end: UnsafeMutableRawPointer
  /// Where the last block ends, and the furthest that one ever did.
  private var top, highest: UnsafeMutableRawPointer
  private var last: Block?
  /// Free blocks by size: four classes for each power of two.
  private var bins = [Block?](repeating: nil, count: 4 * 64)

  /// - bytes: How many addresses are wanted; half as many, and so on, where the system does not give them.
  init(reserving bytes: Int) {
    var bytes = bytes
    while true {
      let found = mmap(
        nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      if let found, found != MAP_FAILED {
        _ = madvise(found, bytes, MADV_HUGEPAGE)
        (start, end, top, highest) = (found, found + bytes, found, found)
        return
      }
      require(
        bytes > 1 << 28, "\(bytes) addresses could not be reserved: \(String(cString: strerror(errno)))")
      bytes /= 2
    }
  }

  deinit { munmap(start, end - start) }

  mutating func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = Block.header + max(64, (bytes + 63) & ~63)
    let block = fitting(size) ?? appended(size)
    block.isFree = false
    split(block, size)
    return block.content
  }

  mutating func free(_ content: UnsafeMutableRawPointer) {
    var block = Block(at: content - Block.header)
    require(!block.isFree, "a tensor's memory was freed twice")
    if let before = block.before, before.isFree {
      remove(before)
      before.size += block.size
      block = before
    }
    if block.after < top, Block(at: block.after).isFree {
      let after = Block(at: block.after)
      remove(after)
      block.size += after.size
    }
    guard block.after < top else {
      top = block.address
      last = block.before
      return
    }
    Block(at: block.after).sizeBefore = block.size
    insert(block)
  }

  mutating func returnFree() {
    func giveBack(_ from: UnsafeMutableRawPointer, _ until: UnsafeMutableRawPointer) {
      let page = 1 << 12
      let first = from + (page - Int(bitPattern: from) % page) % page
      let count = until - first
      if count >= page { _ = madvise(first, count / page * page, MADV_DONTNEED) }
    }
    for bin in bins {
      var block = bin
      while let free = block {
        giveBack(free.content, free.after)
        block = free.next
      }
    }
    giveBack(top, highest)
    highest = top
  }

  /// The smallest free block of at least `size` bytes, taken from its bin.
  private mutating func fitting(_ size: Int) -> Block? {
    for bin in Region.bin(of: size)..<bins.count {
      var best: Block?
      var candidate = bins[bin]
      while let block = candidate {
        if block.size >= size && block.size < best?.size ?? .max { best = block }
        candidate = block.next
      }
      if let best {
        remove(best)
        return best
      }
    }
    return nil
  }

  private mutating func appended(_ size: Int) -> Block {
    require(end - top >= size, "\(size) bytes of memory could not be had")
    let block = Block(at: top)
    block.size = size
    block.sizeBefore = last?.size ?? 0
    top += size
    highest = max(highest, top)
    last = block
    return block
  }

  /// Makes what a block has beyond `size` a free block.
  private mutating func split(_ block: Block, _ size: Int) {
    let rest = block.size - size
    guard rest >= 2 * Block.header else { return }
    block.size = size
    let free = Block(at: block.after)
    free.size = rest
    free.sizeBefore = size
    // Only a block that is not the last is larger than was asked for.
    Block(at: free.after).sizeBefore = rest
    insert(free)
  }

  private mutating func insert(_ block: Block) {
    let bin = Region.bin(of: block.size)
    block.isFree = true
    block.next = bins[bin]
    block.previous = nil
    bins[bin]?.previous = block
    bins[bin] = block
  }

  private mutating func remove(_ block: Block) {
    if let previous = block.previous {
      previous.next = block.next
    } else {
      bins[Region.bin(of: block.size)] = block.next
    }
    block.next?.previous = block.previous
  }

  private static func bin(of size: Int) -> Int {
    let power = Int.bitWidth - 1 - size.leadingZeroBitCount
    return 4 * power + (size >> (power - 2)) & 3
  }
}

/// A block: what is known of it stands in front of its content.
private struct Block {
  let address: UnsafeMutableRawPointer
  static let header = 64

  init(at address: UnsafeMutableRawPointer) { self.address = address }

  var content: UnsafeMutableRawPointer { address + Block.header }
  var after: UnsafeMutableRawPointer { address + size }
  var before: Block? { sizeBefore == 0 ? nil : Block(at: address - sizeBefore) }

  /// Bytes, with the header.
  var size: Int {
    get { address.load(as: Int.self) }
    nonmutating set { address.storeBytes(of: newValue, as: Int.self) }
  }
  /// Of the block in front; 0 for the first.
  var sizeBefore: Int {
    get { address.load(fromByteOffset: 8, as: Int.self) }
    nonmutating set { address.storeBytes(of: newValue, toByteOffset: 8, as: Int.self) }
  }
  var isFree: Bool {
    get { address.load(fromByteOffset: 16, as: Int.self) != 0 }
    nonmutating set { address.storeBytes(of: newValue ? 1 : 0, toByteOffset: 16, as: Int.self) }
  }
  /// Neighbours in its bin.
  var next: Block? {
    get { link(24) }
    nonmutating set {
      address.storeBytes(of: newValue?.address, toByteOffset: 24, as: UnsafeMutableRawPointer?.self)
    }
  }
  var previous: Block? {
    get { link(32) }
    nonmutating set {
      address.storeBytes(of: newValue?.address, toByteOffset: 32, as: UnsafeMutableRawPointer?.self)
    }
  }

  private func link(_ offset: Int) -> Block? {
    address.load(fromByteOffset: offset, as: UnsafeMutableRawPointer?.self).map { Block(at: $0) }
  }
}
