import Expectations
import Synchronization
import Testing

@testable import Tensors

@Suite struct ArenaTests {
  /// Blocks taken and freed in an order that is looked up, each filled with a number of its own while it is held.
  private func exercise(
    turns: Int, seed: UInt64, take: (Int) -> UnsafeMutableRawPointer, free: (UnsafeMutableRawPointer) -> Void
  ) -> Bool {
    let words = Place(seed: seed, purpose: .data, site: 0, step: 0).words(first: 0, count: 2 * turns)
    var held: [(block: UnsafeMutableRawPointer, bytes: Int, mark: UInt8)] = []
    func isIntact(_ index: Int) -> Bool {
      let (block, bytes, mark) = held[index]
      return (0..<bytes).allSatisfy { block.load(fromByteOffset: $0, as: UInt8.self) == mark }
    }
    for turn in 0..<turns {
      let (choice, size) = (words[2 * turn], words[2 * turn + 1])
      if held.count > 40 || (choice % 2 == 0 && !held.isEmpty) {
        let index = Int(choice / 2) % held.count
        guard isIntact(index) else { return false }
        free(held[index].block)
        held.swapAt(index, held.count - 1)
        held.removeLast()
      } else {
        let bytes = Int(size >> (8 + choice / 2 % 18))
        let block = take(min(bytes, 200_000))
        guard Int(bitPattern: block) % 64 == 0 else { return false }
        held.append((block, min(bytes, 200_000), UInt8(truncatingIfNeeded: turn)))
        block.initializeMemory(
          as: UInt8.self, repeating: held[held.count - 1].mark, count: held[held.count - 1].bytes)
      }
    }
    for index in held.indices {
      guard isIntact(index) else { return false }
      free(held[index].block)
    }
    return true
  }

  @Test func `what is held stays as it was written, in any order of taking and freeing`() {
    let region = Mutex(Region(reserving: 1 << 30))
    for seed in 1...3 {
      let isIntact = exercise(
        turns: 3_000, seed: UInt64(seed), take: { bytes in region.withLock { $0.take(bytes) } },
        free: { block in region.withLock { $0.free(block) } })
      #expect(isIntact)
    }
  }

  @Test func `once all is freed the next block begins where the first did`() {
    var region = Region(reserving: 1 << 30)
    let first = region.take(1_000)
    let others = (1...50).map { region.take($0 * 777) }
    for (index, block) in others.enumerated() where index % 2 == 0 { region.free(block) }
    region.free(first)
    for (index, block) in others.enumerated() where index % 2 == 1 { region.free(block) }
    #expect(region.take(1 << 20) == first)
  }

  @Test func `a freed block serves the next of its size`() {
    var region = Region(reserving: 1 << 30)
    let block = region.take(5_000)
    let wall = region.take(64)
    region.free(block)
    #expect(region.take(4_990) == block)
    region.free(wall)
  }

  @Test func `what is given back to the system can be used again`() {
    var region = Region(reserving: 1 << 30)
    let block = region.take(1 << 22)
    block.initializeMemory(as: UInt8.self, repeating: 7, count: 1 << 22)
    let wall = region.take(64)
    region.free(block)
    region.returnFree()
    let again = region.take(1 << 22)
    #expect(again == block && again.load(fromByteOffset: 1 << 21, as: UInt8.self) == 0)
    region.free(wall)
  }

  @Test func `threads may take and free at the same time`() async {
    let areIntact = await withTaskGroup(of: Bool.self) { group in
      for seed in 10..<14 {
        group.addTask {
          exercise(turns: 1_000, seed: UInt64(seed), take: Arena.take(bytes:), free: Arena.free)
        }
      }
      return await group.allSatisfy { $0 }
    }
    #expect(areIntact)
  }
}
