import Foundation
import Testing

@testable import Harness

@Suite struct YardstickTests {
  private let conditions = StepBenchmark.Conditions(
    instructionSet: "avx2", threads: 2, times: 3, omission: .everythingNeedless)

  private func answer(_ sizes: String) -> String {
    "{\"median\": {\"first\": 0.1, \"middle\": 0.2, \"last\": 0.6, \"optimizer\": 0.01, \"step\": 1.5}, "
      + "\"peak_rss_mib\": 700.5, \"model\": \"xl\", \"lean\": true\(sizes)}"
  }

  @Test func `a yardstick is asked for the same sizes, threads and omissions`() {
    var sizes = StepSizes(.quick128)
    sizes.dropout = 0.25
    let yardstick = StepYardstick(command: "x", sizes: sizes)
    #expect(
      yardstick.arguments("compressive-transformer", conditions).joined(separator: " ")
        == "--model compressive --segment-length 64 --segments 16 --batch 32 --layers 2 --width 128 --heads 4 "
        + "--ffn 512 --vocabulary 21 --memory-length 64 --threads 2 --steps 3 --dropout 0.25 --json --lean")
    let full = StepBenchmark.Conditions(instructionSet: "avx2", threads: 2, times: 3, omission: .nothing)
    #expect(!yardstick.arguments("memoria", full).contains("--lean"))
    #expect(Set(StepYardstick.names.keys) == Set(StepSizes.models))
  }

  @Test func `its answer is read, whatever else it prints`() async throws {
    let yardstick = StepYardstick(
      command: "echo warming up; echo '\(answer(", \"width\": 64"))' #", sizes: StepSizes(.quick64))
    let found = try await yardstick.measure("transformer-xl", conditions)
    let rows = YardstickStep.rows("transformer-xl", medianOf: [found])
    #expect(rows[1]["piece"] == .text("middle segment") && rows[1]["seconds"] == .number(0.2))
    #expect(rows[4]["peak_memory_bytes"] == .number(700.5 * 1_048_576))
    #expect(rows.allSatisfy { $0["model"] == .text("transformer-xl") })
    #expect(rows[5]["seconds"] == nil)
  }

  @Test func `a yardstick that did other work, failed or said nothing is refused`() async throws {
    func refusal(_ command: String) async -> String {
      let yardstick = StepYardstick(command: command, sizes: StepSizes(.quick64))
      do { _ = try await yardstick.measure("memoria", conditions) } catch { return "\(error)" }
      return "none"
    }
    let other = await refusal("echo '\(answer(", \"width\": 512"))' #")
    #expect(other.contains("measured width 512 and was asked for 64"), "\(other)")
    let failed = await refusal("echo no torch >&2; exit 3; :")
    #expect(failed.contains("it ended with status 3: no torch"), "\(failed)")
    let silent = await refusal("echo {} #")
    #expect(silent.contains("printed nothing that could be read"), "\(silent)")
  }

  @Test func `products are joined by shape and first word`() async throws {
    let line = "{\"shape\": \"8x4x6\", \"what\": \"input gradient g W\", \"gflops\": 5.0, \"low\": 1}"
    let rates = try await ProductYardstick(command: "echo '\(line)' #", threads: 1).measure()
    let benchmark = MatrixProductBenchmark(ProductShape.map(8, 4, 6), tries: 1) { _ in }
    let table = try benchmark.table.beside([rates], of: "x")
    #expect(table.rows.map { $0.cells["theirs_gigaflops"] } == [nil, .number(5), nil])
    #expect(throws: BenchmarkError.nothingAlike("x")) { try benchmark.table.beside([[]], of: "x") }
  }
}
