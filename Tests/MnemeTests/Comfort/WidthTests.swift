import Foundation
import Harness
import Records
import Testing

/// Lists and tables on terminals of any width.
@Suite struct WidthTests {
  private static let widths = [40, 60, 80, 120]

  @Test func `no row of any list is broken by the terminal, and nothing is left out`() async throws {
    let shelf = try Shelf()
    for index in 0..<10 { try shelf.publish(index) }
    try shelf.fail(10)
    let manifest = try shelf.keepManifest().hex
    let run = shelf.runs()[0].run.hex
    #expect(await shelf.mneme("note", run, "記憶は長く続く, and so are notes about it, 日本語 as well").status == 0)
    for words in [
      ["ls"], ["ls", "--manifests"], ["status"], ["status", shelf.manifest], ["plan", shelf.manifest],
      ["check", shelf.manifest], ["show", manifest], ["note"], ["hash", shelf.manifest], ["fsck", "--deep"],
      ["gc", "--dry-run"], ["remove", "--where", "seed=1", "--even-if-needed", "--dry-run"],
      ["table", shelf.manifest, "--trace"], ["explain", run, shelf.runs()[7].run.hex],
    ] {
      let whole = await shelf.mneme(words)
      #expect(whole.output.count > 10, "\(words)")
      func parts(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
      for width in Self.widths {
        let folded = await shelf.mneme(words, width: width)
        for line in folded.output.split(separator: "\n") where line.columns > width {
          #expect(!line.drop { $0 == " " }.contains(" "), "\(words): \(line)")
        }
        #expect(parts(folded.output) == parts(whole.output), "\(words)")
      }
      let answer = await shelf.mneme(words + ["--json"], width: 40)
      #expect(json(answer.output) != nil, "\(words)")
    }
  }

  @Test(arguments: widths)
  func `a table goes on below, with every number in it`(width: Int) async throws {
    let shelf = try Shelf.complete()
    let numbers = { (text: String) in
      Set(text.matches(of: #/[0-9]+\.[0-9]{2}(?![0-9])/#).map { String($0.output) })
    }
    let whole = await shelf.mneme(["table", shelf.manifest, "--width", "400", "--colour", "never"])
    let narrow = await shelf.mneme(
      ["table", shelf.manifest, "--width", "\(width)", "--color", "never"], width: width)
    #expect(numbers(whole.output) == numbers(narrow.output) && numbers(whole.output).count > 4)
    for line in narrow.output.split(separator: "\n") where line.columns > width {
      #expect(!line.drop { $0 == " " }.contains(" "), "\(line)")
    }
  }
}
