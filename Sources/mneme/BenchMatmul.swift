import ArgumentParser
import Harness
import Tensors

/// `mneme bench matmul`
struct BenchMatmul: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Measure matrix products of the models' shapes, as fractions of the machine's peak.",
    discussion: """
      The peak is that of fused multiply-adds in registers, measured in the same run with the same instructions and \
      threads; times are medians, the peak is the fastest of many tries. OpenBLAS is measured beside, if a \
      libopenblas.so.0 is installed.

        mneme bench matmul --threads 2
        mneme bench matmul --json > saved.json
        mneme bench matmul --against saved.json

      --beside COMMAND calls a program of yours as COMMAND --matmul --threads N --json. It prints one line of JSON for \
      each product: {"shape": "2048x512x1536", "what": "forward", "gflops": 87.0}. Products are joined by shape and the \
      first word of what: forward, input, weight, scores, context, gradient.

        mneme bench matmul --beside "python3 torch_peer.py" --rounds 3
      """)

  @OptionGroup var repetition: RepetitionOptions
  @OptionGroup var processor: ProcessorOptions
  @OptionGroup var yardstick: BesideOptions
  @OptionGroup var output: BenchOutput
  @OptionGroup var voice: VoiceOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let saved = try output.saved()
    let other = yardstick.beside.map { ProductYardstick(command: $0, threads: processor.threads) }
    var ours: [MatrixProductBenchmark] = []
    var theirs: [[ProductRate]] = []
    for round in 0..<yardstick.count {
      if let other, round % 2 == 1 { theirs.append(try await other.measure()) }
      ours.append(
        Processor.$current.withValue(processor.processor) {
          MatrixProductBenchmark(tries: repetition.times) { surroundings.note($0 + "\n") }
        })
      if let other, round % 2 == 0 { theirs.append(try await other.measure()) }
    }
    var table = MatrixProductBenchmark(medianOf: ours).table
    if let other { table = try table.beside(theirs, of: other.command) }
    try output.print(table, beside: saved, surroundings)
    return .done
  }
}
