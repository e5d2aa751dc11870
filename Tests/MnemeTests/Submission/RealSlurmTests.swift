import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// A real slurmctld and three slurmd on this machine, without accounting; what breaks is broken for real.
///
/// One after the other: each has a Slurm of its own.
@Suite(
  .serialized,
  .enabled(
    if: RealSlurm.absence == nil,
    "Slurm is not installed here (\(RealSlurm.absence ?? "")), so NOTHING was tested against it; `make test-setup` installs it"
  ))
struct RealSlurmTests {
  /// Calls `body` with a cluster whose runs take some seconds, and looks afterwards whether it gave the bytes of a
  /// local run.
  private static func with(
    examples: Int, seeds: [Int], _ body: (RealSlurm, Cluster) async throws -> Void
  ) async throws {
    let slurm = try await RealSlurm()
    do {
      let cluster = try Cluster(slurm, examples: examples, seeds: seeds)
      try await body(slurm, cluster)
      let local = try Workbench(examples: examples, seeds: seeds)
      #expect(try await local.mneme(["run", local.manifest]).status == .exited(0))
      for place in try cluster.places() {
        #expect(try place.state(verifying: true) == .done)
        let there = try local.opened().run(place.id)
        for (a, b) in [(place.resultPath, there.resultPath), (place.weightsPath, there.weightsPath)] {
          let bytes = (
            try? Data(contentsOf: URL(fileURLWithPath: a)), try? Data(contentsOf: URL(fileURLWithPath: b))
          )
          #expect(bytes.0 != nil && bytes.0 == bytes.1, "\(a)")
        }
      }
      #expect(try cluster.bench.opened().check(deep: true).filter { $0.kind == .damage }.isEmpty)
    } catch {
      try await slurm.stop()
      throw error
    }
    try await slurm.stop()
  }

  /// Waits until the first run goes on and has a checkpoint.
  private static func untilCheckpoint(_ cluster: Cluster) async throws -> RunDirectory {
    let place = try #require(try cluster.places().first)
    try await cluster.until("the run has a checkpoint") { try !place.checkpoints().isEmpty }
    return place
  }

  @Test func `every run is computed without accounting, by jobs of an array and by workers`() async throws {
    try await Self.with(examples: 8, seeds: [1, 2, 3, 4]) { slurm, cluster in
      #expect(try await slurm.call("scontrol", "show", "config").contains("accounting_storage/none"))
      let submitted = try await cluster.submit("--only", "seed<=2", "--time", "10m", "--partition", "main")
      #expect(submitted.status == .exited(0), "\(submitted.errors)")
      let shared = try await cluster.mneme([
        "submit", cluster.bench.manifest, "--engine", "slurm", "--mode", "workers", "--jobs", "2",
      ])
      #expect(shared.output.contains("2 submitted"), "\(shared.output)\(shared.errors)")
      let waited = try await cluster.wait()
      #expect(waited.status == .exited(0), "\(waited.errors)")
      #expect(try cluster.places().allSatisfy { try $0.attempts().count == 1 })
      let refused = try await cluster.mneme([
        "submit", cluster.bench.manifest, "--engine", "slurm", "--set", "seed=9", "--mode", "array",
        "--partition", "nope",
      ])
      #expect(refused.status == .exited(2))
      #expect(refused.errors.contains("Invalid partition name specified"), "\(refused.errors)")
    }
  }

  @Test func `a machine that is lost costs the work since the last checkpoint`() async throws {
    try await Self.with(examples: 4000, seeds: [1]) { slurm, cluster in
      _ = try await cluster.submit("--checkpoint-seconds", "0.2")
      let place = try await Self.untilCheckpoint(cluster)
      let start = try #require(try place.attempts().last?.start)
      let node = try #require(start.job?.split(separator: " ").last.map(String.init))
      // The machine with all that is on it: the daemon, the step's, and our two processes.
      let supervisor = try Self.parent(of: start.pid)
      for process in [try slurm.process(of: node), try Self.parent(of: supervisor), supervisor, start.pid] {
        kill(process, SIGKILL)
      }
      try await slurm.call("scontrol", "update", "NodeName=\(node)", "State=DOWN", "Reason=lost")
      let waited = try await cluster.wait()
      #expect(waited.status == .exited(0), "\(waited.output)\(waited.errors)")
      let attempts = try place.attempts()
      #expect(attempts.count == 2 && attempts[0].end == nil)
      #expect(attempts[1].end?.resumedFrom != nil)
      #expect(attempts[1].start?.job?.contains("restart 1") == true, "\(attempts[1].start?.job ?? "")")
    }
  }

  @Test func `two copies of one run compute it once, and a copy that was overtaken publishes nothing`()
    async throws
  {
    try await Self.with(examples: 12_000, seeds: [1]) { slurm, cluster in
      _ = try await cluster.submit("--checkpoint-seconds", "0.2")
      let place = try await Self.untilCheckpoint(cluster)
      let entry = try #require(try SubmissionBook(cluster.bench.opened()).entries.first)
      // The same words again: Slurm starts the same index of the same plan a second time.
      let words = entry.record.arguments
      _ = try await slurm.call("sbatch", words)
      try await cluster.until("both run") {
        try await cluster.engine.jobs(tagged: [entry.record.tag]).count { $0.state == "running" } == 2
      }
      try await Task.sleep(for: .milliseconds(500))
      #expect(try place.attempts().count == 1, "the lock holds")
      // As on a file system that keeps locks to one machine, and with a lease that was given up.
      try FileManager.default.removeItem(atPath: "\(place.path)/lock")
      let waited = try await cluster.wait()
      #expect(waited.status == .exited(0), "\(waited.output)\(waited.errors)")
      try await cluster.until("no job is left") {
        try await cluster.engine.jobs(tagged: [entry.record.tag]).isEmpty
      }
      let attempts = try place.attempts()
      #expect(attempts.count == 2)
      #expect(attempts.map { $0.end?.outcome } == [.stopped, .done])
      #expect(attempts[0].end?.message?.contains("attempt 2") == true, "\(attempts[0].end?.message ?? "")")
    }
  }

  @Test func `what is cancelled stops with a checkpoint, the others go on, and it can be submitted again`()
    async throws
  {
    try await Self.with(examples: 2000, seeds: [1, 2]) { slurm, cluster in
      _ = try await cluster.submit("--checkpoint-seconds", "0.2")
      let place = try await Self.untilCheckpoint(cluster)
      let cancelled = try await cluster.mneme(["cancel", place.id.short])
      #expect(cancelled.output.contains("asked Slurm to end 1 job"))
      let waited = try await cluster.wait()
      #expect(waited.status == .exited(3), "\(waited.output)\(waited.errors)")
      #expect(try place.state() == .interrupted)
      #expect(try await cluster.submit().output.contains("1 done, 1 submitted"))
      #expect(try await cluster.wait().status == .exited(0))
      #expect(try place.attempts().last?.end?.resumedFrom != nil)
    }
  }

  @Test(arguments: ["publish.after-link#6", "publish.before-create#7"])
  func `a submitter killed before or after sbatch leaves nothing doubled and nothing lost`(fault: String)
    async throws
  {
    try await Self.with(examples: 8, seeds: [1, 2]) { slurm, cluster in
      let killed = try await cluster.bench.mneme(
        ["submit", cluster.bench.manifest, "--engine", "slurm", "--mode", "array"], fault: "\(fault):kill",
        variables: cluster.variables)
      #expect(killed.status == .signaled(SIGKILL))
      _ = try await cluster.submit()
      #expect(try await cluster.wait().status == .exited(0))
      #expect(try cluster.places().allSatisfy { try $0.attempts().count == 1 })
    }
  }

  @Test func `a controller that dies after it took the jobs, and comes back, changes nothing`() async throws {
    try await Self.with(examples: 2000, seeds: [1, 2]) { slurm, cluster in
      _ = try await cluster.submit()
      _ = try await cluster.until("a run goes on") {
        try cluster.places().contains { if case .running = try $0.state() { true } else { false } }
      }
      kill(try slurm.process(of: "ctld"), SIGKILL)
      // Workers need no controller, and neither does what the store says.
      let status = try await cluster.mneme(["status", cluster.bench.manifest])
      #expect(status.status == .exited(0) && status.output.hasPrefix("2 runs: "))
      try await slurm.restartController()
      var waited = try await cluster.wait()
      for _ in 0..<3 where waited.status == .exited(3) {
        // Forgotten: seen, and submitted again.
        _ = try await cluster.submit()
        waited = try await cluster.wait()
      }
      #expect(waited.status == .exited(0), "\(waited.output)\(waited.errors)")
    }
  }

  @Test func `a job that is told its time is up goes back into the queue, and on from its checkpoint`()
    async throws
  {
    try await Self.with(examples: 4000, seeds: [1]) { slurm, cluster in
      _ = try await cluster.submit("--checkpoint-seconds", "0.2")
      let place = try await Self.untilCheckpoint(cluster)
      try await slurm.call("scancel", "--batch", "--signal=USR2", "1_0")
      let waited = try await cluster.wait()
      #expect(waited.status == .exited(0), "\(waited.output)\(waited.errors)")
      let attempts = try place.attempts()
      #expect(attempts.map { $0.end?.outcome } == [.stopped, .done])
      #expect(attempts.last?.start?.job?.contains("restart 1") == true)
    }
  }

  /// The process that started another.
  private static func parent(of process: pid_t) throws -> pid_t {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("PPid:") }
    return try #require(line.flatMap { pid_t($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) })
  }
}
