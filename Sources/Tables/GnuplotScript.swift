import Records

/// A picture as a script for gnuplot, which draws it from the data beside the script, in whichever folder both lie.
///
/// Distances are in points of the picture. Everything is placed, so that nothing depends on what gnuplot finds room
/// for: panels in rows of three at most, the legend below them, the caption below the legend.
package struct GnuplotScript: Sendable {
  /// Formats of pictures, by the ending of the file.
  package enum Format: String, Sendable, CaseIterable { case svg, png }

  private let picture: Picture
  private let page: GnuplotPage
  private let stem: String
  private let formats: [Format]

  /// - Parameter stem: what the names of script, data and pictures have in common.
  package init(_ picture: Picture, stem: String, formats: [Format]) {
    (self.picture, self.stem, self.formats) = (picture, stem, formats)
    page = GnuplotPage(picture)
  }

  package var text: String {
    let lines =
      head + picture.panels.enumerated().flatMap { panel($0.offset, $0.element) } + legend + [
        "unset multiplot", "unset output", "}",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var head: [String] {
    let kinds = formats.map(\.rawValue).joined(separator: " ")
    return picture.caption.map { "# \(printable($0))" } + [
      "# `gnuplot \(stem).gp` draws the picture again from \(stem).dat; it needs gnuplot 5.4 or later.",
      "set encoding utf8",
      "here = ARG0",
      "while (strlen(here) > 0 && here[strlen(here):strlen(here)] ne '/') { here = here[1:strlen(here) - 1] }",
      "if (strlen(here) > 0) { cd here }",
      "do for [kind in \(quoted(kinds))] {",
      "reset",
      "if (kind eq 'svg') {",
      "set terminal svg size \(page.width),\(page.height) noenhanced font 'DejaVu Sans,13' background rgb 'white'",
      "} else {",
      "set terminal pngcairo size \(2 * page.width),\(2 * page.height) noenhanced font 'DejaVu Sans,10' "
        + "fontscale 2 linewidth 2 pointscale 2 background rgb 'white'",
      "}",
      "set output \(quoted("\(stem).")).kind",
      "set multiplot",
    ] + styles + [
      "set border 3 linecolor rgb '#444444'",
      "set tics nomirror out",
      "set grid ytics linetype 1 linecolor rgb '#dddddd' linewidth 1",
      "unset key",
    ]
  }

  /// A line style for every look that is drawn.
  private var styles: [String] {
    let roles =
      picture.blocks.map { ($0.curve.role, false) } + picture.legend.map { ($0.role, $0.isGeneral) }
    var seen: Set<Int> = []
    return roles.compactMap { role, isGeneral in
      let look = GnuplotLook(role, isGeneral: isGeneral)
      return seen.insert(look.number).inserted ? look.definition : nil
    }
  }

  private func panel(_ index: Int, _ panel: Picture.Panel) -> [String] {
    let box = page.box(of: index)
    // Beside a panel with the same axis the words need not stand again.
    let isRepeated = !page.isFirstInRow(index) && picture.panels[index - 1].yTitle == panel.yTitle
    var lines = [
      "# \(panel.title.isEmpty ? "the panel" : printable(panel.title))",
      "set lmargin at screen \(box.left)", "set rmargin at screen \(box.right)",
      "set bmargin at screen \(box.bottom)", "set tmargin at screen \(box.top)",
      panel.title.isEmpty ? "unset title" : "set title \(quoted(panel.title))",
      "set xlabel \(quoted(picture.xTitle))",
      "unset label",
      panel.range.map { "set yrange [\($0.lowerBound):\($0.upperBound)]" } ?? "set yrange [*:*]",
    ]
    if !isRepeated {
      // Placed by hand: gnuplot would push it off the page to make room for long numbers.
      lines.append(
        "set label \(quoted(panel.yTitle)) at screen \(box.title),\(box.middle) center rotate by 90")
    }
    lines += horizontalAxis
    let scale = panel.power == 0 ? "" : "1e\(panel.power) * "
    var plots: [String] = []
    for (block, curve) in picture.blocks.map(\.curve).enumerated()
    where picture.panelOfBlock(block) == index {
      let look = GnuplotLook(curve.role, isGeneral: false)
      let source = "\(quoted("\(stem).dat")) index \(block)"
      if curve.hasDeviations {
        // A point without a deviation has no bar: its place is not a number then, either.
        plots.append(
          "\(source) using 1:($3 == $3 ? \(scale)$2 : NaN):(\(scale)$3) with yerrorbars linestyle \(look.number)"
        )
      }
      plots.append("\(source) using 1:(\(scale)$2) with \(look.plotStyle) linestyle \(look.number)")
    }
    if plots.isEmpty { plots = ["NaN"] }
    return lines + ["plot \\"] + [plots.map { "  \($0)" }.joined(separator: ", \\\n")]
  }

  private var horizontalAxis: [String] {
    guard let first = picture.ticks.first, let last = picture.ticks.last else {
      return ["set xrange [0:*]", "set xtics autofreq"]
    }
    let ticks = picture.ticks.map { "\(quoted(label(text: "\($0)"))) \($0)" }.joined(separator: ", ")
    switch picture.scale {
    case .powersOfTwo:
      return [
        "set logscale x 2", "set xrange [\(first / 1.25):\(last * 1.25)]", "set xtics nomirror (\(ticks))",
      ]
    case .linear:
      let room = last > first ? (last - first) * 0.06 : max(abs(first), 1) * 0.1
      return ["set xrange [\(first - room):\(last + room)]", "set xtics nomirror (\(ticks))"]
    }
  }

  /// The legend and the caption, drawn over the whole page in its own coordinates.
  private var legend: [String] {
    var lines = [
      "# legend and caption", "unset logscale", "unset label", "unset title", "unset xlabel", "unset border",
      "unset tics", "unset grid",
      "set lmargin at screen 0", "set rmargin at screen 1", "set bmargin at screen 0",
      "set tmargin at screen 1", "set xrange [0:\(page.width)]", "set yrange [0:\(page.height)]",
    ]
    for (index, key) in picture.legend.enumerated() {
      let (x, y) = page.place(ofKey: index)
      let look = GnuplotLook(key.role, isGeneral: key.isGeneral)
      lines.append("set arrow from \(x),\(y) to \(x + 40),\(y) nohead linestyle \(look.number)")
      if look.hasMarkers { lines.append("set label at \(x + 20),\(y) point linestyle \(look.number)") }
      lines.append("set label \(quoted(key.text)) at \(x + 50),\(y) left")
    }
    for (index, line) in page.caption.enumerated() {
      lines.append(
        "set label \(quoted(line)) at 24,\(page.captionTop - 18 * index) left textcolor rgb '#444444' "
          + "font ',\(GnuplotPage.captionSize)'")
    }
    return lines + ["plot NaN notitle"]
  }
}

extension Picture {
  /// The panel that the curve of a block is in.
  fileprivate func panelOfBlock(_ block: Int) -> Int {
    var last = 0
    for (index, panel) in panels.enumerated() {
      last += panel.curves.count
      if block < last { return index }
    }
    return panels.count
  }
}

/// A text as gnuplot takes it, letter by letter: between single quotes nothing has a meaning but a quote.
private func quoted(_ text: String) -> String {
  "'" + printable(text).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}
