import ArgumentParser
import Harness
import Tensors

/// `mneme bench`: how fast this machine is at what runs are made of.
struct BenchCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this program is on this machine.",
    discussion: """
      Without a subcommand products and steps, with one thread; the steps are those of the quick manifests.

        mneme bench
        mneme bench matmul --threads 2
        mneme bench segments Experiments/segments.yaml
        mneme bench step --segment-length 32 --json
      """,
    subcommands: [BenchMatmul.self, BenchSegments.self, BenchStep.self])

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    Processor.$current.withValue(Processor(.best, threads: 1)) {
      surroundings.output(MatrixProductBenchmark().text + "\n")
      surroundings.output(StepBenchmark(.quick, times: 5).text)
    }
    return .done
  }
}

/// With what is measured.
struct ProcessorOptions: ParsableArguments {
  @Option(help: "Threads. Results never depend on it.")
  var threads = 1

  @Option(
    name: .customLong("instructions"),
    help: ArgumentHelp("portable, avx2 or avx512; the best of this machine if not given.", valueName: "set"))
  var instructionSet: String?

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads); expected 1 to 1024.")
    }
    guard let instructionSet else { return }
    let available = InstructionSet.available.map(\.description)
    guard available.contains(instructionSet) else {
      throw ValidationError(
        "--instructions is \(instructionSet); this machine runs \(available.joined(separator: ", ")).")
    }
  }

  var processor: Processor {
    let chosen = InstructionSet.available.first { $0.description == instructionSet }
    return Processor(chosen ?? .best, threads: threads)
  }
}

/// `mneme bench matmul`
struct BenchMatmul: Performing {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Measure matrix products of the models' shapes, as fractions of the machine's peak.",
    discussion: """
      The peak is that of fused multiply-adds in registers, measured in the same run with the same instructions and \
      threads; times are medians of five, the peak is the fastest of many tries.

        mneme bench matmul --threads 2
      """)

  @OptionGroup var processor: ProcessorOptions

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let benchmark = Processor.$current.withValue(processor.processor) { MatrixProductBenchmark() }
    surroundings.output(json ? benchmark.json : benchmark.text)
    return .done
  }
}

/// `mneme bench segments`
struct BenchSegments: Performing {
  static let configuration = CommandConfiguration(
    commandName: "segments",
    abstract: "Measure the segments of a manifest's runs: any model, at any size.",
    discussion: """
      What `plan --measure` times, without a store: an early segment forward, the last one forward and backward, an \
      optimizer step, and the memory they need. The manifest says all sizes, so a new model is measured by its settings.

        mneme bench segments Experiments/segments.yaml --threads 2
        mneme bench segments Experiments/sorting-ablation.yaml --set training.batch=8
      """)

  @Argument(help: "The manifest: a YAML file.")
  var manifest: String

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var processor: ProcessorOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let manifest = try Manifest(reading: manifest, settings: overrides.settings)
    let clock = MachineClock(processor.processor)
    let measurement = Measurement(manifest, by: clock) { surroundings.errors($0 + "\n") }
    surroundings.output(json ? measurement.json : measurement.text)
    return .done
  }
}

/// `mneme bench step`
struct BenchStep: Performing {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Measure a training step on the sorting task, by model and piece.",
    discussion: """
      Early segments are computed for their memory alone, the last one with gradients; memory is its engrams without a \
      network. Sizes are those of the quick manifests unless said otherwise; --paper takes the published ones, which \
      need minutes and gigabytes.

        mneme bench step --segment-length 32 --threads 2
      """)

  @Flag(help: "Start from the published sizes.")
  var paper = false

  @Option(help: "Width of the model.") var width: Int?
  @Option(help: "Layers.") var layers: Int?
  @Option(help: "Attention heads.") var heads: Int?
  @Option(help: "Width inside the feed-forward network; four times the width if only that is given.")
  var innerWidth: Int?
  @Option(help: "Tokens of a segment; the memory grows with it.") var segmentLength: Int?
  @Option(help: "Segments of a sequence.") var segments: Int?
  @Option(help: "Sequences of a batch.") var batch: Int?
  @Option(help: "How often each piece is timed; the median counts.") var times = 5

  @OptionGroup var processor: ProcessorOptions

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  private var sizes: StepSizes {
    var sizes = paper ? StepSizes.paper : StepSizes.quick
    if let width {
      (sizes.width, sizes.innerWidth) = (width, width.multipliedReportingOverflow(by: 4).partialValue)
    }
    if let innerWidth { sizes.innerWidth = innerWidth }
    sizes.layers = layers ?? sizes.layers
    sizes.heads = heads ?? sizes.heads
    sizes.segments = segments ?? sizes.segments
    sizes.batch = batch ?? sizes.batch
    if let segmentLength, (1...1 << 20).contains(segmentLength) {
      sizes = sizes.with(segmentLength: segmentLength)
    }
    return sizes
  }

  func validate() throws {
    guard (1...1001).contains(times) else {
      throw ValidationError("--times is \(times); expected 1 to 1001.")
    }
    if let segmentLength, !(1...1 << 20).contains(segmentLength) {
      throw ValidationError("--segment-length is \(segmentLength); expected 1 to \(1 << 20).")
    }
    if let complaint = sizes.complaint { throw ValidationError(complaint) }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let benchmark = Processor.$current.withValue(processor.processor) { StepBenchmark(sizes, times: times) }
    surroundings.output(json ? benchmark.json : benchmark.text)
    return .done
  }
}
