import Tensors

/// How many predictions are right, of how many that count.
///
/// Accuracy is teacher-forced (the true tokens before a position are in the input), token by token, and a
/// micro average: every label of a split weighs the same, whichever example it belongs to.
package struct Tally: Sendable, Equatable {
  package private(set) var right: Int
  package private(set) var labels: Int

  package init(right: Int = 0, labels: Int = 0) {
    require(
      0 <= right && right <= labels,
      "\(right) of \(labels) labels cannot be right: the first number must be from 0 to the second")
    self.right = right
    self.labels = labels
  }

  /// Σ right / Σ labels, a fraction; nil where nothing was to be predicted.
  package var accuracy: Double? { labels == 0 ? nil : Double(right) / Double(labels) }

  package static func += (total: inout Tally, part: Tally) {
    total.right += part.right
    total.labels += part.labels
  }
}
