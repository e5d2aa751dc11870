import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Tensors
import Testing

@Suite struct WorkerTests {
  /// The steps of a worker's life; the steps inside them are for the suite of faults.
  private static let steps = FaultPoint.allCases.filter { !$0.rawValue.contains(".") }

  @Test(arguments: steps)
  func `a worker killed anywhere is gone on from to the same bytes`(point: FaultPoint) async throws {
    let undisturbed = try Workbench()
    #expect(try await undisturbed.work(checkpointSeconds: 60).status == .exited(0))
    let bench = try Workbench()
    let killed = try await bench.work(fault: "\(point.rawValue):kill")
    #expect(killed.status == .signaled(SIGKILL))
    let isPublished = point == .afterResult || point == .beforeEnd
    #expect(try bench.place().state() == (isPublished ? .done : .interrupted))
    #expect(try await bench.work(checkpointSeconds: 60).status == .exited(0))
    #expect(try bench.published() == undisturbed.published())
    #expect(try bench.place().state(verifying: true) == .done)
    #expect(try bench.opened().check(deep: true).isEmpty)
  }

  @Test func `after a checkpoint the next worker goes on from it`() async throws {
    let bench = try Workbench()
    _ = try await bench.work(fault: "after-checkpoint:kill")
    let resumed = try await bench.work(checkpointSeconds: 60)
    #expect(resumed.output.contains(#"{"began":{"refused":[],"step":1}}"#))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `asked to leave, a worker saves a checkpoint and leaves with 3`(signal: Int32) async throws {
    let undisturbed = try Workbench(examples: 400)
    #expect(try await undisturbed.work(checkpointSeconds: 60).status == .exited(0))
    let bench = try Workbench(examples: 400)
    let once = Once()
    let stopped = try await bench.work(checkpointSeconds: 0) { line, process in
      if line.contains("saved"), once.first() { kill(process, signal) }
    }
    #expect(stopped.status == .exited(3))
    #expect(try bench.place().state() == .interrupted)
    #expect(try bench.place().attempts().last?.end?.outcome == .stopped)
    #expect(try await bench.work(checkpointSeconds: 60).status == .exited(0))
    #expect(try bench.published() == undisturbed.published())
    // What each attempt took is kept, and comes together.
    let costs = try bench.place().attempts().compactMap { $0.end?.cost }
    #expect(costs.count == 2 && costs.allSatisfy { $0.stateBytes > 0 && $0.trainingSeconds > 0 })
    #expect(costs.map(\.steps).reduce(0, +) == 200)
    let record = try bench.place().record()
    #expect(record.cost["cost.steps"] == 200 && record.lowerBounds.isEmpty)
    #expect(
      record.cost["cost.training_seconds", default: .infinity] < record.cost["cost.seconds", default: 0])
  }

  @Test func `a damaged checkpoint is refused with a sentence, and an older one taken`() async throws {
    let undisturbed = try Workbench()
    _ = try await undisturbed.work(checkpointSeconds: 60)
    let bench = try Workbench()
    _ = try await bench.work(fault: "before-weights:kill")
    let newest = try #require(try bench.place().checkpoints().first)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: newest.path))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: newest.path)
    try bytes.write(to: URL(fileURLWithPath: newest.path))
    let resumed = try await bench.work(checkpointSeconds: 60)
    #expect(resumed.status == .exited(0))
    #expect(resumed.output.contains("is damaged"))
    #expect(resumed.output.contains("\"step\":3}}"))
    #expect(try bench.published() == undisturbed.published())
  }

  @Test func `a run that somebody holds is busy`() async throws {
    let bench = try Workbench()
    let outcome = try bench.place().claim(Provenance(arguments: [], threads: 1))
    guard case .claimed(let claim) = outcome else { throw Unexpected(what: "\(outcome)") }
    #expect(try await bench.work().status == .exited(75))
    try claim.end(.stopped)
  }

  @Test func `a worker whose parent is another process leaves`() async throws {
    let bench = try Workbench()
    let left = try await bench.mneme(["worker", "--run", try bench.place().id.hex, "--parent", "1"])
    #expect(left.status == .exited(3))
    #expect(try bench.place().state() == .interrupted)
  }

  @Test func `what its process writes goes to the log of the attempt`() async throws {
    let bench = try Workbench()
    let trapped = try await bench.work(fault: "after-claim:trap")
    guard case .signaled = trapped.status else { throw Unexpected(what: "\(trapped.status)") }
    let logs = try await bench.mneme(["logs", String(try bench.place().id.hex.prefix(8))])
    #expect(logs.status == .exited(0))
    #expect(logs.output.contains("asked for a trap at after-claim"))
  }

  @Test func `a worker whose rounding is changed on the way stops before the next step`() async throws {
    let bench = try Workbench()
    let trapped = try await bench.work(fault: "after-checkpoint:round")
    guard case .signaled = trapped.status else { throw Unexpected(what: "\(trapped.status)") }
    let logs = try await bench.mneme(["logs", String(try bench.place().id.hex.prefix(8))])
    #expect(logs.output.contains("a thread's floating-point environment was changed; results would differ"))
    #expect(try bench.place().checkpoints().map(\.step) == [1])
    let undisturbed = try Workbench()
    _ = try await undisturbed.work(checkpointSeconds: 60)
    #expect(try await bench.work(checkpointSeconds: 60).status == .exited(0))
    #expect(try bench.published() == undisturbed.published())
  }

  @Test func `the kernels it is told to use are in its attempt's record, and not in its result`() async throws
  {
    var published: [[Data]] = []
    for instructions in InstructionSet.available {
      let bench = try Workbench()
      let run = try bench.place().id.hex
      let done = try await bench.mneme(
        ["worker", "--run", run, "--code", "none", "--instructions", "\(instructions)"])
      #expect(done.status == .exited(0))
      #expect(try bench.place().attempts().first?.start?.instructions == "\(instructions)")
      published.append(try bench.published())
    }
    for bytes in published.dropFirst() {
      let isSame = bytes == published[0]
      #expect(isSame)
    }
    let usual = try Workbench()
    _ = try await usual.work()
    #expect(try usual.place().attempts().first?.start?.instructions == "\(InstructionSet.best)")
  }

  @Test func `kernels that this machine lacks are refused`() async throws {
    let bench = try Workbench()
    for arguments in [["worker", "--run", "ab"], ["run", bench.manifest]] {
      let refused = try await bench.mneme(arguments + ["--instructions", "sse9"])
      #expect(refused.status == .exited(2))
      #expect(refused.errors.contains("--instructions is sse9; this machine runs portable"))
    }
  }

  @Test func `an unknown fault is refused`() async throws {
    let refused = try await Workbench().work(fault: "after-cleim:kill")
    #expect(refused.status == .exited(2))
    #expect(refused.errors.contains("there is no point \"after-cleim\"; did you mean after-claim?"))
  }
}

/// What came instead of what a test needs to go on.
struct Unexpected: Error {
  let what: String
}
