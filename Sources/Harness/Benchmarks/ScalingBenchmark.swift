import Records
package import Tensors

/// How the cost of a segment moves with the number of segments, with the width, and with threads, for every model.
package struct ScalingBenchmark: Sendable {
  private let sizes: StepSizes
  private let conditions: BenchmarkConditions
  private var rows: [BenchmarkTable.Row] = []

  /// What one table line is: a size that is varied, and its value.
  package struct Point: Sendable {
    package enum Axis: String, Sendable, CaseIterable { case segments, width, threads }
    package let axis: Axis
    let value: Int

    package init(_ axis: Axis, _ value: Int) { (self.axis, self.value) = (axis, value) }

    /// From 4 to 64 segments, from width 128 to 768, from 1 to so many threads.
    package static func all(threads: Int) -> [Point] {
      [4, 8, 16, 32, 64].map { Point(.segments, $0) } + [128, 256, 512, 768].map { Point(.width, $0) }
        + (1...max(threads, 1)).map { Point(.threads, $0) }
    }

    /// The other sizes stay. Wide models are measured on fewer tokens: an eighth of the batch, and three segments.
    func applied(to sizes: StepSizes) -> StepSizes {
      var sizes = sizes
      switch axis {
      case .segments: sizes.segments = value
      case .width:
        (sizes.width, sizes.innerWidth) = (value, 4 * value)
        (sizes.batch, sizes.segments) = (max(1, sizes.batch / 8), 3)
      case .threads: break
      }
      return sizes
    }

    /// The value that others of this axis are compared with.
    var base: Int? {
      switch axis {
      case .segments: 8
      case .width: nil
      case .threads: 1
      }
    }
  }

  /// Everything of a segment is computed, also what a run could leave out: the last segments must not be cheaper for it.
  ///
  /// - Parameter note: hears what is being timed.
  package init(
    _ sizes: StepSizes, models: [String], points: [Point], times: Int, instructionSet: InstructionSet,
    threads: Int, note: (String) -> Void
  ) throws {
    self.sizes = sizes
    conditions = BenchmarkConditions(instructionSet: instructionSet.description, threads: threads)
    for model in models {
      var found: [(point: Point, measured: StepMeasurement)] = []
      for point in points {
        note("\(model): \(point.axis.rawValue) \(point.value)")
        let run = try point.applied(to: sizes).specification(of: model)
        let processor = Processor(instructionSet, threads: point.axis == .threads ? point.value : threads)
        found.append(
          Processor.$current.withValue(processor) {
            (point, StepMeasurement(of: run, times: times, omission: .nothing, module: false))
          })
      }
      for (point, measured) in found {
        let base = found.first { $0.point.axis == point.axis && $0.point.value == point.base }?.measured
        rows.append(row(model, point, measured, base: base))
      }
    }
  }

  private func row(
    _ model: String, _ point: Point, _ found: StepMeasurement, base: StepMeasurement?
  ) -> BenchmarkTable.Row {
    var cells: [String: BenchmarkTable.Cell] = [
      "model": .text(model), "varied": .text(point.axis.rawValue), "value": .number(Double(point.value)),
    ]
    func seconds(_ name: String, _ key: String) {
      guard let piece = found[name] else { return }
      cells["\(key)_seconds"] = .number(piece.seconds)
      if let bound = found.bound(of: piece) {
        cells["\(key)_fraction_of_bound"] = .number(bound / piece.seconds)
      }
    }
    seconds(StepMeasurement.middle, "middle_segment")
    seconds(StepMeasurement.last, "last_segment")
    seconds(StepMeasurement.step, "step")
    // Threads are judged by the step, segments by what one more of them costs.
    let judged = point.axis == .threads ? StepMeasurement.step : StepMeasurement.middle
    if let here = found[judged]?.seconds, let there = base?[judged]?.seconds {
      cells["ratio"] = .number(point.axis == .threads ? there / here : here / there)
    }
    if let here = found[judged]?.operations, let there = base?[judged]?.operations {
      cells["work_ratio"] = .number(point.axis == .threads ? there / here : here / there)
    }
    return BenchmarkTable.Row(cells: cells, settings: settings)
  }

  private var settings: [String: BenchmarkTable.Cell] { ["sizes": .text(sizes.words)] }

  package var table: BenchmarkTable {
    @Sendable func milliseconds(_ seconds: Double) -> String { NumberText.fixed(seconds * 1e3, digits: 2) }
    return BenchmarkTable(
      name: "scaling", conditions: conditions,
      notes: [
        "unless varied: \(sizes.words); everything computed",
        "ratio: a middle segment to one of 8 segments (1.00 is flat); a step on 1 thread to one on more",
        "work: the same ratio of useful operations; memories that are still filling ask for fewer",
      ],
      columns: [
        .init("model", "model", .label), .init("varied", "varied", .label), .init("value", "value", .label),
        .init("middle_segment_seconds", "middle ms", .less, show: milliseconds),
        .init("middle_segment_fraction_of_bound", "of bound", show: percent),
        .init("last_segment_seconds", "last ms", show: milliseconds),
        .init("last_segment_fraction_of_bound", "of bound", show: percent),
        .init("step_seconds", "step ms", show: milliseconds),
        .init("work_ratio", "work") { NumberText.fixed($0, digits: 3) },
        .init("ratio", "ratio") { NumberText.fixed($0, digits: 3) },
      ], rows: rows)
  }
}
