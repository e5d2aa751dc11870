import Archive
import ArgumentParser
import Foundation
import Harness
import Records

/// The program: a list of commands, and what their errors mean to whoever called.
@main
struct Mneme: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mneme",
    abstract: "Runs experiments declared in manifests, and prints their tables beside the published ones.",
    discussion: """
      A manifest declares runs: models × settings × seeds. What was computed stays in a store and is never computed \
      twice; every command can be stopped and typed again.

        mneme run Experiments/sorting-ablation.yaml      compute what is missing
        mneme table Experiments/sorting-ablation.yaml    print its tables
        mneme rerun 3f9a2c --check                       compute again, compare bits

      To read about more than one command: mneme help \(HelpTopic.all.map(\.name).joined(separator: ", ")); mneme help \
      --man writes all of it as a manual page. To have the Tab key complete commands: mneme completion --help.

      Exit status: 0 done or no difference, 1 a run failed or something differs, 2 it could not be done, 3 stopped \
      with work left, 75 another process has it, 130 left at once because it was asked twice.
      """,
    version: "mneme, \(Specification.numerics)",
    subcommands: [
      CheckCommand.self,
      PlanCommand.self,
      RunCommand.self,
      SubmitCommand.self,
      StatusCommand.self,
      WatchCommand.self,
      WaitCommand.self,
      CancelCommand.self,
      LogsCommand.self,
      LsCommand.self,
      ShowCommand.self,
      TableCommand.self,
      PlotCommand.self,
      ReportCommand.self,
      DiffCommand.self,
      VerifyCommand.self,
      RerunCommand.self,
      HashCommand.self,
      ExplainCommand.self,
      NoteCommand.self,
      ExportCommand.self,
      ImportCommand.self,
      RemoveCommand.self,
      GCCommand.self,
      FsckCommand.self,
      BenchCommand.self,
      SelftestCommand.self,
      TortureCommand.self,
      CompletionCommand.self,
      WorkerCommand.self,
    ])

  // On the main thread: its stack is the large one, and a worker computes where it was called.
  @MainActor static func main() async {
    LibraryCrash.watch()
    Foundation.exit(await status(of: Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs one command line and returns its exit status; what went wrong is on standard error by then.
  @MainActor static func status(of arguments: [String]) async -> Int32 {
    do {
      if arguments == ["--version"] { return write(version, to: .standardOutput) }
      if let request = HelpRequest(arguments) {
        return write(try request.text(width: Page.standardOutput.width), to: .standardOutput)
      }
      _ = try Fault.ofEnvironment()
      let command = try parsed(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        var command = command
        try command.run()
      }
      return ExitStatus.done.rawValue
    } catch let status as ExitCode {
      return status.rawValue
    } catch {
      return report(error)
    }
  }

  /// Help goes where results go, with status 0; every other error where errors go, with 2: never a pass.
  private static func report(_ error: any Error) -> Int32 {
    let isHelp = exitCode(for: error) == .success
    let words = fullMessage(for: error) + "\n"
    // An error quotes what it found.
    let text = isHelp ? words : TerminalText.plain(words)
    let status = write(text, to: isHelp ? .standardOutput : .standardError)
    return isHelp ? status : ExitStatus.unable.rawValue
  }

  /// The order of arithmetic, and the beginning of the `code` hash: here only, as that reads the whole program.
  private static var version: String {
    "\(configuration.version)\(OwnCode.digest.map { ", code \($0.short)" } ?? "")\n"
  }

  /// The exit status: help that nobody could read, on a full disk for one, was not given. A closed pipe is no error.
  private static func write(_ text: String, to file: FileHandle) -> Int32 {
    do {
      try file.write(contentsOf: Data(text.utf8))
    } catch {
      let code = (error as? POSIXError ?? (error as? CocoaError)?.underlying as? POSIXError)?.code
      if code != .EPIPE { return ExitStatus.unable.rawValue }
    }
    return ExitStatus.done.rawValue
  }
}

/// Where results are kept.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .customLong("store"), help: ArgumentHelp("The folder that results are kept in.", valueName: "dir"),
    completion: .directory)
  var path = usual

  /// Where results are kept if nobody says otherwise.
  static let usual = "Results/store"

  /// The store; nil where there is none yet.
  func existing() throws -> Store? {
    do throws(ArchiveError) { return try Store(at: path, creating: false) } catch {
      guard case .absent = error else { throw error }
      return nil
    }
  }

  /// The store, made where there is none.
  func made(_ surroundings: Surroundings) throws -> Store {
    if try existing() == nil, let note = StorePlace.noteOnMaking(path) { surroundings.note("\(note)\n") }
    return try Store(at: path, creating: true)
  }

  /// Says that there is no store, where a command goes on without one.
  func note(in surroundings: Surroundings) { surroundings.errors("\(ReportError.absentStore(path))\n") }

  /// The arguments that name the same store to another command; none for the usual one.
  var arguments: [String] { path == StoreOptions.usual ? [] : ["--store", path] }
}

/// A command that does its work with the writers it is given and answers with an exit status.
protocol Performing: AsyncParsableCommand {
  func perform(_ surroundings: Surroundings) async throws -> ExitStatus
}

extension Performing {
  mutating func run() async throws { throw ExitCode(try await answer(.process).rawValue) }
}
