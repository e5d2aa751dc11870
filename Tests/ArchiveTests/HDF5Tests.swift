import Archive
import Testing

@Suite struct `HDF5 files` {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static let tree = Group(
    attributes: [
      Attribute("text", .text("größer than ASCII")), Attribute("empty", .text("")),
      Attribute("long", .text(String(repeating: "{\"a\": 1}", count: 20_000))),
      Attribute("real", .real(-0.0)), Attribute("integer", .integer(.min)),
      Attribute("small", .unsigned32(.max)), Attribute("large", .unsigned64(.max)),
      Attribute("texts", .texts(["a", "", "bcd"])), Attribute("reals", .reals([.infinity, 0.1])),
      Attribute("integers", .integers([-1, 2])), Attribute("none", .integers([])),
    ],
    members: [
      Group.Member(
        "z",
        .dataset(
          Dataset(shape: [2, 2], .float32([1, .nan, -0.0, Float.leastNonzeroMagnitude]), compressed: true))),
      Group.Member(
        "a",
        .dataset(
          Dataset(shape: [3], .float64([0.1, 2, -.infinity]), attributes: [Attribute("units", .text("nat"))]))
      ),
      Group.Member(
        "inner",
        .group(
          Group(members: [
            Group.Member("bytes", .dataset(Dataset(shape: [2], .uint8([0, 255])))),
            Group.Member("i32", .dataset(Dataset(shape: [2], .int32([.min, .max])))),
            Group.Member("u32", .dataset(Dataset(shape: [2], .uint32([0, .max])))),
            Group.Member("i64", .dataset(Dataset(shape: [2], .int64([.min, .max])))),
            Group.Member("u64", .dataset(Dataset(shape: [2], .uint64([0, .max]), scaleName: "step"))),
            Group.Member(
              "over",
              .dataset(
                Dataset(shape: [2, 3], .float32([1, 2, 3, 4, 5, 6]), dimensions: ["/inner/u64", nil]))),
            Group.Member("single", .dataset(Dataset(shape: [], .float64([.pi])))),
            Group.Member("nothing", .dataset(Dataset(shape: [2, 0, 3], .float32([])))),
            Group.Member("texts", .dataset(Dataset(shape: [2], .texts(["ä", "bc"])))),
            Group.Member("deeper", .group(Group())),
          ]))),
    ])

  @Test func `give back what was written, in its order and to the last bit`() throws {
    try HDF5.write(Self.tree, to: folder["a.h5"])
    let back = try HDF5.read(folder["a.h5"], scales: true)
    #expect(back == Self.tree)
    #expect(back.names == ["z", "a", "inner"])
    #expect(back.dataset("inner/single")?.elements.doubles == [.pi])
    #expect(try HDF5.read(folder["a.h5"], only: ["a"]).names == ["a"])
    let some = try HDF5.read(
      folder["a.h5"], only: ["inner/texts", "a", "absent", "inner/single", "inner/no"])
    #expect(some.names == ["inner", "a"] && some.attributes == Self.tree.attributes)
    #expect(some.group("inner")?.names == ["texts", "single"])
    #expect(some.dataset("inner/single") == Self.tree.dataset("inner/single"))
    #expect(some.dataset("a") == Self.tree.dataset("a"))
  }

  @Test func `are the same bytes for the same value`() throws {
    try HDF5.write(Self.tree, to: folder["a.h5"])
    try HDF5.write(Self.tree, to: folder["b.h5"])
    #expect(try bytes(folder["a.h5"]) == bytes(folder["b.h5"]))
  }

  @Test(arguments: [[4096], [4097], [10_000], [3, 300_000], [1000, 300]])
  func `are cut into chunks without losing an element`(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let dataset = Dataset(shape: shape, .int32((0..<count).map { Int32($0) }), compressed: true)
    try HDF5.write(Group(members: [Group.Member("x", .dataset(dataset))]), to: folder["a.h5"])
    #expect(try HDF5.read(folder["a.h5"], scales: true).dataset("x") == dataset)
  }

  @Test func `may be read and written from many threads at once`() async throws {
    let path = folder.path
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<16 {
        group.addTask {
          try HDF5.write(Self.tree, to: "\(path)/\(number).h5")
          return try HDF5.read("\(path)/\(number).h5", scales: true) == Self.tree
        }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }

  static let unwritable: [(Group, String)] = [
    (
      Group(members: [Group.Member("x", .dataset(Dataset(shape: [3], .int32([1]))))]),
      "do not fill the shape [3]"
    ),
    (Group(members: [Group.Member("a/b", .group(Group()))]), "a slash"),
    (Group(members: [Group.Member("", .group(Group()))]), "empty"),
    (Group(members: [Group.Member("a", .group(Group())), Group.Member("a", .group(Group()))]), "used twice"),
    (Group(attributes: [Attribute("a", .real(1)), Attribute("a", .real(2))]), "used twice"),
    (Group(attributes: [Attribute("a", .text("x\0y"))]), "a zero in it"),
    (
      Group(members: [Group.Member("x", .dataset(Dataset(shape: [1], .int32([1]), dimensions: ["/y"])))]),
      "/y is not a scale"
    ),
  ]

  @Test(arguments: unwritable)
  func `refuse what cannot be a file, and leave nothing`(tree: Group, complaint: String) throws {
    let error = #expect(throws: ArchiveError.self) { try HDF5.write(tree, to: folder["a.h5"]) }
    #expect(error?.description.contains(complaint) == true, "\(String(describing: error))")
    #expect(folder.names.isEmpty)
  }

  @Test func `replace nothing`() throws {
    try put([1, 2, 3], at: folder["a.h5"])
    let error = #expect(throws: ArchiveError.self) { try HDF5.write(Self.tree, to: folder["a.h5"]) }
    #expect(error?.description.contains("exists already") == true)
    #expect(try bytes(folder["a.h5"]) == [1, 2, 3])
    #expect(folder.names == ["a.h5"])
  }
}
