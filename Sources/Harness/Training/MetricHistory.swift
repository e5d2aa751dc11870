import Archive
import Tasks

/// Everything measured so far, step by step: it travels inside the checkpoint, so a resumed run has the same history.
struct MetricHistory {
  private(set) var series: [Series]

  /// A history without entries, or that of a checkpoint.
  init(_ series: [Series] = []) {
    self.series =
      series.isEmpty
      ? [
        Series(
          name: "train", steps: [],
          columns: [
            Series.Column(name: "loss", unit: "nat", better: "lower", values: []),
            Series.Column(name: "gradient_norm", unit: "1", better: nil, values: []),
            Series.Column(name: "rate", unit: "1", better: nil, values: []),
          ]),
        MetricHistory.evaluation("validation"),
        MetricHistory.evaluation("test"),
      ] : series
  }

  private static func evaluation(_ name: String) -> Series {
    Series(
      name: name, steps: [],
      columns: [
        Series.Column(name: "loss", unit: "nat", better: "lower", values: []),
        Series.Column(name: "accuracy", unit: "1", better: "higher", values: []),
      ])
  }

  /// Adds what one optimizer step measured; `step` counts from 1.
  mutating func append(_ metrics: StepMetrics, step: Int) {
    append(to: "train", step: step, [metrics.loss, metrics.gradientNorm, metrics.rate])
  }

  /// Adds what an evaluation after `step` steps measured.
  mutating func append(_ evaluation: Evaluation, split: String, step: Int) {
    append(to: split, step: step, [evaluation.loss, evaluation.tally.accuracy ?? .nan])
  }

  private mutating func append(to name: String, step: Int, _ values: [Double]) {
    guard let index = series.firstIndex(where: { $0.name == name }) else {
      fatalError("the history has no series \(name); it has \(series.map(\.name))")
    }
    series[index].steps.append(UInt64(step))
    for (column, value) in values.enumerated() { series[index].columns[column].values.append(value) }
  }

  /// The last step of a series; nil before its first entry.
  func lastStep(of name: String) -> UInt64? { series.first { $0.name == name }?.steps.last }
}
