import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

@Suite struct RerunTests {
  @Test func `a manifest and its runs come out the same again, and nothing is touched`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    #expect(try await bench.mneme(["run", bench.manifest, "--jobs", "1"]).status == .exited(0))
    let before = try bench.times()
    let manifest = try Manifest(reading: bench.manifest).hash
    try FileManager.default.removeItem(atPath: bench.manifest)
    let whole = try await bench.mneme(["rerun", manifest.short, "--check", "--jobs", "2"])
    #expect(whole.status == .exited(0))
    #expect(whole.output.hasSuffix("2 runs: identical\n"))
    let run = try #require(try bench.opened().runs().first)
    let one = try await bench.mneme(["rerun", String(run.hex.prefix(9))])
    #expect(one.status == .exited(0))
    #expect(one.output.hasPrefix("identical     \(run.short)  result "))
    let after = try bench.times()
    #expect(after == before)
  }

  @Test func `a published number that is not what comes out is told`() async throws {
    let bench = try Workbench()
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    let place = try bench.place()
    let published = try place.result()
    var series = published.series
    let train = try #require(series.firstIndex { $0.name == "train" })
    let loss = try #require(series[train].columns.firstIndex { $0.name == "loss" })
    series[train].columns[loss].values[2] += 1e-12
    // A forger who mends the digest too: only computing again finds out.
    try FileManager.default.removeItem(atPath: place.resultPath)
    try ResultFile.write(
      RunResult(
        run: published.run, settings: published.settings, derived: published.derived, yaml: published.yaml,
        metrics: published.metrics, series: series, items: published.items, counters: published.counters,
        memoryLog: published.memoryLog, weights: published.weights), to: place.resultPath)
    let thorough = try await bench.mneme(["rerun", place.id.short, "--check"])
    #expect(thorough.status == .exited(1))
    #expect(thorough.output.contains("first in train.loss at step 3: published"))
    let quick = try await bench.mneme(["rerun", place.id.short, "--json"])
    #expect(quick.status == .exited(1))
    #expect(quick.output.contains("\"verdict\" : \"differs\""))
  }

  @Test func `weights that are gone, tampered with or damaged are told`() async throws {
    let bench = try Workbench()
    _ = try await bench.mneme(["run", bench.manifest])
    let place = try bench.place()
    let whole = try Data(contentsOf: URL(fileURLWithPath: place.weightsPath))
    var weights = try place.weights()

    try bench.flip(place.weightsPath)
    let damaged = try await bench.mneme(["rerun", place.id.short, "--check"])
    #expect(damaged.status == .exited(2))
    let unlike = "not compared  \(place.id.short)  the result is identical; weights.h5 is damaged: "
    #expect(damaged.output.contains(unlike))
    #expect(damaged.output.contains("next: mneme fsck --deep --store \(bench.store)\n"))

    // A forger who mends the digests too.
    var values = weights[1].values
    values[0] += 1
    weights[1] = NamedArray(name: weights[1].name, shape: weights[1].shape, values: values)
    try FileManager.default.removeItem(atPath: place.weightsPath)
    _ = try WeightsFile.write(weights, run: place.id, to: place.weightsPath)
    let forged = try await bench.mneme(["rerun", place.id.short, "--check"])
    #expect(forged.status == .exited(2))
    #expect(forged.output.contains(unlike))

    try FileManager.default.removeItem(atPath: place.weightsPath)
    let gone = try await bench.mneme(["rerun", place.id.short, "--check"])
    #expect(gone.status == .exited(0))
    #expect(gone.output.contains("; weights compared by digest only: their file is gone"))
    let check = try await bench.mneme(["fsck", "--deep"])
    #expect(check.status == .exited(1))
    #expect(check.output.contains("\(place.weightsPath) was published and is gone"))
    try whole.write(to: URL(fileURLWithPath: place.weightsPath))
    #expect(try await bench.mneme(["fsck", "--deep"]).status == .exited(0))
  }

  @Test func `a damaged result is said to be damaged, not absent`() async throws {
    let bench = try Workbench()
    _ = try await bench.mneme(["run", bench.manifest])
    let place = try bench.place()
    try bench.flip(place.resultPath)
    let damaged = try await bench.mneme(["rerun", place.id.short])
    #expect(damaged.status == .exited(2))
    #expect(damaged.output.hasPrefix("corrupt       \(place.id.short)  result.h5 is damaged: its digest is "))
    #expect(damaged.output.contains("\nnext: mneme fsck --deep --store \(bench.store)\n"))
  }

  @Test func `what cannot be compared is no pass`() async throws {
    let bench = try Workbench()
    let place = try bench.place()
    let unfinished = try await bench.mneme(["rerun", place.id.short, "--check"])
    #expect(unfinished.status == .exited(2))
    #expect(unfinished.output.contains("nothing is published to compare with"))
    _ = try await bench.mneme(["run", bench.manifest])
    let failed = try await bench.mneme(["rerun", place.id.short], fault: "after-claim:trap")
    #expect(failed.status == .exited(2))
    #expect(failed.output.contains("computing it again failed (crash)"))
  }

  @Test func `one that is killed is gone on with by the same command`() async throws {
    let bench = try Workbench(examples: 2_000, seeds: [1, 2])
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    let before = try bench.times()
    let command = ["rerun", bench.manifest, "--check", "--jobs", "1"]
    bench.when({ bench.hasReproduced() }, "rerun") { kill($0, SIGKILL) }
    let killed = try await bench.mneme(command)
    #expect(killed.status == .signaled(SIGKILL))
    #expect(killed.errors.hasPrefix("tiny, manifest "))
    let told = try await bench.mneme(["fsck"])
    #expect(told.status == .exited(0))
    #expect(
      told.output.contains("was left by a `mneme rerun` that was stopped; the same command goes on with it."))
    let whole = try await bench.mneme(command)
    #expect(whole.status == .exited(0))
    // The worker of the second may have come to its end all the same.
    #expect(whole.errors.contains(/Going on: [12] runs? computed again before it was stopped.\n/))
    #expect(whole.output.hasSuffix("2 runs: identical\n"))
    let after = try bench.times()
    #expect(after == before)
  }

  @Test func `a sample is told beforehand with its cost, and computed`() async throws {
    let bench = try Workbench(seeds: [1, 2, 3])
    let unknown = try await bench.mneme(["rerun", bench.manifest, "--sample", "1"])
    #expect(unknown.status == .exited(2))
    #expect(try await bench.mneme(["run", bench.manifest]).status == .exited(0))
    let before = try bench.times()
    let dry = try await bench.mneme(["rerun", bench.manifest, "--sample", "2", "--dry-run", "--jobs", "1"])
    #expect(dry.status == .exited(0))
    let hash = try Manifest(reading: bench.manifest).hash.short
    #expect(dry.output.hasPrefix("tiny, manifest \(hash): 2 of 3 runs, sample seed 0\n  "))
    #expect(dry.output.contains("\nComputing time: "))
    #expect(try bench.times() == before)
    let done = try await bench.mneme(["rerun", hash, "--sample", "2", "--jobs", "1"])
    #expect(done.status == .exited(0))
    #expect(done.errors.hasPrefix(dry.output))
    #expect(done.output.hasSuffix("\n2 runs: identical; 2 of 3 runs of manifest \(hash), sample seed 0\n"))
    let refused = try await bench.mneme(["rerun", hash, "--sample-seed", "1"])
    #expect(refused.status == .exited(2) && refused.errors.contains("--sample"))
  }

  @Test func `limits of run are limits of rerun, and what has no sense there is no option`() async throws {
    let bench = try Workbench(seeds: [1, 2], resources: "{slots: {gpu: 1}}")
    #expect(try await bench.mneme(["run", bench.manifest, "--slots", "gpu=1"]).status == .exited(0))
    let hash = try Manifest(reading: bench.manifest).hash.short
    // Nobody says what there is: enough for one at a time. Said, it counts.
    #expect(try await bench.mneme(["rerun", hash, "--jobs", "2", "--retry-oom"]).status == .exited(0))
    let few = try await bench.mneme(["rerun", hash, "--slots", "gpus=1"])
    #expect(few.status == .exited(2))
    #expect(few.errors.contains("resources.slots.gpu is 1, --slots offers none; did you mean gpus?"))
    let small = try await bench.mneme(["rerun", hash, "--slots", "gpu=1", "--memory", "1KiB"])
    #expect(small.status == .exited(2))
    #expect(small.errors.contains("and there are 1.00 KiB for all runs"), "\(small.errors)")
    let late = try await bench.mneme(["rerun", hash, "--jobs", "1", "--time-budget", "1s", "--timeout", "2h"])
    #expect([.exited(0), .exited(3)].contains(late.status))
    for option in ["--max-runs", "--no-wait"] {
      let refused = try await bench.mneme(["rerun", hash, option])
      #expect(refused.status == .exited(2))
      #expect(refused.errors.contains("mneme rerun has no option \(option); it is one of mneme run."))
    }
  }

  @Test(arguments: ["0000", "zz", "123"])
  func `a hash that names nothing leaves with 2`(prefix: String) async throws {
    let bench = try Workbench()
    _ = try bench.place()
    let refused = try await bench.mneme(["rerun", prefix])
    #expect(refused.status == .exited(2))
    #expect(refused.errors.contains(prefix))
  }

  @Test func `a hash that names several shows them all`() async throws {
    let bench = try Workbench()
    let store = try bench.opened()
    var digests: Set<String> = []
    // Four digits of two in a few hundred hashes agree, sooner or later; which ones is always the same.
    var shared: String?
    for seed in 0..<2000 where shared == nil {
      let settings = Settings(["seed": .integer(seed)])
      let prefix = String(Identity.run(settings).hex.prefix(4))
      if !digests.insert(prefix).inserted { shared = prefix }
    }
    let prefix = try #require(shared)
    for seed in 0..<2000 {
      let settings = Settings(["seed": .integer(seed)])
      if Identity.run(settings).hex.hasPrefix(prefix) { _ = try store.add(settings) }
    }
    let refused = try await bench.mneme(["rerun", prefix])
    #expect(refused.status == .exited(2))
    #expect(refused.errors.contains("\(prefix) begins 2 hashes"))
    for run in try store.runs() { #expect(refused.errors.contains("\(run.short)  run")) }
  }
}

extension Workbench {
  /// Whether a rerun has computed a run and keeps it aside.
  fileprivate func hasReproduced() -> Bool {
    let files = FileManager.default.enumerator(atPath: store)?.compactMap { $0 as? String } ?? []
    return files.contains { $0.contains(".rerun-") && $0.hasSuffix("/result.h5") }
  }
}
