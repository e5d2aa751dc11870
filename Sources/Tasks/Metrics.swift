import Tensors

/// The most probable class of each row of `scores`, [rows, classes]: the first of equals.
///
/// Scores must be numbers: a run with NaN in its logits is stopped before it is measured.
package func predictions(from scores: [Float], classes: Int) -> [Int32] {
  require(
    classes >= 1 && scores.count % classes == 0,
    "\(scores.count) scores are not whole rows of \(classes) classes")
  return stride(from: 0, to: scores.count, by: classes).map { row in
    var best = row
    for column in row..<(row + classes) where scores[column] > scores[best] { best = column }
    return Int32(best - row)
  }
}

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

extension Segment {
  /// One tally a sequence of the batch, for predictions of every position, [B, L]; positions without a label
  /// do not count.
  package func tallies(of predictions: [Int32]) -> [Tally] {
    require(
      predictions.count == labels.count,
      "\(predictions.count) predictions cannot be compared with \(labels.count) labels")
    return (0..<rows).map { row in
      var (right, counted) = (0, 0)
      for position in (row * columns)..<((row + 1) * columns) where labels[position] != Example.noLabel {
        counted += 1
        if predictions[position] == labels[position] { right += 1 }
      }
      return Tally(right: right, labels: counted)
    }
  }
}
