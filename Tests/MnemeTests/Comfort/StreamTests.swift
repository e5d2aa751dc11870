import ArgumentParser
import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

@testable import mneme

/// Results go to standard output, all else to standard error, whatever the command.
@Suite struct StreamTests {
  private static func types(_ command: any ParsableCommand.Type = Mneme.self) -> [any ParsableCommand.Type] {
    (command is any Performing.Type ? [command] : [])
      + command.configuration.subcommands.flatMap { types($0) }
  }

  private static func shell(_ line: String, _ arguments: [String] = []) async throws -> (
    output: String, errors: String
  ) {
    let result = try await Subprocess.run(
      .path("/bin/bash"), arguments: Arguments(["-c", line, Workbench.program] + arguments), input: .none,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return (result.standardOutput, result.standardError)
  }

  @Test func `a wrong word is an error, on standard error alone`() async throws {
    let lines = ["ls", "table", "bench matmul", "completion"]
    let answer = try await Self.shell(
      "for words in \"$@\"; do out=$(\"$0\" $words --no-such-option 2>/dev/null); echo \"$? ${#out} $words\"; done",
      lines)
    #expect(answer.output == lines.map { "2 0 \($0)\n" }.joined())
    #expect(answer.errors == "")
  }

  @Test func `every command can be told how much to say, and not the opposite, too`() throws {
    #expect(Self.types().count > 30)
    for type in Self.types() {
      #expect(type is any Speaking.Type, "\(type)")
      let help = type.helpMessage(columns: 100)
      #expect(help.contains("  -q, --quiet ") && help.contains("  -v, --verbose "), "\(help)")
    }
    #expect(try VoiceOptions.parse(["-q"]).chosen == .quiet)
    #expect(try VoiceOptions.parse(["--verbose"]).chosen == .verbose)
    // Before and behind the words of a command below another one.
    for words in [["-q", "bench", "matmul"], ["bench", "-q", "matmul"], ["bench", "matmul", "-q"]] {
      let voice = (try? Mneme.parsed(words) as? any Speaking)?.voice.chosen
      #expect(voice == (words[0] == "-q" ? nil : .quiet), "\(words)")
    }
    for words in [["ls"], ["run", "a.yaml"], ["bench", "matmul"], ["completion", "bash"]] {
      let error = #expect(throws: (any Error).self) { try Mneme.parsed(words + ["-q", "-v"]) }
      #expect(
        error.map { Mneme.message(for: $0) } == "--quiet and --verbose say the opposite; give one of them.",
        "\(words)")
    }
  }

  @Test func `results are the same whatever is said beside them, and JSON is whole`() async throws {
    let shelf = try Shelf.complete()
    let other = try Shelf.complete()
    defer { withExtendedLifetime(other) {} }
    let (first, second) = (shelf.runs()[0].run.hex, shelf.runs()[5].run.hex)
    for words in [
      ["check", shelf.manifest], ["plan", shelf.manifest], ["status"], ["ls"], ["show", first],
      ["table", shelf.manifest], ["table", shelf.manifest, "--trace"], ["diff", shelf.manifest, "paper"],
      ["hash", first], ["explain", first, second], ["note"], ["fsck"], ["gc", "--dry-run"],
      ["remove", first, "--even-if-needed", "--dry-run"], ["rerun", first, "--dry-run"],
      ["watch", "--once"], ["verify", shelf.manifest], ["export", "\(shelf.folder)/runs.csv", "--replace"],
      ["report", shelf.manifest, "--without-pictures", "-o", "\(shelf.folder)/page.html"],
      ["import", other.store, "--dry-run"],
    ] {
      let usual = await shelf.mneme(words)
      let quiet = await shelf.mneme(words + ["-q"])
      let verbose = await shelf.mneme(words + ["--verbose"])
      // What is watched has a clock in it.
      #expect(
        words[0] == "watch" || quiet.output == usual.output && verbose.output == usual.output, "\(words)")
      #expect(quiet.status == usual.status, "\(words)")
      // Nothing that is known of so small a store decides.
      #expect(usual.status < 2 || words[0] == "verify", "\(words) \(usual)")
      #expect(quiet.errors == "", "\(words): \(quiet.errors)")
      #expect(verbose.errors.contains("exit status \(usual.status) ("), "\(words)")
      let program = await shelf.mneme(words + ["--json", "-v"])
      #expect(json(program.output) != nil, "\(words): \(program.output)")
    }
  }

  @Test func `quiet keeps what is wrong`() async throws {
    let shelf = try Shelf.complete()
    try shelf.damage(2)
    for words in [["ls"], ["table", shelf.manifest], ["show", shelf.runs()[2].run.hex]] {
      let quiet = await shelf.mneme(words + ["--quiet"])
      #expect(quiet.status == 1 && quiet.errors.contains("damaged"), "\(words)")
    }
  }

  @Test func `run says nothing, or what it decided, and JSON alone on standard output`() async throws {
    let bench = try Workbench(seeds: [1, 2])
    let verbose = try await bench.mneme([
      "run", bench.manifest, "--max-runs", "1", "--verbose", "--jobs", "1",
    ])
    #expect(verbose.output == "")
    for words in [
      "seed=1: to be computed, missing (run ", "seed=1: started, run ", "seed=1: done in ", "exit status 3 (",
    ] {
      #expect(verbose.errors.contains(words), "\(words): \(verbose.errors)")
    }
    let program = try await bench.mneme(["run", bench.manifest, "--json", "--jobs", "1"])
    #expect(json(program.output) != nil && program.errors.contains("seed=2: done in"))
    let quiet = try await bench.mneme(["run", bench.manifest, "-q"])
    #expect(quiet.status == .exited(0) && quiet.output == "" && quiet.errors == "")
    let again = try await bench.mneme(["run", bench.manifest, "-v"])
    #expect(again.errors.contains("seed=2: reused, done (run "), "\(again.errors)")
  }

  @Test func `a closed pipe ends a command without a word, and a full disk is an error`() async throws {
    let shelf = try Shelf.complete()
    for words in ["ls", "table \(shelf.manifest)", "ls --json", "status"] {
      let closed = try await Self.shell(
        "{ sleep 0.2; \"$0\" \(words) --store '\(shelf.store)'; echo \"$?\" >&2; } | true")
      // The signal for it, or nothing where the writing was over.
      #expect(["141\n", "0\n"].contains(closed.errors), "\(words): \(closed)")
      let full = try await Self.shell("\"$0\" \(words) --store '\(shelf.store)' > /dev/full; echo $?")
      #expect(full.output == "2\n" && full.errors.contains("standard output cannot be written"), "\(words)")
    }
  }

  @Test func `colour is for terminals, unless it is asked for`() async throws {
    let shelf = try Shelf.complete()
    let table = "\"$0\" table \(shelf.manifest) --store '\(shelf.store)'"
    let escape = "\u{1B}["
    #expect(try await !Self.shell("unset NO_COLOR; \(table)").output.contains(escape))
    #expect(try await Self.shell("unset NO_COLOR; CLICOLOR_FORCE=1 \(table)").output.contains(escape))
    #expect(try await !Self.shell("CLICOLOR_FORCE=1 NO_COLOR=1 \(table)").output.contains(escape))
    #expect(try await Self.shell("NO_COLOR=1 \(table) --color always").output.contains(escape))
  }
}
