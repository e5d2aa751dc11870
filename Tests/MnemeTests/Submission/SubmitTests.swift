import Archive
import Foundation
import Harness
import Records
import Subprocess
import Testing

/// Submission to a Slurm that misbehaves when it is told to.
@Suite struct SubmitTests {
  @Test func `what is on its way is not submitted again, and status and cancel find it`() async throws {
    let cluster = try Cluster()
    try cluster.hold()
    _ = try await cluster.submit()
    let again = try await cluster.submit()
    #expect(again.status == .exited(0))
    #expect(again.output == "tiny: 2 runs: 2 on the way already\n")
    #expect(cluster.orders == 1)
    let copy = "\(cluster.bench.folder)/copy"
    try FileManager.default.copyItem(atPath: cluster.bench.store, toPath: copy)
    #expect(try SubmissionBook(Store(at: copy, creating: false)).entries.isEmpty, "the jobs write elsewhere")
    let status = try await cluster.mneme(["status", cluster.bench.manifest])
    #expect(status.output.contains("seed=1  pending  slurm 1_0 pending (Resources)"), "\(status.output)")
    #expect(status.errors.contains("slurm job 1: 2 pending"))
    let json = try await cluster.mneme(["status", cluster.bench.manifest, "--json"])
    #expect(json.output.contains("\"job_reason\" : \"Resources\""))
    let run = try #require(try cluster.places().first).id.short
    let one = try await cluster.mneme(["cancel", run])
    #expect(one.output.contains("asked Slurm to end 1 job: 1_0."), "\(one.output)")
    let all = try await cluster.mneme(["cancel", "--all"])
    #expect(all.output.contains("asked Slurm to end 1 job: 1_1."), "\(all.output)")
    #expect(try await cluster.mneme(["cancel", "--all"]).output.contains("nothing that was submitted"))
    let waited = try await cluster.wait()
    #expect(waited.status == .exited(3))
    #expect(waited.errors.contains("2 of the runs are not done, and no job is on its way"))
  }

  @Test(arguments: ["garbage", "empty", "fail", "hang"])
  func `an sbatch that does not answer as it should submits nothing, says so, and the next time works`(
    how: String
  ) async throws {
    let cluster = try Cluster(seeds: [1])
    try cluster.says("sbatch", how)
    let store = try cluster.bench.opened()
    let manifest = try Manifest(reading: cluster.bench.manifest)
    let request = SubmissionRequest(
      try SlurmWishes(partition: nil, account: nil, time: nil, extra: []), program: Workbench.program)
    let engine = Slurm(variables: cluster.variables, patience: .seconds(2))
    await #expect(throws: EngineError.self) {
      _ = try await Submitter(manifest, in: store, engine: engine, request: request).submit { _ in }
    }
    #expect(try SubmissionBook(store).entries.map { $0.receipt?.job } == [nil])
    #expect(try SubmissionBook(store).entries.first?.receipt?.refusal != nil)
    #expect(try await cluster.submit().status == .exited(0))
    #expect(try await cluster.wait().status == .exited(0))
    #expect(cluster.orders == 1)
  }

  @Test(arguments: ["garbage", "fail", "hang"])
  func `while squeue does not answer as it should, nothing that may be on its way is submitted`(how: String)
    async throws
  {
    let cluster = try Cluster(seeds: [1])
    try cluster.hold()
    _ = try await cluster.submit()
    try cluster.says("squeue", how)
    let store = try cluster.bench.opened()
    let engine = Slurm(variables: cluster.variables, patience: .seconds(2))
    let request = SubmissionRequest(
      try SlurmWishes(partition: nil, account: nil, time: nil, extra: []), program: Workbench.program)
    await #expect(throws: EngineError.self) {
      let manifest = try Manifest(reading: cluster.bench.manifest)
      _ = try await Submitter(manifest, in: store, engine: engine, request: request).submit { _ in }
    }
    #expect(cluster.orders == 1)
  }

  @Test func `status says what the store knows where Slurm does not answer`() async throws {
    let cluster = try Cluster(seeds: [1])
    try cluster.hold()
    _ = try await cluster.submit()
    try cluster.says("squeue", "garbage")
    let status = try await cluster.mneme(["status", cluster.bench.manifest])
    #expect(status.status == .exited(0))
    #expect(status.output.hasPrefix("1 run: 1 pending\n"))
    #expect(
      status.errors.contains("`squeue` answered “slurm: 42 is the answer”; expected lines of seven parts"))
  }

  @Test func `jobs that were taken in spite of an error are not ordered twice`() async throws {
    let cluster = try Cluster()
    try cluster.hold()
    try cluster.says("sbatch", "taken")
    let submitted = try await cluster.submit()
    #expect(submitted.status == .exited(0))
    #expect(
      submitted.errors.contains("Socket timed out") && submitted.errors.contains("in the queue all the same"))
    #expect(try await cluster.submit().output.contains("2 on the way already"))
    #expect(cluster.orders == 1)
  }

  @Test func `jobs that Slurm took and forgot are seen to be missing, and ordered again`() async throws {
    let cluster = try Cluster()
    try cluster.says("sbatch", "forgotten")
    let submitted = try await cluster.submit()
    #expect(submitted.status == .exited(0))
    #expect(submitted.errors.contains("job 1 is not in the queue"))
    #expect(try await cluster.wait().status == .exited(3))
    #expect(try await cluster.submit().output.contains("2 submitted"))
    #expect(try await cluster.wait().status == .exited(0))
  }

  @Test(arguments: [("publish.after-link#6", 0), ("publish.before-create#7", 1)])
  func `what a killed submitter had ordered is found in the queue, and what it had not is ordered`(
    fault: String, orders: Int
  ) async throws {
    // Published are VERSION, two specifications, the manifest, the plan, the record and the receipt, in this order.
    let cluster = try Cluster()
    try cluster.hold()
    let killed = try await cluster.bench.mneme(
      ["submit", cluster.bench.manifest, "--engine", "slurm", "--mode", "array"], fault: "\(fault):kill",
      variables: cluster.variables)
    guard case .signaled = killed.status else { throw Unexpected(what: "\(killed.status)\n\(killed.errors)") }
    #expect(cluster.orders == orders)
    #expect(try SubmissionBook(cluster.bench.opened()).entries.count == 1)
    let again = try await cluster.submit()
    #expect(again.output.contains(orders == 1 ? "2 on the way already" : "2 submitted"), "\(again.output)")
    #expect(cluster.orders == 1)
    if orders == 1 {
      #expect(try SubmissionBook(cluster.bench.opened()).entries.first?.receipt?.job == "1")
    }
  }

  @Test func `an sbatch that outlives its submitter is waited for, and what it orders is found`() async throws
  {
    let cluster = try Cluster()
    try cluster.hold()
    try cluster.says("sbatch", "slow")
    let submitter = Task {
      try await cluster.bench.mneme(
        ["submit", cluster.bench.manifest, "--engine", "slurm", "--mode", "array", "--json"],
        fault: nil, variables: cluster.variables)
    }
    let folder = cluster.folder
    cluster.bench.when({ FileManager.default.fileExists(atPath: "\(folder)/began-sbatch") }, "submit") {
      process in
      kill(process, SIGKILL)
      _ = FileManager.default.createFile(atPath: "\(folder)/killed", contents: nil)
      // So long somebody else has to wait.
      usleep(500_000)
      _ = FileManager.default.createFile(atPath: "\(folder)/go-sbatch", contents: nil)
    }
    try await cluster.until("the submitter is killed") {
      FileManager.default.fileExists(atPath: "\(folder)/killed")
    }
    let again = try await cluster.submit()
    #expect(again.output.contains("2 on the way already"), "\(again.output)\(again.errors)")
    #expect(cluster.orders == 1)
    #expect(try await submitter.value.status == .signaled(SIGKILL))
  }

  @Test func `more runs than an array may have become several, and some are shared by workers`() async throws
  {
    let cluster = try Cluster(seeds: [1, 2, 3, 4, 5])
    try Data("3".utf8).write(to: URL(fileURLWithPath: "\(cluster.folder)/most"))
    let submitted = try await cluster.submit("--only", "seed<=3")
    #expect(submitted.output.contains("3 submitted"))
    #expect(cluster.orders == 2)
    #expect(try await cluster.wait().status == .exited(3))
    let shared = try await cluster.mneme([
      "submit", cluster.bench.manifest, "--engine", "slurm", "--mode", "workers", "--jobs", "2",
    ])
    #expect(shared.output.contains("2 workers for 2 runs"), "\(shared.output)")
    #expect(try await cluster.wait().status == .exited(0))
    let logs = try await cluster.mneme(["logs", try #require(try cluster.places().last).id.short, "--job"])
    #expect(logs.output.contains("job 0: ") && logs.output.contains("job 1: "))
  }

  @Test func `without Slurm there is one sentence`() async throws {
    let cluster = try Cluster()
    let refused = try await cluster.bench.mneme(
      ["submit", cluster.bench.manifest, "--engine", "slurm"], variables: ["PATH": "/nonexistent"])
    #expect(refused.status == .exited(2))
    #expect(
      refused.errors
        == "Error: Slurm is not here: there is no `sbatch` in PATH. Submit from a machine that has Slurm's commands, or "
        + "compute on this one with `mneme run`.\n")
    #expect(!FileManager.default.fileExists(atPath: cluster.bench.store))
  }
}
