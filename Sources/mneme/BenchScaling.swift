import ArgumentParser
import Foundation
import Harness
import Records
import Tensors

/// `mneme bench scaling`
struct BenchScaling: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Measure what a segment costs as documents, widths and threads grow.",
    discussion: """
      From 4 to 64 segments, from width 128 to 768, and from 1 thread to all of the machine's, for every model, at the \
      sizes of quick-64 unless said otherwise. Everything of a segment is computed; threads are --threads where they do \
      not vary.

        mneme bench scaling
        mneme bench scaling --model memoria --sizes quick-128
      """)

  @Option(help: "Only this model. May be repeated.") var model: [String] = []
  @Option(help: "Only this: segments, width or threads. May be repeated.") var vary: [String] = []
  @OptionGroup var sizes: SizeOptions
  @OptionGroup var repetition: RepetitionOptions
  @OptionGroup var processor: ProcessorOptions
  @OptionGroup var output: BenchOutput
  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    for word in vary where ScalingBenchmark.Point.Axis(rawValue: word) == nil {
      let known = ScalingBenchmark.Point.Axis.allCases.map(\.rawValue)
      throw ValidationError(
        "--vary is \(word); expected one of \(known.joined(separator: ", "))"
          + (nearest(word, among: known).map { "; did you mean \($0)?" } ?? "."))
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let saved = try output.saved()
    let points = ScalingBenchmark.Point.all(threads: ProcessInfo.processInfo.activeProcessorCount).filter {
      vary.isEmpty || vary.contains($0.axis.rawValue)
    }
    let benchmark = try ScalingBenchmark(
      sizes.sizes, models: model.isEmpty ? StepSizes.models : model, points: points, times: repetition.times,
      instructionSet: processor.chosen, threads: processor.threads
    ) { surroundings.note($0 + "\n") }
    try output.print(benchmark.table, beside: saved, surroundings)
    return .done
  }
}
