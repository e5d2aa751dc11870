import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// A project whose runs are computed in one of the ways, and what a person can do there in all of them.
final class Site: Sendable {
  let way: Way
  let bench: Workbench
  /// Nil where there is no cluster.
  let cluster: Cluster?
  /// Nil where there is no real one.
  let slurm: RealSlurm?
  private let reference: Reference

  private init(
    _ way: Way, _ slurm: RealSlurm?, examples: Int, seeds: [Int], rate: String, resources: String
  ) throws {
    (self.way, self.slurm) = (way, slurm)
    let bench = try Workbench(examples: examples, seeds: seeds, rate: rate, resources: resources)
    self.bench = bench
    cluster =
      switch way {
      case .local: nil
      case .fakeSlurm: try Cluster(bench)
      case .realSlurm: try Cluster(bench, try #require(slurm))
      }
    reference = Reference(examples: examples, seeds: seeds, rate: rate)
  }

  /// Calls `body` with a new site, and looks afterwards whether all is quiet and every byte as it should be. A real Slurm
  /// is lent to one at a time.
  static func with<Result>(
    _ way: Way, examples: Int = 40, seeds: [Int] = [1, 2], rate: String = "1e-2", resources: String = "{}",
    _ body: (Site) async throws -> Result
  ) async throws -> Result {
    let slurm: RealSlurm? = if way == .realSlurm { try await RealSlurmDesk.shared.take() } else { nil }
    do {
      let site = try Site(way, slurm, examples: examples, seeds: seeds, rate: rate, resources: resources)
      // Whoever was held would be for ever.
      defer { site.letGo() }
      let result = try await body(site)
      try await site.untilQuiet()
      try await site.expectReference()
      if let slurm { await RealSlurmDesk.shared.giveBack(slurm, isIntact: !slurm.isBroken) }
      return result
    } catch {
      if let slurm { await RealSlurmDesk.shared.giveBack(slurm, isIntact: false) }
      throw error
    }
  }

  func mneme(
    _ arguments: [String], fault: String? = nil,
    watch: @Sendable @escaping (_ line: String, _ process: pid_t) -> Void = { _, _ in }
  ) async throws -> Finished {
    try await bench.mneme(arguments, fault: fault, variables: cluster?.variables ?? [:], watch: watch)
  }

  /// Has what is missing computed; what comes of it is what whoever waits for it is told.
  ///
  /// - Parameter fault: of whoever asks for it, and
  /// - Parameter isForWorkers: whether it is the workers' that he asks for.
  func begin(
    _ more: String..., fault: String? = nil, isForWorkers: Bool = false
  ) async throws -> Going {
    guard let cluster else {
      return Going { said in
        try await self.mneme(["run", self.bench.manifest, "--jobs", "2"] + more, fault: fault) { line, _ in
          said(line)
        }
      }
    }
    let submitted = try await bench.mneme(
      ["submit", bench.manifest, "--engine", "slurm", "--mode", "array"] + more, fault: fault,
      variables: isForWorkers ? cluster.handing : cluster.variables)
    guard [.exited(0), .exited(1)].contains(submitted.status) else { return Going { _ in submitted } }
    return wait()
  }

  /// Waits for what others compute.
  func wait() -> Going {
    Going { said in
      try await self.mneme(["wait", self.bench.manifest, "--every", "0.2"]) { line, _ in said(line) }
    }
  }

  /// Has what is missing computed, and waits for it.
  @discardableResult
  func compute() async throws -> Finished { try await begin().finished }

  /// The same command again until all is done, as a person would; four times at most.
  func bringToEnd(_ first: Going) async throws {
    var finished = try await first.finished
    for _ in 0..<3 where finished.status != .exited(0) { finished = try await compute() }
    #expect(finished.status == .exited(0), "\(finished.output)\(finished.errors)")
  }

  /// As long as it is there, workers that were begun to be held go no further, unless they are asked to leave.
  private var holder: String { "\(bench.folder)/held" }

  /// The fault of workers that are held at their first checkpoint: however busy a machine is, and however idle, no run
  /// ends before its test has done what it is about.
  func hold() throws -> String {
    try Data().write(to: URL(fileURLWithPath: holder))
    return "after-checkpoint:hold=\(holder)"
  }

  /// Has everything computed, and returns when each run is held at its first checkpoint.
  func beginHeld() async throws -> (going: Going, places: [RunDirectory]) {
    let going = try await begin("--checkpoint-seconds", "0", fault: hold(), isForWorkers: true)
    let places = try places()
    try await until("every run has a checkpoint", of: going) {
      try places.allSatisfy { try !$0.checkpoints().isEmpty }
    }
    return (going, places)
  }

  /// Lets go on who is held.
  func letGo() { try? FileManager.default.removeItem(atPath: holder) }

  /// Asks everything that goes on to stop.
  func stop() async throws {
    guard way.isSlurm else {
      for process in Workbench.processes(of: "run", on: bench.store) { kill(process, SIGINT) }
      return
    }
    #expect(try await mneme(["cancel", bench.manifest]).status == .exited(0))
  }

  /// Starts what goes on a second time, as a cluster may, or another person.
  func duplicate() async throws -> Going {
    guard let cluster else { return try await begin() }
    let entry = try #require(try SubmissionBook(bench.opened()).entries.first)
    try await cluster.order(entry.record.arguments)
    return try await begin()
  }

  /// Until no process and no job is left that could still write. The list of a Slurm of which something was killed is no
  /// witness: it may take minutes to notice what is over.
  func untilQuiet() async throws {
    try await until("nothing goes on any more") {
      let isIdle = ["run", "worker"].allSatisfy {
        Workbench.processes(of: $0, on: self.bench.store).isEmpty
      }
      guard isIdle, let cluster = self.cluster, !(self.slurm?.isBroken ?? false) else { return isIdle }
      return try await cluster.engine.jobs(tagged: cluster.tags()).isEmpty
    }
  }

  /// Kills the machine that computes a run: its worker, who started that, and what there is of the cluster.
  func loseMachine(of start: AttemptStart) async throws {
    let starter = try Site.parent(of: start.pid)
    guard let slurm else {
      for process in [starter, start.pid] { kill(process, SIGKILL) }
      return
    }
    slurm.isBroken = true
    let node = try #require(start.job?.split(separator: " ").last.map(String.init))
    for process in [try slurm.process(of: node), try Site.parent(of: starter), starter, start.pid] {
      kill(process, SIGKILL)
    }
    try await slurm.call("scontrol", "update", "NodeName=\(node)", "State=DOWN", "Reason=lost")
  }

  private static func parent(of process: pid_t) throws -> pid_t {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("PPid:") }
    return try #require(line.flatMap { pid_t($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) })
  }

  /// What whoever starts the workers of a run said of it so far.
  func narration(of run: RunDirectory, by going: Going) async throws -> String {
    way.isSlurm ? try await mneme(["logs", run.id.short, "--job"]).output : going.said
  }

  func places() throws -> [RunDirectory] {
    let store = try bench.opened()
    return try bench.specifications().map { store.run($0.run) }
  }

  /// Every finished run is, byte by byte, what one worker computes without anybody around it; nothing is damaged.
  func expectReference() async throws {
    for place in try places() where place.hasResult {
      #expect(try place.state(verifying: true) == .done)
      let expected = try await reference.files(of: place.id)
      for (path, bytes) in zip([place.resultPath, place.weightsPath], expected) {
        let isSame = try Data(contentsOf: URL(fileURLWithPath: path)) == bytes
        #expect(isSame, "\(path)")
      }
    }
    #expect(try bench.damage().isEmpty)
  }

  /// Waits until something holds, for two minutes or longer on a busy machine: a guard, and no measure of anything.
  ///
  /// - Parameter going: that in whose course it is to happen; when it is over, it will not.
  func until(_ what: String, of going: Going? = nil, _ holds: () async throws -> Bool) async throws {
    for _ in 0..<1200 {
      let isOver = going?.isOver ?? false
      if try await holds() { return }
      if isOver, let finished = try await going?.finished {
        throw Unexpected(what: "it ended (\(finished)), and never: \(what)")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Unexpected(what: "never in two minutes: \(what)")
  }
}
