import Archive
import Foundation
import Testing

/// Files that h5py wrote (`Reference/make_foreign.py`).
@Suite struct `Files of other programs` {
  @Test func `are read whatever their filters, widths and byte order`() throws {
    let file = try HDF5.read(beside("Reference/foreign.h5"), scales: true)
    #expect(file.attribute("json")?.text == "{\"width\": 32}")
    #expect(file.attribute("varying")?.text == "Mneme, grüßt")
    #expect(file.attribute("flag")?.number == 1)
    #expect(file.attribute("sizes")?.value == .integers([1, 2, 3]))
    #expect(file.attribute("rate")?.value == .real(0.5))
    #expect(file.attribute("words")?.value == .texts(["one", "three"]))

    let single = try #require(file.dataset("weights/single"))
    #expect(single.shape == [2, 3] && single.compressed && single.elements == .float32([0, 1, 2, 3, 4, 5]))
    #expect(file.dataset("weights/double")?.elements == .float64([0.1, -0.0, .nan]))
    #expect(file.dataset("weights/half")?.elements == .float32([0.5, 2]))
    #expect(file.dataset("weights/big_endian")?.elements == .float64([1.5, -2.5]))
    #expect(file.dataset("weights/empty") == Dataset(shape: [2, 0, 3], .float32([])))
    #expect(file.dataset("weights/scalar") == Dataset(shape: [], .float64([3.5])))
    #expect(file.dataset("link") == file.dataset("weights/scalar"))
    #expect(file.dataset("texts/varying")?.elements == .texts(["a", "", "ä"]))
    #expect(file.dataset("texts/fixed")?.elements == .texts(["abc", "d"]))
    #expect(file.dataset("counts/flags")?.elements.integers == [1, 0])
    #expect(file.dataset("counts/enum")?.elements == .int32([2, 0]))
    #expect(file.dataset("series/step")?.scaleName == "step")
    #expect(file.dataset("series/loss")?.dimensions == ["/series/step", nil])
  }

  @Test(arguments: ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "big_i4"])
  func `keep their integers`(kind: String) throws {
    let file = try HDF5.read(beside("Reference/foreign.h5"))
    #expect(file.dataset("counts/\(kind)")?.elements.integers == [1, 100])
  }

  @Test(arguments: [
    ("compound", "/pair holds compound elements"), ("circle", "a group that contains itself"),
    ("huge", "/all holds a shape of [1099511627776, 1048576]"), ("nowhere", "opening /link"),
  ])
  func `are refused with the place in them where they hold what is not read`(name: String, complaint: String)
  {
    let error = #expect(throws: ArchiveError.self) { try HDF5.read(beside("Reference/\(name).h5")) }
    #expect(error?.description.contains(complaint) == true, "\(String(describing: error))")
  }

  @Test func `are refused in a line that a terminal shows, whatever their names are`() throws {
    var bytes = try bytes(beside("Reference/huge.h5"))
    let name = try #require(bytes.firstRange(of: Array("all".utf8)))
    bytes[name.lowerBound + 1] = 0x1B
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder["a.h5"]))
    let error = #expect(throws: ArchiveError.self) { try HDF5.read(folder["a.h5"]) }
    #expect(
      error?.description.contains("/a\u{FFFD}l holds a shape of") == true, "\(error?.description ?? "none")")
  }

  @Test(arguments: [
    ("elsewhere", "opening /link went wrong"), ("detour", "opening /b went wrong"),
    ("raw", "/bytes holds elements that lie in another file"),
    ("virtual", "/all holds elements that lie in another file"),
  ])
  func `lead to no other file, although it is there`(name: String, complaint: String) {
    let error = #expect(throws: ArchiveError.self) { try HDF5.read(beside("Reference/\(name).h5")) }
    #expect(error?.description.contains(complaint) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("repeated", "holds a shape of [15728640] in a file of 21392 bytes"),
    ("chunks", "/one holds chunks of [2147483648] in a file of 1400 bytes"),
    ("packed", "/near holds chunks packed by filter 6"),
    ("deep", "holds more than 64 groups inside each other"),
  ])
  func `are refused before memory is taken that they cannot fill`(name: String, complaint: String) {
    let error = #expect(throws: ArchiveError.self) { try HDF5.read(beside("Reference/\(name).h5")) }
    #expect(error?.description.contains(complaint) == true, "\(String(describing: error))")
  }

  @Test func `that are not HDF5, or not there, are said to be so`() throws {
    let folder = try TemporaryFolder()
    try put(Array("hello".utf8), at: folder["text.h5"])
    let text = #expect(throws: ArchiveError.self) { try HDF5.read(folder["text.h5"]) }
    #expect(text?.description.hasSuffix("text.h5 is not an HDF5 file.") == true)
    let none = #expect(throws: ArchiveError.self) { try HDF5.read(folder["none.h5"]) }
    #expect(none?.description.hasSuffix("none.h5: there is no such file.") == true)
  }
}
