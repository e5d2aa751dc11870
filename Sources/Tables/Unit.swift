/// In what a metric is stored, and in what it is shown.
///
/// A metric of unit `1` is a fraction, stored in 0…1 and shown in percent. Every other unit is shown as it
/// is stored.
package struct Unit: Sendable, Hashable {
  /// As stored beside the metric: `1`, `nat`, `s`.
  package let symbol: String

  package init(_ symbol: String) {
    // Percent is a way of printing: in CSV it stands for a fraction, and would be read back as one.
    guard symbol != "%", !symbol.isEmpty else {
      fatalError("a metric is stored with a unit such as 1 (a fraction), nat or s; found \"\(symbol)\"")
    }
    self.symbol = symbol
  }

  package static let fraction = Unit("1")

  var isFraction: Bool { self == .fraction }
  /// What follows "in" in a caption.
  var shown: String { isFraction ? "%" : symbol }
  /// Shown = stored · 10^power.
  var power: Int { isFraction ? 2 : 0 }
  /// The unit of a difference of two shown numbers.
  var shownDifference: String { isFraction ? "percentage points" : symbol }

  /// A difference in a sentence: `1 percentage point`, `0.5 percentage points`, `0.1 nat`.
  func shownDifference(_ number: String) -> String {
    "\(number) \(isFraction && number == "1" ? "percentage point" : shownDifference)"
  }
}
