import Engrams
import Models
import Networks
import Tasks
import Tensors

/// What a training step on the sorting task takes, by model and piece.
package struct StepBenchmark: Sendable {
  package struct Row: Sendable, Encodable {
    package let model: String
    /// Seconds for a segment without labels: forward, with its memory.
    package let earlySegment: Double
    /// Seconds for the last segment: forward with gradients, and backward.
    package let lastSegment: Double
    /// Seconds for clipping and Adam.
    package let optimizerStep: Double
    /// Seconds for a step over all segments that the model needs.
    package let wholeStep: Double
    /// Seconds of an early segment that its memory of engrams takes by itself; nil without one.
    package let memory: Double?
    /// The most bytes that this process held until here.
    package let peakMemory: Int
    package let parameters: Int

    enum CodingKeys: String, CodingKey {
      case model, memory, parameters
      case earlySegment = "early_segment_seconds"
      case lastSegment = "last_segment_seconds"
      case optimizerStep = "optimizer_step_seconds"
      case wholeStep = "step_seconds"
      case peakMemory = "peak_memory_bytes"
    }
  }

  package let sizes: StepSizes
  package let instructionSet: String
  package let threads: Int
  package let rows: [Row]

  /// Measures with the processor of here and now, each piece `times` times, of which it keeps the median.
  package init(_ sizes: StepSizes, times: Int) {
    self.sizes = sizes
    instructionSet = Processor.current.instructionSet.description
    threads = Processor.current.workers.threads
    rows =
      [StepBenchmark.row("transformer", Transformer.self, sizes.transformer, nil, sizes, times)]
      + MemoryLevel.allCases.filter { $0 != .none }.map { level in
        StepBenchmark.row(
          "memoria \(level.rawValue)", Memoria.self, sizes.memoria(level), level == .working ? nil : level,
          sizes, times)
      }
  }

  private static func row<M: SequenceModel>(
    _ name: String, _: M.Type, _ configuration: M.Configuration, _ level: MemoryLevel?, _ sizes: StepSizes,
    _ times: Int
  ) -> Row {
    var trainee = Trainee<M, Sorting>(
      configuration, on: sizes.task(steps: 4 * times + 8), sizes.training, seed: 1)
    _ = trainee.trainStep()
    let pieces = (0..<times).map { _ in trainee.timeOneStep(earlySegments: 1, atMost: .infinity) }
    let clock = ContinuousClock()
    let steps = (0..<times).map { _ in clock.measure { _ = trainee.trainStep() } / .seconds(1) }
    return Row(
      model: name, earlySegment: median(pieces.map(\.earlySegment)),
      lastSegment: median(pieces.map(\.lastSegment)),
      optimizerStep: median(pieces.map(\.optimizerStep)), wholeStep: median(steps),
      memory: level.map { memorySeconds($0, sizes, times) }, peakMemory: Harness.peakMemory(),
      parameters: trainee.parameters.count)
  }

  /// Reminding and memorizing a segment's engrams for a whole batch, once memory is as full as it gets in a document.
  private static func memorySeconds(_ level: MemoryLevel, _ sizes: StepSizes, _ times: Int) -> Double {
    let clock = ContinuousClock()
    let place = Place(seed: 1, purpose: .data, site: 1, step: 0)
    let (B, N, D) = (sizes.batch, sizes.memory.engrams, sizes.width)
    return median(
      (0..<times).map { time in
        var memory = EngramMemory(sizes.memory, level: level, rows: B)
        var seconds = 0.0
        for segment in 0..<max(sizes.segments, 2) {
          let first = UInt64((time * sizes.segments + segment) * B * N * D)
          let working_BND = Tensor(
            [B, N, D], place.words(first: first, count: B * N * D).map { Float($0 >> 8) * 0x1p-23 - 1 })
          let occasion = Occasion(seed: 1, step: 0, segment: segment, examples: Array(0..<B))
          seconds =
            clock.measure {
              let reminded = memory.remind(working_BND, tieBreak: .addressed(occasion))
              let width = reminded.vectors_BND.shape[1]
              memory.memorize(weight_BN: [Float](repeating: 1 / Float(max(width, 1)), count: B * width))
            } / .seconds(1)
        }
        return seconds
      })
  }

  /// A table for people.
  package var text: String {
    let head = [
      "model", "parameters", "early ms", "memory ms", "last ms", "optimizer ms", "step ms", "peak MB",
    ]
    let body = rows.map { row in
      [
        row.model, "\(row.parameters)", NumberText.fixed(row.earlySegment * 1e3, digits: 2),
        row.memory.map { NumberText.fixed($0 * 1e3, digits: 2) } ?? "–",
        NumberText.fixed(row.lastSegment * 1e3, digits: 2),
        NumberText.fixed(row.optimizerStep * 1e3, digits: 2),
        NumberText.fixed(row.wholeStep * 1e3, digits: 1),
        NumberText.fixed(Double(row.peakMemory) * 1e-6, digits: 0),
      ]
    }
    return "\(sizes): \(instructionSet) kernels on \(counted(threads, "thread"))\n"
      + inColumns([head] + body, numbersRight: true)
  }

  /// A list of objects for programs.
  package var json: String {
    jsonText(rows.map { Object(instruction_set: instructionSet, threads: threads, sizes: sizes, step: $0) })
  }

  private struct Object: Encodable {
    let instruction_set: String
    let threads: Int
    let sizes: StepSizes
    let step: Row
  }
}
