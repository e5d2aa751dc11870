import Foundation
import Records
import Testing

@testable import Harness

@Suite struct FoldingTests {
  private static let rows = """
    3f9a2c81d04e  done     sorting: model.memory=none task.length=55 seed=1       test.accuracy=0.4448  test.loss=1.2
    81d04e3f9a2c  running  sorting: model.memory=long-term task.length=503 seed=1
      5c0316837782  failed   a sentence that is a good deal longer than any of the columns before it, and ends here.
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    記憶記憶記憶  done     名前: 記憶=短期 長さ=五十五 種=一 と、とても長い名前がここにあります         正解率=0.4448

    """

  @Test(arguments: [40, 60, 80, 120])
  func `no line is wider than the terminal, and no word is lost`(width: Int) {
    let folded = Self.rows.folded(width: width)
    for line in folded.split(separator: "\n") where line.columns > width {
      #expect(!line.drop { $0 == " " }.contains(" "), "\(line)")
    }
    func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace || $0 == "─" } }
    #expect(words(folded) == words(Self.rows))
    #expect(folded.hasSuffix("\n") && !folded.contains(" \n"))
  }

  @Test func `cells go down whole, further in, and stay below each other`() {
    #expect(
      Self.rows.folded(width: 60).hasPrefix(
        """
        3f9a2c81d04e  done
            sorting: model.memory=none task.length=55 seed=1
            test.accuracy=0.4448  test.loss=1.2
        81d04e3f9a2c  running
            sorting: model.memory=long-term task.length=503 seed=1
          5c0316837782  failed   a sentence that is a good deal
              longer than any of the columns before it, and ends
              here.

        """), "\(Self.rows.folded(width: 60))")
  }

  @Test func `what fits, and what goes to no terminal, stays as it is`() {
    #expect(Self.rows.folded(width: .max) == Self.rows)
    #expect(Self.rows.folded(width: 400) == Self.rows)
    #expect("a  b\n\n".folded(width: 40) == "a  b\n\n")
    let coloured = "\u{1B}[1m" + String(repeating: "x", count: 38) + "\u{1B}[0m\n"
    #expect(coloured.folded(width: 40) == coloured)
  }
}
