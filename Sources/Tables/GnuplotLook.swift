/// Colour, line and marker of a curve, for gnuplot.
///
/// The colours are those of Okabe and Ito, which people who see fewer colours can tell apart, in an order in which
/// neighbours also differ as greys; and every colour has a marker of its own.
struct GnuplotLook {
  /// Yellow is left out: it would be mistaken for paper.
  static let colours = ["#0072b2", "#e69f00", "#222222", "#d55e00", "#56b4e9", "#009e73", "#cc79a7"]
  /// Filled markers: circle, square, triangle, diamond, triangle down, pentagon, and a star; the open ones, of the star a
  /// cross, are one less.
  static let markers = [7, 5, 9, 13, 11, 15, 3]
  /// Beyond one round of colours these tell histories apart.
  private static let dashes = ["solid", "(12,6)", "(3,4)", "(16,5,3,5)"]
  static let grey = "#777777"
  /// Dashes of what nobody measured.
  private static let gaps = ["3,5", "14,5,3,5", "10,5", "18,4,3,4,3,4"]

  /// The number of its line style.
  let number: Int
  let plotStyle: String
  private let attributes: String

  var hasMarkers: Bool { plotStyle == "linespoints" }

  /// - Parameter isGeneral: whether it stands for all curves of its kind, and so has no colour of its own.
  init(_ role: Picture.Role, isGeneral: Bool) {
    func colour(_ index: Int) -> String {
      isGeneral ? GnuplotLook.grey : GnuplotLook.colours[index % GnuplotLook.colours.count]
    }
    func marker(_ index: Int) -> Int { GnuplotLook.markers[index % GnuplotLook.markers.count] }
    switch role {
    case .measured(let index):
      number = isGeneral ? 1 : 100 + index
      plotStyle = "linespoints"
      attributes = "dashtype solid linewidth 2 pointtype \(marker(index)) pointsize 1 \(rgb(colour(index)))"
    case .published(let index):
      number = isGeneral ? 2 : 200 + index
      plotStyle = "linespoints"
      attributes =
        "dashtype (12,7) linewidth 1.2 pointtype \(marker(index) - 1) pointsize 1 \(rgb(colour(index)))"
    case .computed(let index):
      number = 300 + index
      plotStyle = "lines"
      attributes =
        "dashtype (\(GnuplotLook.gaps[index % GnuplotLook.gaps.count])) linewidth 1.5 \(rgb(GnuplotLook.grey))"
    case .history(let index, let isDense):
      number = (isDense ? 400 : 1400) + index
      plotStyle = isDense ? "lines" : "linespoints"
      let dash = GnuplotLook.dashes[index / GnuplotLook.colours.count % GnuplotLook.dashes.count]
      attributes =
        "dashtype \(dash) linewidth 1.5 pointtype \(marker(index)) pointsize 0.8 \(rgb(colour(index)))"
    }
    func rgb(_ colour: String) -> String { "linecolor rgb '\(colour)'" }
  }

  /// How many histories look different from each other.
  static var histories: Int { colours.count * dashes.count }

  var definition: String { "set style line \(number) \(attributes)" }
}
