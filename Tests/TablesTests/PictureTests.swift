import Testing

@testable import Tables

@Suite struct PictureTests {
  private func history(_ count: Int, label: String = "a", _ value: (Int) -> Double = { Double($0) })
    -> History
  {
    History(
      label: label, source: "run", metric: "train.loss", unit: "nat", steps: (1...count).map(UInt64.init),
      values: (1...count).map(value))
  }

  @Test(arguments: [1, 61, Picture.pointLimit])
  func `short histories are drawn whole`(count: Int) {
    #expect(Picture.points(of: history(count)).count == count)
  }

  @Test(arguments: [2001, 2002, 3998, 3999, 4000, 12_345, 100_000])
  func `long histories are thinned evenly, and end where they end`(count: Int) throws {
    let points = Picture.points(of: history(count))
    #expect(points.count <= Picture.pointLimit)
    #expect(points.count > Picture.pointLimit / 2)
    #expect(points.first?.x == 1)
    #expect(points.last?.x == Double(count))
    let steps = zip(points.dropFirst(), points).map { $0.x - $1.x }.dropLast()
    #expect(Set(steps).count == 1)
  }

  @Test func `two runs are two curves in a panel for each metric`() {
    let picture = Picture(
      histories: [
        history(3, label: "seed=1"), history(3000, label: "seed=2") { $0 == 1 ? .nan : 1 / Double($0) },
      ], of: ["train.loss"], runs: ["seed=1", "seed=2"], name: "train.loss", caption: ["two runs"])
    #expect(picture.panels.map(\.yTitle) == ["train loss, nat"])
    #expect(picture.panels[0].curves.map(\.name) == ["seed=1", "seed=2"])
    #expect(
      picture.caption == [
        "two runs",
        "Long histories are drawn at no more than 2000 evenly spaced steps, the last one among them.",
      ])
    #expect(picture.data.contains("\n1 nan nan nan\n3 0.3333333333333333 nan nan\n"))
    let script = GnuplotScript(picture, stem: "h", formats: [.png]).text
    #expect(script.contains("'h.dat' index 0 using 1:($2) with linespoints linestyle 1400"))
    #expect(script.contains("'h.dat' index 1 using 1:($2) with lines linestyle 401"))
  }

  @Test func `as many histories as may be drawn all look different`() {
    let looks = (0..<Picture.historyLimit).map {
      GnuplotLook(.history($0, isDense: true), isGeneral: false).definition.split(separator: " ").dropFirst(4)
    }
    #expect(Set(looks).count == Picture.historyLimit)
    let next = GnuplotLook(.history(Picture.historyLimit, isDense: true), isGeneral: false).definition
    #expect(next.split(separator: " ").dropFirst(4) == looks[0])
  }

  @Test func `a history that stays where it is has a range around it`() throws {
    func range(_ value: @escaping (Int) -> Double, _ count: Int) -> ClosedRange<Double>? {
      Picture(
        histories: [history(count, value)], of: ["train.loss"], runs: ["a"], name: "x", caption: []
      ).panels[0].range
    }
    #expect(try #require(range({ _ in 1.5 }, 1)).contains(1.5))
    #expect(try #require(range({ _ in 0 }, 5)) == 0...0.2)
    #expect(range({ Double($0) }, 2) == nil)
  }

  @Test func `long words of the legend have room, and the page grows with them`() {
    func page(_ letters: Int) -> GnuplotPage {
      let labels = (0..<3).map { "\($0)" + String(repeating: "m", count: letters - 1) }
      return GnuplotPage(
        Picture(
          histories: labels.map { history(2, label: $0) }, of: ["train.loss"], runs: labels, name: "x",
          caption: []))
    }
    for letters in [3, 12, 40, 120] {
      let page = page(letters)
      let keys = (0..<3).map(page.place(ofKey:))
      for (one, next) in zip(keys, keys.dropFirst()) where one.y == next.y {
        #expect(next.x - one.x >= 50 + 8 * letters)
      }
      #expect(keys.allSatisfy { $0.x > 0 && $0.x + 50 + 8 * letters < page.width }, "\(letters)")
    }
  }

  @Test func `foreign text cannot leave its quotes`() {
    let picture = Picture(
      histories: [history(2, label: "it's\n'; system 'rm'")], of: ["train.loss"],
      runs: ["it's\n'; system 'rm'"], name: "x", caption: ["a\nplot"])
    let script = GnuplotScript(picture, stem: "h", formats: [.png]).text
    #expect(script.contains("set label 'it''s\u{FFFD}''; system ''rm''' at"))
    #expect(!script.contains("\nplot'"))
    #expect(script.hasPrefix("# a\u{FFFD}plot\n"))
    #expect(picture.data.hasPrefix("# a\u{FFFD}plot\n"))
  }

  @Test(
    arguments: [
      ([0.1, 0.9], 0.0, 1.0), ([34, 84.49], 30, 90), ([-3, 3], -4, 4), ([5, 5], 4.99, 5.01),
      ([0, 0], 0, 0.2),
    ] as [([Double], Double, Double)])
  func `a range has whole steps and holds its numbers`(values: [Double], least: Double, greatest: Double)
    throws
  {
    let range = try #require(ClosedRange.around(values))
    #expect(values.allSatisfy(range.contains))
    #expect(abs(range.lowerBound - least) <= 1e-9 * abs(least), "\(range)")
    #expect(abs(range.upperBound - greatest) <= 1e-9 * abs(greatest), "\(range)")
  }

  @Test func `no numbers have no range`() { #expect(ClosedRange.around([]) == nil) }

  @Test func `neighbours differ in colour, marker and as greys`() {
    func grey(_ colour: String) -> Double {
      let number = Int(colour.dropFirst(), radix: 16) ?? 0
      return 0.299 * Double(number >> 16) + 0.587 * Double(number >> 8 & 255) + 0.114 * Double(number & 255)
    }
    #expect(Set(GnuplotLook.colours).count == 7)
    #expect(Set(GnuplotLook.markers).count == 7)
    // Four models, as in the paper, on any two of which a copier can tell apart.
    let greys = GnuplotLook.colours.prefix(4).map(grey).sorted()
    #expect(zip(greys.dropFirst(), greys).allSatisfy { $0 - $1 > 25 }, "\(greys)")
  }

  @Test func `a wide picture has three panels in a row and the legend below`() {
    let histories = (0..<4).map { index in
      History(
        label: "a", source: "run", metric: "train.m\(index)", unit: "1", steps: [1], values: [1])
    }
    let picture = Picture(
      histories: histories, of: histories.map(\.metric), runs: ["a"], name: "x",
      caption: [String(repeating: "words ", count: 80)])
    let page = GnuplotPage(picture)
    #expect(page.box(of: 0).bottom == page.box(of: 2).bottom)
    #expect(page.box(of: 3).top < page.box(of: 0).bottom)
    #expect(page.box(of: 3).left == page.box(of: 0).left)
    #expect(page.caption.count > 1)
    #expect(Double(page.place(ofKey: 0).y) < page.box(of: 3).bottom * Double(page.height) - 40)
    #expect(page.place(ofKey: 0).y > page.captionTop)
  }
}
