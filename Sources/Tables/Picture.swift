/// A picture before anybody draws it: curves in panels, and the words around them.
///
/// Numbers are as stored; a panel says by which power of ten they are shown (a fraction in percent).
package struct Picture: Sendable {
  /// How a curve looks. Equal numbers are equal colours and markers.
  package enum Role: Sendable, Hashable {
    /// Solid, filled markers.
    case measured(Int)
    /// Dashed, open markers: the same colour and shape as the measured one of that number.
    case published(Int)
    /// A thin grey line that nobody measured.
    case computed(Int)
    /// Solid; markers where there are few points.
    case history(Int, isDense: Bool)
  }

  package struct Point: Sendable, Equatable {
    package let x: Double
    /// Nil for a number that is planned and not there.
    package let y: Double?
    package var deviation: Double?
    /// How many numbers were averaged, where that is known.
    package var count: Int?
    /// The runs behind it, by their ids.
    package var runs: [String] = []
  }

  package struct Curve: Sendable {
    /// `transformer-xl`
    package let name: String
    /// What it is: `measured`, `published`, `computed`.
    package let source: String
    package let role: Role
    package let points: [Point]

    var hasDeviations: Bool { points.contains { $0.deviation != nil } }
  }

  package struct Panel: Sendable {
    package let title: String
    package let yTitle: String
    /// Shown = stored · 10^power.
    package let power: Int
    /// Shown numbers; nil leaves the range to the curves.
    package let range: ClosedRange<Double>?
    package let curves: [Curve]
  }

  package struct Key: Sendable {
    package let text: String
    package let role: Role
    /// Stands for all curves of its kind, in grey.
    package let isGeneral: Bool
  }

  package enum Scale: Sendable { case linear, powersOfTwo }

  /// As files and programs call it: `figure4`.
  package let name: String
  package let panels: [Panel]
  package let xTitle: String
  package let scale: Scale
  /// Where the horizontal axis has numbers; empty leaves it to the drawing.
  package let ticks: [Double]
  package let legend: [Key]
  /// Lines below the picture.
  package let caption: [String]
  /// What each column of the data is, and what else a reader of it must know.
  package let facts: [String]

  /// The same without the lines below it, for who says them elsewhere.
  package var captionless: Picture {
    Picture(
      name: name, panels: panels, xTitle: xTitle, scale: scale, ticks: ticks, legend: legend, caption: [],
      facts: facts)
  }
}

extension ClosedRange<Double> {
  /// The least range between whole steps of 1, 2 or 5 · 10ⁿ that holds `values` with a little room; nil for none.
  static func around(_ values: [Double]) -> ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    let extent = Swift.max(high - low, Swift.max(abs(high), abs(low)) * 0.01)
    let span = extent > 0 ? extent : 1
    let exponent = DecimalText(span, scaledByTenTo: 0).leadingExponent - 1
    // At most eight steps, spelled in decimal so that each is the nearest Double.
    let steps = ["1e\(exponent)", "2e\(exponent)", "5e\(exponent)", "1e\(exponent + 1)", "2e\(exponent + 1)"]
    guard let step = steps.compactMap(Double.init).first(where: { $0 * 8 >= span }) else { return nil }
    let room = span * 0.02
    let bottom = ((low - room) / step).rounded(.down) * step
    // What is never negative is not drawn as if it could be.
    return (low >= 0 ? Swift.max(0, bottom) : bottom)...(((high + room) / step).rounded(.up) * step)
  }
}
