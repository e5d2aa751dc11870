package import Records
import Subprocess
import SystemPackage

/// Runs as processes of this machine: `mneme worker` once for every attempt, each in a process group of its
/// own.
///
/// A trap, an exhausted memory or a `fatalError` in one run costs that run. A Ctrl-C at the terminal
/// reaches this process alone, which then asks its workers; were it killed, they see that their parent is
/// gone and save themselves.
package struct LocalExecutor: Executor {
  /// This very program, even if its file was replaced since it was started.
  package static let ownProgram = "/proc/self/exe"

  private let program: String
  private let store: String
  private let manifest: Digest?
  private let code: Digest?
  private let parent: Int32
  private let grace: Duration
  private let leaseSeconds: Double?
  private let environment: Environment

  /// - Parameter program: the executable with a command `worker`.
  /// - Parameter manifest: what asked for the runs, and
  /// - Parameter code: what program computes them, for their attempts' records.
  /// - Parameter parent: the process whose death the workers heed.
  /// - Parameter grace: how long a worker whose time is up may take to save a checkpoint.
  /// - Parameter leaseSeconds: between the beats of the workers' leases; nil for none.
  /// - Parameter variables: of the environment, in addition to this process's own.
  package init(
    program: String = LocalExecutor.ownProgram, store: String, manifest: Digest? = nil, code: Digest? = nil,
    parent: Int32, grace: Duration = .seconds(30), leaseSeconds: Double? = nil,
    variables: [String: String] = [:]
  ) {
    self.leaseSeconds = leaseSeconds
    (self.program, self.store, self.manifest, self.code) = (program, store, manifest, code)
    (self.parent, self.grace) = (parent, grace)
    var updates: [Environment.Key: String?] = [:]
    for (name, value) in variables {
      if let key = Environment.Key(rawValue: name) { updates[key] = value }
    }
    environment = .inherit.updating(updates)
  }

  package func execute(
    _ assignment: Assignment, requests: AsyncStream<StopRequest>,
    report: @escaping @Sendable (Report) -> Void
  ) async -> Ending {
    var platform = PlatformOptions()
    platform.processGroupID = 0
    do {
      let result = try await run(
        .path(FilePath(program)),
        arguments: Arguments(executablePathOverride: "mneme", remainingValues: arguments(for: assignment)),
        environment: environment, platformOptions: platform,
        input: .none, output: .sequence, error: .combinedWithOutput
      ) { execution in
        await watch(execution, assignment.resources.timeout, requests, report)
      }
      if result.closureResult == .timedOut { return .timedOut }
      switch result.terminationStatus {
      case .exited(let code): return .exited(code)
      case .signaled(let number): return .signalled(number)
      }
    } catch {
      return .unstarted("\(error)")
    }
  }

  private func arguments(for assignment: Assignment) -> [String] {
    let resources = assignment.resources
    var arguments = [
      "worker", "--store", store, "--run", assignment.run.hex, "--threads", "\(resources.threads)",
      "--checkpoint-seconds", "\(resources.checkpointInterval.inSeconds)", "--parent", "\(parent)",
    ]
    if let instructions = resources.instructions { arguments += ["--instructions", "\(instructions)"] }
    if let manifest { arguments += ["--manifest", manifest.hex] }
    if let code { arguments += ["--code", code.hex] }
    if let leaseSeconds { arguments += ["--lease-seconds", "\(leaseSeconds)"] }
    if !resources.keepsWeights { arguments.append("--no-keep-weights") }
    return arguments
  }

  private typealias Worker = Execution<NoInput, SequenceOutput, CombinedErrorOutput>

  /// Why watching a worker is over.
  private enum Watched { case silent, noMoreRequests, timedOut }

  /// Reads what the worker says until it is gone, passes on requests, and ends it when its time is up.
  private func watch(
    _ worker: Worker, _ timeout: Duration?, _ requests: AsyncStream<StopRequest>,
    _ report: @escaping @Sendable (Report) -> Void
  ) async -> Watched {
    await withTaskGroup(of: Watched.self) { group in
      group.addTask {
        do {
          for try await line in worker.standardOutput.strings() {
            report(WorkerMessage(line: line).map(Report.message) ?? .line(line))
          }
        } catch {
          report(.line("nothing more is heard of the worker: \(error)"))
        }
        return .silent
      }
      group.addTask {
        let process = worker.processIdentifier.value
        while let bytes = MachineMemory().peak(of: process) {
          report(.peak(bytes))
          do { try await Task.sleep(for: .seconds(1)) } catch { break }
        }
        return .noMoreRequests
      }
      group.addTask {
        for await request in requests { send(request, to: worker) }
        return .noMoreRequests
      }
      if let timeout {
        group.addTask {
          do { try await Task.sleep(for: timeout) } catch { return .noMoreRequests }
          send(.leave, to: worker)
          do { try await Task.sleep(for: grace) } catch { return .timedOut }
          send(.die, to: worker)
          return .timedOut
        }
      }
      var result = Watched.silent
      for await watched in group {
        if watched == .timedOut { result = .timedOut }
        if watched == .silent { group.cancelAll() }
      }
      return result
    }
  }

  /// A worker that is gone already needs no signal: failure to send one is no failure.
  private func send(_ request: StopRequest, to worker: Worker) {
    switch request {
    case .leave: try? worker.send(signal: .terminate)
    case .die: try? worker.send(signal: .kill, toProcessGroup: true)
    }
  }
}

extension Duration {
  /// The same time as a number of seconds.
  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
