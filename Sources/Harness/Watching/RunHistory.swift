import Archive
import Records

/// The curves of one run, read again when something new is stored: of its result, or else of its newest checkpoint with
/// the live log behind it.
struct RunHistory: Sendable {
  private var source: FileIdentity?
  private var stored: [Curve] = []

  /// Nothing that cannot be read is drawn; `mneme fsck` and the run's state say what is damaged.
  mutating func curves(of directory: RunDirectory, live: Curve) -> [Curve] {
    let newest = try? directory.checkpoints().first?.path
    let source = FileIdentity(of: directory.resultPath) ?? newest.flatMap { FileIdentity(of: $0) }
    if source != self.source {
      let series = (try? RunHistories.series(of: directory))?.1 ?? []
      // What was removed while it was read is read at the next look.
      self.source = series.isEmpty ? nil : source
      if !series.isEmpty { stored = series.flatMap(RunHistory.curves) }
    }
    var curves = stored
    let place = curves.firstIndex { $0.metric == live.metric }
    if let place {
      let last = curves[place].points.last?.step ?? 0
      curves[place].points += live.points.filter { $0.step > last }
    } else if !live.points.isEmpty {
      curves.append(live)
    }
    return curves
  }

  private static func curves(of series: Series) -> [Curve] {
    series.columns.filter { ["loss", "accuracy"].contains($0.name) && !series.steps.isEmpty }.map { column in
      Curve(
        metric: "\(series.name).\(column.name)",
        points: zip(series.steps, column.values).map { Curve.Point(step: Int($0), value: $1) })
    }
  }
}
