import Archive
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// What only a real slurmctld with three slurmd can show, without accounting; what breaks is broken for real.
@Suite(
  .enabled(
    if: RealSlurm.absence == nil,
    "Slurm is not installed here (\(RealSlurm.absence ?? "")), so NOTHING was tested against it; `make test-setup` installs it"
  ))
struct RealSlurmTests {
  @Test func `jobs of an array and workers share a plan without accounting, and a refusal is told`()
    async throws
  {
    try await Site.with(.realSlurm, seeds: [1, 2, 3, 4]) { site in
      let slurm = try #require(site.slurm)
      let cluster = try #require(site.cluster)
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

  @Test func `a controller that dies after it took the jobs, and comes back, changes nothing`() async throws {
    try await Site.with(.realSlurm) { site in
      let slurm = try #require(site.slurm)
      let cluster = try #require(site.cluster)
      slurm.isBroken = true
      let (going, _) = try await site.beginHeld()
      kill(try slurm.process(of: "ctld"), SIGKILL)
      // Workers need no controller, and neither does what the store says.
      let status = try await cluster.mneme(["status", cluster.bench.manifest])
      #expect(status.status == .exited(0) && status.output.hasPrefix("2 runs: 2 running\n"))
      try await slurm.restartController()
      site.letGo()
      // What it forgot is seen, and submitted again.
      try await site.bringToEnd(going)
    }
  }

  @Test func `a job that is told its time is up goes back into the queue, and on from its checkpoint`()
    async throws
  {
    try await Site.with(.realSlurm, seeds: [1]) { site in
      let slurm = try #require(site.slurm)
      let cluster = try #require(site.cluster)
      let (going, places) = try await site.beginHeld()
      let job = try #require(try await cluster.engine.jobs(tagged: cluster.tags()).first)
      try await slurm.call("scancel", "--batch", "--signal=USR2", job.id)
      try await site.until("the first attempt is over", of: going) {
        try places[0].attempts().first?.end != nil
      }
      site.letGo()
      let waited = try await going.finished
      #expect(waited.status == .exited(0), "\(waited.output)\(waited.errors)")
      let attempts = try places[0].attempts()
      #expect(attempts.map { $0.end?.outcome } == [.stopped, .done])
      #expect(attempts.last?.start?.job?.contains("restart 1") == true)
    }
  }
}
