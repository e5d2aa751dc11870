import Archive
import Foundation
import Records
import Testing

@Suite struct `Stored files` {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder["small.h5"]
  }

  /// As small as a stored file can be that holds a number.
  func publishSmall() throws -> [UInt8] {
    let root = Group(
      attributes: [Attribute("format", .text("mneme-result")), Attribute("run", .text(Sample.run.hex))],
      members: [Group.Member("x", .dataset(Dataset(shape: [1], .float32([1]))))])
    try publish(root, kind: .result, run: Sample.run, at: path)
    return try bytes(path)
  }

  @Test func `begin with four lines that say what they are`() throws {
    let all = try publishSmall()
    let content = Digest.sha256(Array(all[512...]))
    let head = "mneme 1\nresult\n\(Sample.run.hex)\n\(content.hex)\n"
    #expect(all[..<512].elementsEqual(Array(head.utf8) + [UInt8](repeating: 0, count: 512 - head.utf8.count)))
    #expect(try readUserBlock(path) == UserBlock(kind: .result, run: Sample.run, content: content))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o444)
    #expect(folder.names == ["small.h5"])
  }

  @Test func `betray every single flipped bit`() throws {
    var all = try publishSmall()
    let copy = folder["flipped.h5"]
    var (missed, flips) = ([Int](), 0)
    // In memory, as `verify` does it: the block must be one this program writes, and the digest must agree.
    for bit in 0..<all.count * 8 {
      all[bit / 8] ^= 1 << (bit % 8)
      defer { all[bit / 8] ^= 1 << (bit % 8) }
      flips += 1
      guard let block = try? UserBlock(Array(all[..<512]), path: copy) else { continue }
      let isIntact = block.content == Digest.sha256(Array(all[512...]))
      if isIntact && block.kind == .result && block.run == Sample.run { missed.append(bit) }
    }
    #expect(missed.isEmpty && flips == all.count * 8)

    // Through the file, a sample: also where no run is expected, a flip in the block's own lines is seen.
    for bit in stride(from: 0, to: all.count * 8, by: 97) {
      all[bit / 8] ^= 1 << (bit % 8)
      try put(all, at: copy)
      #expect(throws: ArchiveError.self, "bit \(bit)") { try readStored(copy, kind: .result, run: nil) }
      all[bit / 8] ^= 1 << (bit % 8)
    }
    try put(all, at: copy)
    #expect(throws: Never.self) { try readStored(copy, kind: .result, run: Sample.run) }
  }

  @Test func `are verified whole, also where they are more than is kept in memory`() throws {
    for count in [(1 << 18) - 2000, 1 << 18, (1 << 18) + 5000] {
      let values = (0..<count).map(Float.init)
      let root = Group(
        attributes: [Attribute("format", .text("mneme-result")), Attribute("run", .text(Sample.run.hex))],
        members: [Group.Member("x", .dataset(Dataset(shape: [count], .float32(values))))])
      let large = folder["\(count).h5"]
      try publish(root, kind: .result, run: Sample.run, at: large)
      let isSame = try readStored(large, kind: .result, run: Sample.run) == root
      #expect(isSame)
      var all = try bytes(large)
      #expect(abs(all.count - 1 << 20) < 1 << 16)
      for place in [all.count - 1, all.count / 2, (1 << 20) - 1] where place < all.count {
        all[place] ^= 1
        try put(all, at: folder["flipped.h5"])
        #expect(throws: ArchiveError.self) { try verify(folder["flipped.h5"]) }
        all[place] ^= 1
      }
    }
  }

  @Test func `betray being cut short anywhere`() throws {
    let all = try publishSmall()
    let copy = folder["cut.h5"]
    for count in stride(from: 0, to: all.count, by: 64) {
      try put(Array(all[..<count]), at: copy)
      let error = #expect(throws: ArchiveError.self) { try readStored(copy, kind: .result, run: Sample.run) }
      #expect(
        error?.description.contains("is cut short: \(count) bytes") == true,
        "\(count): \(String(describing: error))")
    }
  }

  @Test func `betray bytes added at their end`() throws {
    try put(try publishSmall() + [0], at: folder["longer.h5"])
    let error = #expect(throws: ArchiveError.self) { try verify(folder["longer.h5"]) }
    #expect(error?.description.contains("is damaged") == true)
  }

  @Test func `of another kind or run are refused by name`() throws {
    _ = try publishSmall()
    let other = Digest.sha256([1])
    let kind = #expect(throws: ArchiveError.self) { try readStored(path, kind: .weights, run: nil) }
    #expect(kind?.description.hasSuffix("is a result file; a weights file was expected.") == true)
    let run = #expect(throws: ArchiveError.self) { try readStored(path, kind: .result, run: other) }
    #expect(
      run?.description.contains("belongs to run \(Sample.run.short), not to run \(other.short)") == true)
  }

  @Test(arguments: [
    ("Reference/foreign.h5", "HDF5 itself, without a user block"),
    ("read_weights.py", "was not written by this program"),
  ])
  func `that are foreign are said to be`(name: String, complaint: String) {
    let error = #expect(throws: ArchiveError.self) { try readStored(beside(name), kind: .result, run: nil) }
    #expect(error?.description.contains(complaint) == true, "\(String(describing: error))")
  }

  @Test func `are never replaced`() throws {
    let before = try publishSmall()
    let error = #expect(throws: ArchiveError.self) { try publishSmall() }
    #expect(error?.description.contains("stored files are never replaced") == true)
    #expect(try bytes(path) == before)
    #expect(folder.names == ["small.h5"])
  }

  @Test func `in a folder that is not there say to make it`() throws {
    let error = #expect(throws: ArchiveError.self) {
      try publish(Group(), kind: .result, run: Sample.run, at: folder["none/a.h5"])
    }
    #expect(error?.description.contains("No such file or directory. Make the folder first.") == true)
    #expect(folder.names.isEmpty)
  }
}
