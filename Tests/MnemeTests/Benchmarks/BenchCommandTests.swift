import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import mneme

/// `mneme bench`, typed: what is measured in processes of its own is measured by the program itself.
@Suite struct BenchCommandTests {
  private static let tiny =
    "--width 8 --layers 1 --heads 2 --segment-length 16 --segments 3 --batch 2 --vocabulary 5 --times 1"

  private func shell(_ line: String) async throws -> (
    status: TerminationStatus, output: String, errors: String
  ) {
    let program = URL(fileURLWithPath: Workbench.program)
    let environment: Environment = .inherit.updating([
      "PATH": "\(program.deletingLastPathComponent().path):/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
    ])
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", line], environment: environment, input: .none,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return (result.terminationStatus, result.standardOutput, result.standardError)
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func `steps of every model are measured, saved, and set against a later run`() async throws {
    try await withFolder { folder in
      let saved = try await shell("mneme bench steps \(Self.tiny) --full --json > \(folder)/saved.json")
      #expect(saved.status == .exited(0), "\(saved.errors)")
      let text = try String(contentsOfFile: "\(folder)/saved.json", encoding: .utf8)
      let rows = try #require(json(text) as? [[String: Any]])
      #expect(Set(rows.compactMap { $0["model"] as? String }).count == 5)
      let steps = rows.filter { $0["piece"] as? String == "whole step" }
      #expect(steps.count == 5)
      for step in steps {
        #expect((step["seconds"] as? Double ?? 0) > 0 && (step["useful_operations"] as? Double ?? 0) > 0)
        let fraction = try #require(step["fraction_of_bound"] as? Double)
        let (bound, seconds) = (step["bound_seconds"] as? Double ?? 0, step["seconds"] as? Double ?? 0)
        #expect(abs(fraction - bound / seconds) < 1e-9)
        #expect((step["peak_memory_bytes"] as? Int ?? 0) > 1 << 20)
      }
      let against = "--full --model memoria --against \(folder)/saved.json"
      let again = try await shell("mneme bench steps \(Self.tiny) \(against)")
      #expect(again.status == .exited(0), "\(again.errors)")
      #expect(again.output.contains(/memoria +whole step( +[0-9.]+){3}/), "\(again.output)")
      #expect(again.output.contains("everything computed (--full)"))
      let other = try await shell("mneme bench steps \(Self.tiny) --width 16 \(against)")
      #expect(other.status == .exited(2) && other.output.isEmpty)
      #expect(other.errors.contains("model.inner_width is 32 there and 64 here"), "\(other.errors)")
    }
  }

  @Test func `a profile names the kernels of a step, what is between them, and their least`() async throws {
    let sizes = "--width 16 --layers 1 --heads 2 --segment-length 16 --segments 2 --batch 2 --vocabulary 5"
    let answer = try await shell("mneme bench profile \(sizes) --times 2 --full --model memoria --threads 2")
    #expect(answer.status == .exited(0), "\(answer.errors)")
    #expect(answer.errors == "memoria\n")
    let lines = answer.output.split(separator: "\n")
    #expect(lines[0].contains(" kernels on 2 threads; "))
    #expect(lines[1].hasPrefix("width 16, 1 layer, 2 heads"))
    #expect(lines[2] == "everything computed (--full)")
    #expect(lines[3].hasPrefix("the first step of a run, 2 times with a clock around every kernel"))
    #expect(
      lines[5]
        == "times are those of all 2 threads added up; between kernels they also wait, as in the bound's products"
    )
    let head = try #require(lines.firstIndex { $0.hasPrefix("model ") })
    #expect(
      lines[head].split(separator: " ").joined(separator: " ")
        == "model kernel calls ms of step least ms useful GFLOP of bound")
    let rows = lines[(head + 1)...].map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows.allSatisfy { $0.hasPrefix("memoria ") })
    #expect(
      rows.contains { $0.contains(/^memoria matmul [0-9]+ [0-9.]+ [0-9.]+ % [0-9.]+ [0-9.]+ [0-9]+ %$/) })
    #expect(
      rows.contains { $0.contains(/^memoria layer_norm_pullback [0-9]+ [0-9.]+ [0-9.]+ % [0-9.]+ – –$/) })
    let ends = [
      /^memoria between kernels – [0-9.]+ [0-9.]+ % – – –$/,
      /^memoria whole step – [0-9.]+ 100.0 % – [0-9.]+ [0-9]+ %$/,
      /^memoria whole step, no clock – [0-9.]+ [0-9.]+ % – [0-9.]+ [0-9]+ %$/,
      /^memoria kernels at their least – – – [0-9.]+ [0-9.]+ [0-9]+ %$/,
    ]
    for (row, end) in zip(rows.suffix(4), ends) { #expect(row.contains(end), "\(row)") }
  }

  @Test func `profiles of every model are saved, and set against a later one`() async throws {
    try await withFolder { folder in
      let saved = try await shell("mneme bench profile \(Self.tiny) --json > \(folder)/saved.json")
      #expect(saved.status == .exited(0), "\(saved.errors)")
      let text = try String(contentsOfFile: "\(folder)/saved.json", encoding: .utf8)
      let rows = try #require(json(text) as? [[String: Any]])
      #expect(Set(rows.compactMap { $0["model"] as? String }).count == 5)
      for (_, rows) in Dictionary(grouping: rows, by: { $0["model"] as? String ?? "" }) {
        func number(_ key: String, of kernel: String) throws -> Double {
          let row = rows.first { $0["kernel"] as? String == kernel }
          return try #require(row?[key] as? Double, "\(kernel) has no \(key)")
        }
        let called = rows.filter { $0["calls"] != nil }
        #expect(called.contains { $0["kernel"] as? String == "matmul" })
        // One thread does nothing twice.
        let useful = called.reduce(0) { $0 + ($1["useful_operations"] as? Double ?? 0) }
        #expect(try useful == number("useful_operations", of: "whole step"))
        let least = called.reduce(0) { $0 + ($1["least_seconds"] as? Double ?? 0) }
        let sum = try number("least_seconds", of: "kernels at their least")
        #expect(least > 0 && abs(least - sum) < 1e-9 * sum)
        let rate = try number("undisturbed_product_gigaflops", of: "whole step") * 1e9
        let fraction = try number("fraction_of_bound", of: "kernels at their least")
        #expect(abs(fraction - useful / rate / sum) < 1e-9)
      }
      let against = "--model transformer --against \(folder)/saved.json"
      let again = try await shell("mneme bench profile \(Self.tiny) \(against)")
      #expect(again.status == .exited(0), "\(again.errors)")
      #expect(again.output.contains(/transformer +matmul +[0-9]+( +[0-9.]+){3} +[0-9.]+ %( +[0-9.]+){4}/))
      let other = try await shell("mneme bench profile \(Self.tiny) --full \(against)")
      #expect(other.status == .exited(2) && other.output.isEmpty)
      #expect(
        other.errors.contains("omission is everythingNeedless there and nothing here"), "\(other.errors)")
    }
  }

  @Test func `another program is measured in turn, and its numbers stand beside`() async throws {
    try await withFolder { folder in
      let script = """
        #!/bin/sh
        echo "$@" >> \(folder)/asked
        echo '{"median": {"first": 1, "middle": 1, "last": 1, "optimizer": 1, "step": 8}, "peak_rss_mib": 512}'

        """
      try Data(script.utf8).write(to: URL(fileURLWithPath: "\(folder)/peer"))
      let answer = try await shell(
        "mneme bench steps \(Self.tiny) --model memoria --threads 2 --beside 'sh \(folder)/peer' --rounds 2")
      #expect(answer.status == .exited(0), "\(answer.errors)")
      #expect(answer.output.contains(/memoria +whole step +[0-9.]+ +8000.00 +[0-9.]+/), "\(answer.output)")
      #expect(answer.output.contains(/512.0 +[0-9.]+/))
      #expect(answer.output.contains("theirs: sh \(folder)/peer; ×: their number divided by ours"))
      let asked = try String(contentsOfFile: "\(folder)/asked", encoding: .utf8).split(separator: "\n")
      #expect(asked.count == 2)
      #expect(
        asked[0]
          == "--model memoria --segment-length 16 --segments 3 --batch 2 --layers 1 --width 8 --heads 2 --ffn 32 "
          + "--vocabulary 5 --memory-length 16 --threads 2 --steps 1 --dropout 0.1 --json --lean")
      #expect(answer.errors == "round 1 of 2: memoria\nround 2 of 2: memoria\n")
    }
  }

  @Test func `a manifest is measured by its sizes`() async throws {
    let bench = try Workbench()
    defer { withExtendedLifetime(bench) {} }
    let answer = try await shell("mneme bench steps \(bench.manifest) --times 1 --set training.batch=1")
    #expect(answer.status == .exited(0), "\(answer.errors)")
    #expect(answer.output.contains("tiny, one run of every size"))
    #expect(answer.output.contains("memory module"))
  }

  @Test(arguments: [
    ("steps --heads 3", "model.heads is 3, which does not divide the width of 64."),
    ("steps --model memory", "--model memory is no model; expected one of transformer"),
    ("steps --sizes large", "--sizes is large; expected one of quick-64, quick-128, paper-256, paper-1024."),
    ("steps --rounds 3", "--rounds belongs to --beside"),
    ("steps --set seed=2", "--set changes a manifest, and none is given."),
    ("steps x.yaml --width 8", "the manifest says models and sizes"),
    ("steps x.yaml --beside true", "--beside needs sizes that another program can be told"),
    ("steps --times 0", "--times is 0; expected 1 to 1001."),
    ("profile --times 0", "--times is 0; expected 1 to 1001."),
    ("profile --model memory", "--model memory is no model; expected one of transformer"),
    ("profile --specification 0x", "--specification printed nothing that could be read"),
    ("matmul --against /nowhere/saved.json", "/nowhere/saved.json cannot be read"),
    ("matmul --instructions sse", "--instructions is sse; this machine runs portable"),
    ("scaling --vary depth", "--vary is depth; expected one of segments, width, threads."),
    ("startup --runs 0", "--runs is 0; expected 1 to 100000."),
  ]) func `what cannot be measured is refused in a sentence`(line: String, sentence: String) async throws {
    let answer = try await shell("mneme bench \(line)")
    #expect(answer.status == .exited(2) && answer.output.isEmpty)
    #expect(answer.errors.contains(sentence), "\(answer.errors)")
  }

  @Test func `scaling is a row for every model and size`() async throws {
    let answer = try await shell(
      "mneme bench scaling --layers 1 --heads 2 --width 8 --segment-length 16 --batch 2 --vocabulary 5 --times 1 "
        + "--vary segments --model infinity-former --json")
    #expect(answer.status == .exited(0), "\(answer.errors)")
    let rows = try #require(json(answer.output) as? [[String: Any]])
    #expect(rows.compactMap { $0["value"] as? Int } == [4, 8, 16, 32, 64])
    #expect(rows[1]["ratio"] as? Double == 1)
    #expect(rows.allSatisfy { ($0["middle_segment_seconds"] as? Double ?? 0) > 0 })
  }

  @Test func `starting is measured on a store of finished runs`() async throws {
    let answer = try await shell("mneme bench startup --runs 30 --times 1")
    #expect(answer.status == .exited(0), "\(answer.errors)")
    let lines = answer.output.split(separator: "\n")
    // Twenty cells of two.
    #expect(lines[1] == "a manifest of 40 runs, whole processes")
    #expect(
      lines.dropFirst(3).map { $0.prefix { $0 != " " } } == [
        "start", "plan,", "plan,", "table,", "table,", "status,", "status,", "ls,", "watch,", "start,",
      ],
      "\(answer.output)")
  }
}
