import Archive
import Foundation
import Harness
import Records
import Synchronization
import Testing

/// A store with the finished runs of a manifest, whose numbers are made by hand, and what computes them again.
private final class Bench: Sendable {
  let store: TemporaryStore
  let manifest: Manifest
  /// Ids of the runs that were computed again, in order.
  let computed = Mutex<[Digest]>([])
  let interruptions = Mutex(0)

  /// - Parameter loss: what is published of every run.
  init(loss: [Double] = [2, 1], weight: Float = 1, done: Int = 4) throws {
    store = try TemporaryStore()
    manifest = try Sample.project().manifest()
    try store.store.put(manifest.canonicalBytes, as: StoredObject(kind: "manifest", id: manifest.hash))
    for run in manifest.runs.prefix(done) { try Bench.publish(run, loss, weight, in: store.store) }
  }

  static func publish(_ run: Specification, _ loss: [Double], _ weight: Float, in store: Store) throws {
    let place = try store.add(run.storedSettings)
    guard case .claimed(let claim) = try place.claim(Provenance(arguments: [], threads: 1)) else { return }
    let weights = [
      NamedArray(name: "a", shape: [1], values: [1]), NamedArray(name: "b", shape: [2], values: [1, weight]),
    ]
    try claim.publish(sampleResult(of: run.storedSettings, weights, loss: loss), weights: weights)
    try claim.end(.done)
  }

  /// Computes again: what a run comes to now is always the same. `stopAfter` runs, somebody asks to leave.
  func run(
    _ selection: RerunSelection, isThorough: Bool = true, stopAfter: Int = .max,
    meanwhile: @escaping @Sendable () async -> Void = {}
  ) async throws -> ReproductionReport? {
    var options = RunOptions()
    options.jobs = 1
    return try await Reproduction(in: store.store, options: options, isThorough: isThorough).run(
      selection,
      Surroundings(
        output: { _ in }, errors: { _ in }, surface: .quiet,
        interruptions: { [self] in interruptions.withLock { $0 } },
        executor: { [self] store, _ in
          Maker(store: store) { [self] run in
            await meanwhile()
            let count = computed.withLock { computed in
              computed.append(run.run)
              return computed.count
            }
            if count >= stopAfter { interruptions.withLock { $0 = 1 } }
            return count >= stopAfter
          }
        }))
  }

  func selection(_ subject: String? = nil, sample: Int? = nil) throws -> RerunSelection {
    try RerunSelection(
      subject ?? manifest.hash.hex, settings: [], sample: sample, seed: 0, in: store.store)
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: store.store.root)) ?? []).sorted()
  }

  /// Publishes the numbers that come out now.
  private struct Maker: Executor {
    let store: String
    /// Hears what was computed; true when somebody asks to leave meanwhile.
    let told: @Sendable (Specification) async -> Bool

    func execute(
      _ assignment: Assignment, requests: AsyncStream<StopRequest>,
      report: @escaping @Sendable (Report) -> Void
    ) async -> Ending {
      do {
        try Bench.publish(
          assignment.specification, [2, 1], 1, in: Store(at: store, creating: false))
      } catch {
        return .unstarted("\(error)")
      }
      if await told(assignment.specification) {
        // Nothing more is begun once the request has come here.
        for await request in requests where request == .leave { break }
      }
      return .exited(0)
    }
  }
}

@Suite struct Reproductions {
  @Test func `the same bits are identical, and nothing is left behind`() async throws {
    let bench = try Bench()
    let before = bench.names
    let report = try #require(try await bench.run(bench.selection()))
    #expect(report.status == .done)
    #expect(report.text.hasSuffix("4 runs: identical\n"))
    #expect(bench.computed.withLock { $0 } == bench.manifest.runs.map(\.run))
    #expect(bench.names == before)
    #expect(try bench.store.store.check(deep: true).filter { $0.kind == .damage }.isEmpty)
  }

  @Test(arguments: [true, false])
  func `one bit of one number at one step is found`(isThorough: Bool) async throws {
    let bench = try Bench(loss: [2, 1.0.nextUp])
    let run = bench.manifest.runs[2].run.hex
    let report = try #require(try await bench.run(bench.selection(run), isThorough: isThorough))
    #expect(report.status == .finding)
    guard case .differs(let comparison) = report.lines[0].finding else {
      Issue.record("\(report.text)")
      return
    }
    #expect(comparison.first.subject == .metric("train.loss", step: 2))
    #expect(
      comparison.first.bits
        == .init(published: "0x3ff0000000000001", again: "0x3ff0000000000000", ulps: 1))
    #expect(comparison.tensor == nil)
    #expect(comparison.parameters?.differences.isEmpty == (isThorough ? true : nil))
  }

  @Test func `one bit of one weight is found by tensor and element, without --check by the digest`()
    async throws
  {
    let bench = try Bench(weight: Float(1).nextUp)
    let run = bench.manifest.runs[0].run.hex
    let report = try #require(try await bench.run(bench.selection(run)))
    guard case .differs(let comparison) = report.lines[0].finding else {
      Issue.record("\(report.text)")
      return
    }
    #expect(comparison.first.subject == .weight(tensor: "b", element: 1))
    #expect(comparison.first.bits == .init(published: "0x3f800001", again: "0x3f800000", ulps: 1))
    #expect(comparison.parameters?.differences.map(\.name) == ["b"] && comparison.parameters?.count == 2)
    let quick = try #require(try await bench.run(bench.selection(run), isThorough: false))
    #expect(quick.status == .finding)
    #expect(quick.text.contains("first in the digest of the final weights: published "))
  }

  @Test func `one that was stopped is gone on with, and computes nothing twice`() async throws {
    let bench = try Bench()
    let before = bench.names
    let stopped = try #require(try await bench.run(bench.selection(), stopAfter: 3))
    #expect(stopped.status == .stopped)
    let left = try #require(bench.names.first { $0.hasPrefix(".rerun-") })
    let finding = try #require(try bench.store.store.check(deep: false).first { $0.path.hasSuffix(left) })
    #expect(finding.kind == .leftover)

    bench.interruptions.withLock { $0 = 0 }
    let whole = try #require(try await bench.run(bench.selection()))
    #expect(whole.status == .done && whole.lines.count == 4)
    #expect(bench.computed.withLock { $0 } == bench.manifest.runs.map(\.run))
    #expect(bench.names == before)
  }

  @Test func `what was kept aside and is damaged is computed anew`() async throws {
    let bench = try Bench()
    _ = try await bench.run(bench.selection(), stopAfter: 2)
    let left = try #require(bench.names.first { $0.hasPrefix(".rerun-") })
    let aside = try Store(at: "\(bench.store.store.root)/\(left)", creating: false)
    let file = URL(fileURLWithPath: aside.run(bench.manifest.runs[1].run).resultPath)
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 50] ^= 1
    try FileManager.default.removeItem(at: file)
    try bytes.write(to: file)
    bench.interruptions.withLock { $0 = 0 }
    let whole = try #require(try await bench.run(bench.selection()))
    #expect(whole.status == .done)
    let runs = bench.manifest.runs.map(\.run)
    #expect(bench.computed.withLock { $0 } == [runs[0], runs[1], runs[1], runs[2], runs[3]])
  }

  @Test func `of two that compute the same, one is refused`() async throws {
    let bench = try Bench(done: 1)
    let second = Mutex<[Bool]>([])
    let selection = try bench.selection(bench.manifest.runs[0].run.hex)
    let first = try await bench.run(
      selection,
      meanwhile: {
        let other = try? await bench.run(selection)
        second.withLock { $0.append(other == nil) }
      })
    #expect(first?.status == .done)
    #expect(second.withLock { $0 } == [true])
    #expect(bench.computed.withLock { $0.count } == 1)
  }

  @Test func `what is not published is not computed, and is no pass`() async throws {
    let bench = try Bench(done: 3)
    let report = try #require(try await bench.run(bench.selection()))
    #expect(report.status == .unable)
    #expect(bench.computed.withLock { $0.count } == 3)
    #expect(report.text.contains("nothing is published to compare with"))
  }

  @Test func `a sample is computed, and says of what`() async throws {
    let bench = try Bench()
    let selection = try bench.selection(sample: 2)
    let sample = try #require(selection.sample)
    let report = try #require(try await bench.run(selection))
    #expect(bench.computed.withLock { $0 } == sample.runs.map(\.run))
    #expect(
      report.text.hasSuffix(
        "2 runs: identical; 2 of 4 runs of manifest \(bench.manifest.hash.short), sample seed 0\n"))
  }

  @Test func `what is chosen is shown with what it takes`() throws {
    let bench = try Bench()
    let text = try bench.selection(sample: 2).text(slots: 2, isWhole: false)
    let short = bench.manifest.hash.short
    #expect(text.hasPrefix("sorting, manifest \(short): 2 of 4 runs, sample seed 0\n  "))
    #expect(text.contains("\nComputing time: 0 s for 2 runs; about 0 s with 2 at a time.\n"))
    let whole = try bench.selection().text(slots: 1, isWhole: false)
    #expect(whole == "sorting, manifest \(short): 4 runs\nComputing time: 0 s for 4 runs.\n")
    let none = try Bench(done: 0).selection().text(slots: 1, isWhole: true)
    #expect(none.hasSuffix("\nComputing time: unmeasured.\n"))
    #expect(none.split(separator: "\n").count { $0.hasSuffix("  unmeasured") } == 4)
  }

  @Test func `a file is taken where its hash was run, and refused where it was not`() throws {
    let (bench, project) = (try Bench(), try Sample.project())
    let file = "\(project.path)/Experiments/sorting.yaml"
    #expect(try bench.selection(file).manifest?.hash == bench.manifest.hash)
    let other = try Sample.project("seed: [1, 2]", "seed: [1, 2, 3]")
    let refused = #expect(throws: ReportError.self) {
      try bench.selection("\(other.path)/Experiments/sorting.yaml")
    }
    let hash = try other.manifest().hash.short
    #expect(refused?.description.contains("sorting.yaml is manifest \(hash), which was never run in") == true)
    let run = bench.manifest.runs[0].run.hex
    #expect(throws: ReportError.self) { try bench.selection(run, sample: 1) }
  }
}
