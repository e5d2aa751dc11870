import Records
import Testing

@testable import Tables

@Suite struct PageTests {
  @Test func `text is never markup, whatever is in it`() {
    let evil = "</p><script>'\"&amp;\u{7}\u{202E}\u{FFFF}é"
    let safe = "&lt;/p&gt;&lt;script&gt;&#39;&quot;&amp;amp;&#65533;&#65533;&#65533;&#233;"
    #expect(Markup(evil).text == safe)
    #expect(Markup.element("p", ["title": evil], Markup(evil)).text == "<p title=\"\(safe)\">\(safe)</p>")
    #expect(Markup(lines: "a\n<b>").text == "a<br/>&lt;b&gt;")
    #expect(Markup.list([]).text == "")
  }

  @Test func `what stands between backticks is to be typed, and a single one is a backtick`() {
    #expect(Markup(sentence: "type `mneme <x>` now").text == "type <code>mneme &lt;x&gt;</code> now")
    #expect(Markup(sentence: "one ` only").text == "one ` only")
  }

  @Test func `columns of words stand on the left, of numbers on the right`() {
    let long = String(repeating: "long ", count: 9)
    let table = PageTable(
      "c", names: ["run"], heads: ["state", "n", "remark"],
      rows: [
        .init(["a"], [.words("done"), .number("1"), .words(long)]),
        .init(["b"], [.words("failed"), .nothing, .nothing], isFaint: true),
      ])
    let text = table.markup.text
    #expect(
      text.contains("<td class=\"word\">done</td><td>1</td><td class=\"words\">\(long)</td>"), "\(text)")
    #expect(text.contains("<tr class=\"faint\"><th scope=\"row\">b</th>"))
    #expect(
      text.contains("<th scope=\"col\" class=\"name\">run</th><th scope=\"col\" class=\"word\">state</th>"))
  }

  private static let drawn = """
    <?xml version="1.0"?>
    <!-- > -->
    <svg width="1000" height="50" viewBox="0 0 1000 50" xmlns="http://www.w3.org/2000/svg" onload="x()">
    <title>Gnuplot</title><desc>by <b/> it</desc>
    <g id="gnuplot_canvas"><rect x="0" y="0" width="1000" height="50" fill="#ffffff"/>
    <defs><circle id='gpPt5' r='1'/><use xlink:href='#gpPt5' id='gpPt6'/><filter id='f'><feFlood/></filter></defs>
    <g fill="none" stroke="currentColor">
    </g>
    <g color="black"><path class="gridline" stroke='rgb(221, 221, 221)' d='M1,2
    L3,4 '/><g font-family="x" font-size="13"><text>a &lt; b &amp; c é</text></g></g>
    </g></svg>
    """

  @Test func `of a picture shapes and labels are taken over, under names of its own`() throws {
    let text = try InlineSVG(Self.drawn, name: "p1", title: "loss & \"more\"").markup.text
    #expect(
      text == """
        <svg style="min-width: 700px" role="img" aria-labelledby="p1-title" width="1000" height="50" viewBox="0 0 1000 50">\
        <title id="p1-title">loss &amp; &quot;more&quot;</title>\
        <g><defs><circle id="p1-gpPt5" r="1"></circle>
        <use href="#p1-gpPt5" id="p1-gpPt6"></use>
        </defs>
        <g color="var(--ink)"><path stroke="var(--rule)" d="M1,2 L3,4"></path>
        <g font-size="13"><text>a &lt; b &amp; c &#233;</text>
        </g>
        </g>
        </g>
        </svg>

        """)
  }

  @Test func `a picture that would fetch or run something is refused`() {
    func refused(_ inner: String) -> InlineSVGError? {
      do throws(InlineSVGError) {
        _ = try InlineSVG("<svg>\(inner)</svg>", name: "p", title: "t")
        return nil
      } catch { return error }
    }
    #expect(refused("<script>x</script>") == .element("script"))
    #expect(refused("<image href='a.png'/>") == .element("image"))
    #expect(refused("<use xlink:href='http://x/#a'/>") == .reference("http://x/#a"))
    #expect(refused("<path fill='url(http://x)'/>") == .reference("url(http://x)"))
    #expect(refused("<g>") == .unfinished)
    #expect(refused("<path d='") == .unfinished)
    #expect(refused("<!-- ") == .unfinished)
    #expect(refused("<path d='M1,2'/>") == nil)
  }

  private func run(_ panel: Int, _ kind: String, _ seed: Int, steps: Int = 3) -> HistoryPanels.Run {
    HistoryPanels.Run(
      panel: [.integer(panel)], kind: [.text(kind)], repetition: [.integer(seed)],
      history: History(
        label: "", source: "result", metric: "train.loss", unit: "nat", steps: (1...steps).map(UInt64.init),
        values: (1...steps).map { 1 / Double($0) }))
  }

  private func panels(_ runs: [HistoryPanels.Run]) -> HistoryPanels {
    HistoryPanels(
      runs, panelKeys: ["task.segments"], repetitionKeys: ["seed"], metric: "train.loss", name: "n",
      caption: ["c"])
  }

  @Test func `a kind has one colour in all panels, a repetition one dash`() {
    let made = panels(
      [4, 8].flatMap { panel in ["none", "long"].flatMap { kind in [1, 2].map { run(panel, kind, $0) } } })
    #expect(made.leftOut == 0)
    #expect(made.picture.panels.map(\.title) == ["4 segments", "8 segments"])
    #expect(Set(made.picture.panels.map(\.range)).count == 1)
    let colours = GnuplotLook.colours.count
    for panel in made.picture.panels {
      #expect(
        panel.curves.map(\.role) == [0, colours, 1, colours + 1].map { .history($0, isDense: false) })
    }
    #expect(
      made.picture.legend.map(\.text) == ["none, seed 1", "none, seed 2", "long, seed 1", "long, seed 2"])
  }

  @Test func `too many panels or curves are counted, not dropped in silence`() {
    let many = panels((1...15).map { run($0, "none", 1) })
    #expect(many.picture.panels.count == HistoryPanels.panelLimit && many.leftOut == 3)
    let seeds = panels((1...40).map { run(1, "none", $0, steps: 1000) })
    #expect(seeds.picture.panels[0].curves.count == Picture.historyLimit)
    #expect(seeds.leftOut == 40 - Picture.historyLimit)
    #expect(seeds.picture.panels[0].curves.allSatisfy { $0.points.count <= HistoryPanels.pointLimit })
    #expect(seeds.picture.caption.last?.contains("no more than 240 evenly spaced steps") == true)
    // All look different.
    #expect(Set(seeds.picture.legend.map(\.role)).count == Picture.historyLimit)
  }
}
