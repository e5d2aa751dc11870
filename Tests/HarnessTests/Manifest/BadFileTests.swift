import Foundation
import Glibc
import Harness
import Testing

/// What a file can be that a manifest is not.
@Suite struct BadFiles {
  @Test func `a file that is not there is named`() throws {
    #expect(try ProjectFolder().complaint("none.yaml") == "none.yaml: there is no such file.")
  }

  @Test func `a folder is no manifest`() throws {
    #expect(try ProjectFolder().complaint("common") == "common is a folder; a manifest is a file.")
  }

  @Test(.timeLimit(.minutes(10)))
  func `a pipe, a socket and a device are refused, and nobody waits for them`() throws {
    let project = try ProjectFolder()
    #expect(mkfifo(project.path + "/Experiments/pipe.yaml", 0o600) == 0)
    #expect(project.complaint("pipe.yaml") == "pipe.yaml is a pipe, socket or device; expected a file.")
    let link = project.path + "/Experiments/zero.yaml"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/zero")
    #expect(project.complaint("zero.yaml") == "zero.yaml is a pipe, socket or device; expected a file.")
  }

  @Test func `a base that is a pipe is refused`() throws {
    let project = try ProjectFolder(["a.yaml": "mneme: 1\nbase: common/pipe.yaml\n"])
    #expect(mkfifo(project.path + "/Experiments/common/pipe.yaml", 0o600) == 0)
    #expect(project.complaint("a.yaml").contains("common/pipe.yaml is a pipe, socket or device"))
  }

  @Test func `an empty name is told from a folder`() throws {
    let error = #expect(throws: ManifestError.self) { try Manifest(reading: "") }
    #expect(error?.description == "the argument is empty; expected the name of a file.")
  }

  @Test(arguments: ["", "\n# nothing\n", "---\n...\n", "~\n"])
  func `an empty file is no manifest`(text: String) throws {
    let complaint = try ProjectFolder(["a.yaml": text]).complaint("a.yaml")
    #expect(
      complaint == "a.yaml holds no settings; a manifest begins with “mneme: 1”."
        || complaint == "a.yaml:1: the file is “~”; expected keys with values."
        || complaint == "a.yaml:1: the file is nothing; expected keys with values.")
  }

  @Test func `text and lists are no manifests`() throws {
    let project = try ProjectFolder(["a.yaml": "hello\n", "b.yaml": "- 1\n"])
    #expect(project.complaint("a.yaml") == "a.yaml:1: the file is “hello”; expected keys with values.")
    #expect(project.complaint("b.yaml") == "b.yaml:1: the file is a list; expected keys with values.")
  }

  @Test func `bytes that are not UTF-8 are refused with their line`() throws {
    let project = try Sample.project()
    let bytes = Array("mneme: 1\nname: caf".utf8) + [0xE9, 0x0A]
    try Data(bytes).write(to: URL(fileURLWithPath: project.path + "/Experiments/sorting.yaml"))
    #expect(project.complaint() == "sorting.yaml:2: this line is not UTF-8 text; save the file as UTF-8.")
  }

  @Test func `control characters are refused with their line`() throws {
    let complaint = try Sample.project("tier: quick", "tier: \u{1}").complaint()
    #expect(complaint == "sorting.yaml:3: this is not YAML: control characters are not allowed.")
  }

  @Test(.timeLimit(.minutes(10))) func `a hundred megabytes are refused at once`() throws {
    let project = try ProjectFolder()
    let path = project.path + "/Experiments/huge.yaml"
    try Data().write(to: URL(fileURLWithPath: path))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 100_000_000)
    try handle.close()
    let start = ContinuousClock.now
    #expect(project.complaint("huge.yaml") == "huge.yaml has more than 1024 KiB, the most that is read.")
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  /// Texts of nearly a megabyte that keep a naive reader busy for ever, or overflow its stack.
  static let bombs: [(name: String, text: String)] = [
    ("brackets", String(repeating: "[", count: 1_000_000)),
    ("braces", "a: " + String(repeating: "{a: ", count: 200_000)),
    ("dashes", String(repeating: "- ", count: 500_000)),
    ("questions", String(repeating: "? ", count: 500_000)),
    ("indentation", (0..<1400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
    ("closed lists", "a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)),
    ("many values", "a: [" + String(repeating: "1,", count: 210_000) + "]"),
    ("many keys", (0..<20_000).map { "k\($0): 1\n" }.joined()),
    ("laughs", laughs + "a: *l20\n"),
    ("laughs as a key", laughs + "? *l20\n: 1\n"),
    ("laughs as a short key", laughs + "*l20 : 1\n"),
    ("laughs in a key", laughs + "{[*l20]: 1}\n"),
  ]

  private static let laughs =
    "l0: &l0 [a, a, a, a, a, a, a, a]\n"
    + (1...20).map { n in "l\(n): &l\(n) [" + String(repeating: "*l\(n - 1), ", count: 8) + "a]\n" }.joined()

  @Test(.timeLimit(.minutes(10)), arguments: bombs.indices)
  func `no text makes the reader run long or deep`(index: Int) throws {
    let (name, text) = Self.bombs[index]
    let project = try ProjectFolder(["a.yaml": "mneme: 1\n" + text])
    let start = ContinuousClock.now
    let complaint = project.complaint("a.yaml")
    #expect(ContinuousClock.now - start < .seconds(10), "\(name)")
    #expect(complaint.hasPrefix("a.yaml:"), "\(name): \(complaint)")
    #expect(complaint.utf8.count < 300, "\(name)")
  }
}
