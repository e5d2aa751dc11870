import Testing

@testable import Harness

@Suite struct TextPlotTests {
  private func curve(_ values: [Double], every: Int = 1) -> Curve {
    Curve(
      metric: "train.loss",
      points: values.enumerated().map { Curve.Point(step: ($0 + 1) * every, value: $1) })
  }

  @Test func `a falling curve in Braille`() {
    let plot = TextPlot(line: curve([4, 3, 2, 1, 1, 1, 1, 1]), steps: 0)
    #expect(
      plot.lines(width: 18, height: 3, glyphs: .unicode) == [
        "4.00 ┤⠑⡄",
        "     │ ⠈⠢⢄",
        "1.00 ┤    ⠱⣀⣀⣀⣀⣀⣀⣀",
        "      1          8",
      ])
  }

  @Test func `the same in ASCII, with marks over it`() {
    let plot = TextPlot(
      line: curve([4, 3, 2, 1, 1, 1, 1, 1]),
      marks: Curve(metric: "validation.loss", points: [Curve.Point(step: 8, value: 3)]), steps: 0)
    #expect(
      plot.lines(width: 18, height: 4, glyphs: .ascii) == [
        "4.00 +.",
        "     | ..        o",
        "     |   .",
        "1.00 +    ........",
        "      1          8",
      ])
  }

  @Test func `the ends of the axes are those of the data, and seen, where a curve is of means`() {
    var values = (0..<4000).map { 2 - Double($0) / 4000 }
    (values[1234], values[2345]) = (9.25, -3.5)
    let lines = TextPlot(line: curve(values), steps: 0).lines(width: 40, height: 12, glyphs: .ascii)
    #expect(lines.first?.hasPrefix(" 9.25 +") == true && lines.first?.contains(".") == true)
    #expect(lines.dropLast().last?.hasPrefix("-3.50 +") == true)
    #expect(lines.dropLast().last?.dropFirst(7).contains(".") == true)
    #expect(lines.last?.split(separator: " ").map(String.init) == ["1", "4000"])
    #expect(lines.first?.dropFirst(7).filter { $0 == "." }.count == 1)
  }

  @Test func `steps that are still to come are left free`() {
    let plot = TextPlot(line: curve([2, 1]), steps: 9)
    #expect(
      plot.lines(width: 16, height: 2, glyphs: .ascii) == [
        "2.00 +.",
        "1.00 + .",
        "      1        9",
      ])
  }

  @Test func `a curve that never changes is a line at the bottom`() {
    #expect(
      TextPlot(line: curve([1, 1, 1]), steps: 0).lines(width: 14, height: 2, glyphs: .ascii) == [
        "1.00 +", "1.00 +........", "      1      3",
      ])
  }

  @Test(arguments: [Glyphs.unicode, .ascii], [1, 5, 8, 12, 40, 200])
  func `no line is wider than it may be`(glyphs: Glyphs, width: Int) {
    let plot = TextPlot(line: curve((1...500).map { 1 / Double($0) }), steps: 600)
    for line in plot.lines(width: width, height: 8, glyphs: glyphs) { #expect(line.count <= width) }
  }

  @Test func `nothing finite, one row, or no room give nothing`() {
    #expect(
      TextPlot(line: curve([.nan, .infinity]), steps: 9).lines(width: 40, height: 4, glyphs: .ascii) == [])
    #expect(TextPlot(line: curve([1, 2]), steps: 9).lines(width: 40, height: 1, glyphs: .ascii) == [])
    #expect(TextPlot(line: curve([1, 2]), steps: 9).lines(width: 9, height: 4, glyphs: .ascii) == [])
    #expect(TextPlot(line: curve([]), steps: 9).lines(width: 40, height: 4, glyphs: .ascii) == [])
  }

  @Test func `a value that is no number is a gap that hides no other`() {
    let lines = TextPlot(line: curve([2, .nan, 1]), steps: 0).lines(width: 14, height: 2, glyphs: .ascii)
    #expect(lines.first == "2.00 +....")
    #expect(lines.dropFirst().first == "1.00 +    ....")
  }

  @Test func `a spark shows the first value at the left and the last at the right`() {
    let falling = curve((0..<80).map { 80 - Double($0) })
    #expect(Glyphs.unicode.spark(falling, width: 8) == "█▇▆▅▄▃▂▁")
    #expect(Glyphs.ascii.spark(falling, width: 7) == "#*+=-._")
    #expect(Glyphs.unicode.spark(curve([1]), width: 8) == "")
    #expect(Glyphs.unicode.spark(curve([1, 1, 1]), width: 8) == "▁▁▁")
  }

  @Test func `a resumed run goes over its own steps again`() {
    var curve = Curve(metric: "train.loss", points: [])
    for step in [1, 2, 3, 4, 3, 4, 5] {
      curve.add(Curve.Point(step: step, value: Double(curve.points.count)))
    }
    #expect(curve.points.map(\.step) == [1, 2, 3, 4, 5])
  }

  @Test func `thousands of steps are means of equally many`() {
    let thin = curve((1...4000).map { Double($0) }).thinned(to: 40)
    #expect(thin.points.count == 40)
    #expect(abs(thin.points[0].value - 50.5) < 1)
    #expect(zip(thin.points, thin.points.dropFirst()).allSatisfy { $0.step < $1.step && $0.value < $1.value })
  }

  @Test(
    arguments: [
      (["LANG": "en_GB.UTF-8"], Glyphs.unicode), (["LANG": "C.utf8"], .unicode), ([:], .ascii),
      (["LANG": "C"], .ascii),
      (["LANG": "C", "LC_ALL": "C.UTF-8"], .unicode), (["LANG": "C.UTF-8", "LC_ALL": "POSIX"], .ascii),
      (["LANG": "C.UTF-8", "TERM": "linux"], .ascii), (["LANG": "C.UTF-8", "LC_ALL": ""], .unicode),
    ] as [([String: String], Glyphs)])
  func `characters are those of the locale`(environment: [String: String], expected: Glyphs) {
    #expect(Glyphs(environment: environment) == expected)
  }
}
