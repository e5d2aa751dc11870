import ArgumentParser
import Foundation
import Harness
import Records
import Tensors

/// `mneme bench steps`
struct BenchSteps: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract: "Measure a training step of every model, piece by piece, and its memory.",
    discussion: """
      A first and a middle segment forward, the last one forward and backward, the optimizer, the whole step; Memoria's \
      memory by itself; peak memory. Each model has a process of its own. Useful operations are those of matrix \
      products, from their shapes, once; the bound is what they would take at the rate of the best product of these \
      shapes, measured between the steps.

        mneme bench steps --sizes quick-128 --threads 2
        mneme bench steps --model memoria --segment-length 64 --segments 32
        mneme bench steps --json > saved.json
        mneme bench steps --against saved.json

      A manifest in place of sizes measures the runs that it declares, one of every size:

        mneme bench steps Experiments/segments.yaml

      --beside COMMAND calls a program of yours with --model (transformer, xl, compressive, infinity, memoria), \
      --segment-length, --segments, --batch, --layers, --width, --heads, --ffn, --vocabulary, --memory-length, \
      --threads, --steps, --dropout, --json, and --lean unless --full is given. It prints one line of JSON, seconds and \
      MiB: {"median": {"first": 0.1, "middle": 0.1, "last": 0.3, "optimizer": 0.01, "step": 0.6}, "peak_rss_mib": 700}. \
      Sizes that it repeats are checked.

        mneme bench steps --beside "python3 torch_peer.py" --rounds 3
      """)

  @Argument(help: "A manifest, in place of sizes.", completion: .manifestFile) var manifest: String?
  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @Option(help: "Only this model. May be repeated.") var model: [String] = []
  @OptionGroup var sizes: SizeOptions

  @Flag(help: "Compute everything, also what cannot reach a label, which a run leaves out.")
  var full = false

  @OptionGroup var repetition: RepetitionOptions
  @OptionGroup var processor: ProcessorOptions
  @OptionGroup var yardstick: BesideOptions
  @OptionGroup var output: BenchOutput
  @OptionGroup var voice: VoiceOptions

  /// What this command asks its own processes for: one run, as the bytes of its settings.
  @Option(help: .hidden) var specification: String?

  func validate() throws {
    guard manifest != nil else {
      if !overrides.settings.isEmpty { throw ValidationError("--set changes a manifest, and none is given.") }
      return
    }
    guard !sizes.areGiven && model.isEmpty else {
      throw ValidationError(
        "the manifest says models and sizes; give either it or options, or change it by --set.")
    }
    guard yardstick.beside == nil else {
      throw ValidationError(
        "--beside needs sizes that another program can be told; give options, not a manifest.")
    }
  }

  private var omission: Omission { full ? .nothing : .everythingNeedless }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    if let specification { return try measure(specification, surroundings) }
    let saved = try output.saved()
    let (subjects, notes) = try subjects()
    let benchmark = try await StepBenchmark(
      subjects,
      StepBenchmark.Conditions(
        instructionSet: processor.chosen.description, threads: processor.threads, times: repetition.times,
        omission: omission), rounds: yardstick.count, program: LocalExecutor.ownProgram,
      beside: yardstick.beside.map { StepYardstick(command: $0, sizes: sizes.sizes) }
    ) { surroundings.note($0 + "\n") }
    try output.print(try benchmark.table(notes: notes), beside: saved, surroundings)
    return .done
  }

  /// What is measured, and what stands above the table.
  private func subjects() throws -> ([StepBenchmark.Subject], [String]) {
    guard let path = manifest else {
      let names = model.isEmpty ? StepSizes.models : model
      let sizes = sizes.sizes
      return (try names.map { .init($0, try sizes.specification(of: $0)) }, [sizes.words])
    }
    let manifest = try Manifest(reading: path, settings: overrides.settings)
    return (
      Measurement.sizes(of: manifest).map { .init($0.label, $0.run) },
      ["\(manifest.name), one run of every size"]
    )
  }

  /// One run, in this process.
  private func measure(_ text: String, _ surroundings: Surroundings) throws -> ExitStatus {
    let run = try StepBenchmark.specification(hex: text)
    let found = Processor.$current.withValue(processor.processor) {
      StepMeasurement(of: run, times: repetition.times, omission: omission, module: true)
    }
    surroundings.output(String(decoding: try JSONEncoder().encode(found), as: UTF8.self) + "\n")
    return .done
  }
}

/// The sizes of steps.
struct SizeOptions: ParsableArguments {
  @Option(
    name: .customLong("sizes"),
    help: ArgumentHelp(
      "Start from quick-64, quick-128, paper-256 or paper-1024; the options below change it.",
      valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp("Width of the models.", valueName: "number")) var width: Int?
  @Option(help: ArgumentHelp("Layers.", valueName: "number")) var layers: Int?
  @Option(help: ArgumentHelp("Attention heads.", valueName: "number")) var heads: Int?
  @Option(
    help: ArgumentHelp(
      "Width inside the feed-forward networks; four times the width if only that is given.",
      valueName: "number"))
  var innerWidth: Int?
  @Option(help: ArgumentHelp("Tokens of a segment; memories grow with it.", valueName: "number"))
  var segmentLength: Int?
  @Option(help: ArgumentHelp("Segments of a document.", valueName: "number")) var segments: Int?
  @Option(help: ArgumentHelp("Documents of a batch.", valueName: "number")) var batch: Int?
  @Option(
    help: """
      M, the measure of all memories; the segment length if not given. Transformer-XL keeps M rows, the Compressive \
      Transformer M/2 and M/2 compressed; the ∞-former has M functions; Memoria M/8 engrams a segment, M/4 and 5M/8 \
      reminded, M/2 in short-term memory.
      """)
  var memoryLength: Int?
  @Option(help: ArgumentHelp("Symbols and the separator; one less are sorted.", valueName: "number"))
  var vocabulary: Int?
  @Option(help: ArgumentHelp("Dropout, everywhere.", valueName: "number")) var dropout: Double?

  var areGiven: Bool {
    preset != nil || dropout != nil
      || [width, layers, heads, innerWidth, segmentLength, segments, batch, memoryLength, vocabulary].contains
      {
        $0 != nil
      }
  }

  func validate() throws {
    guard let preset, StepSizes.Preset(rawValue: preset) == nil else { return }
    let known = StepSizes.Preset.allCases.map(\.rawValue)
    throw ValidationError(
      "--sizes is \(preset); expected one of \(known.joined(separator: ", "))"
        + (nearest(preset, among: known).map { "; did you mean \($0)?" } ?? "."))
  }

  var sizes: StepSizes {
    var sizes = StepSizes(preset.flatMap(StepSizes.Preset.init) ?? .quick64)
    if let width {
      (sizes.width, sizes.innerWidth) = (width, width.multipliedReportingOverflow(by: 4).partialValue)
    }
    if let segmentLength { (sizes.segmentLength, sizes.memoryLength) = (segmentLength, segmentLength) }
    sizes.layers = layers ?? sizes.layers
    sizes.heads = heads ?? sizes.heads
    sizes.innerWidth = innerWidth ?? sizes.innerWidth
    sizes.segments = segments ?? sizes.segments
    sizes.batch = batch ?? sizes.batch
    sizes.memoryLength = memoryLength ?? sizes.memoryLength
    sizes.vocabulary = vocabulary ?? sizes.vocabulary
    sizes.dropout = dropout ?? sizes.dropout
    return sizes
  }
}
