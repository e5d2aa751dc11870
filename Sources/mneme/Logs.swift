import Archive
import ArgumentParser
import Glibc
import Harness
import Records

/// `mneme logs`: what the process of a run wrote.
struct LogsCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Print what the process of a run wrote, its last words included.",
    discussion: """
      How the attempt ended is told on standard error. For a submitted run, --job prints what its jobs wrote instead: \
      why none came to begin, for one.

        mneme logs 3f9a2c
        mneme logs 3f9a2c --attempt 1
        mneme logs 3f9a2c --job
      """)

  @Argument(
    help: ArgumentHelp("The run, by its hash or the beginning of it.", valueName: "run"), completion: .run)
  var hash: String

  @Option(help: ArgumentHelp("The number of the attempt. Usually the newest.", valueName: "number"))
  var attempt: Int?

  @Flag(name: [.customShort("f"), .long], help: "Go on printing while the attempt goes on.")
  var follow = false

  @Flag(help: "What the jobs of a cluster wrote for the run, the newest last.")
  var job = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    guard !job || !follow && attempt == nil else {
      throw ValidationError("--job is about jobs and not attempts; leave --attempt and --follow out.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let store = try Store(at: store.path, creating: false)
    if job {
      let run = try Digest.run(hash, in: store)
      let logs = try JobLogs(of: run, in: store)
      guard !logs.paths.isEmpty else { throw SubmissionError.nothing("run \(run.short)") }
      for path in logs.paths {
        surroundings.note("\(path):\n")
        _ = try PlainFile.read(path, from: 0) { surroundings.output(String(decoding: $0, as: UTF8.self)) }
      }
      return .done
    }
    let log = try RunLog(of: store.run(try Digest.run(hash, in: store)), attempt: attempt)
    if follow {
      Interruptions.watch(leavingAt: 1)
      // Who reads no more has seen enough.
      signal(SIGPIPE, SIG_DFL)
    }
    try await log.read(
      follows: follow, isToLeave: { surroundings.interruptions() > 0 }, write: surroundings.output)
    surroundings.note((try log.ending() ?? "the attempt has no end: it goes on, or it was killed") + "\n")
    return .done
  }
}
