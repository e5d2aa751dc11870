import ArgumentParser
import Foundation
import Harness
import Subprocess
import SystemPackage
import Testing

@testable import mneme

@Suite struct HelpTests {
  /// A command that does something, and the words that call it.
  private struct Entry {
    let words: String
    let type: any ParsableCommand.Type
  }

  private static let commands: [Entry] = entries(below: Mneme.self, words: ["mneme"])

  private static func entries(below command: any ParsableCommand.Type, words: [String]) -> [Entry] {
    var entries: [Entry] = []
    if command is any Performing.Type {
      entries.append(Entry(words: words.joined(separator: " "), type: command))
    }
    for subcommand in command.configuration.subcommands {
      entries += Self.entries(below: subcommand, words: words + [subcommand.configuration.commandName ?? ""])
    }
    return entries
  }

  @Test func `every command has an example and says what it is`() throws {
    #expect(Self.commands.count >= 17)
    for entry in Self.commands {
      let (words, command) = (entry.words, entry.type)
      #expect(command.configuration.discussion.contains("  \(words)"), "\(words)")
      #expect(!command.configuration.abstract.isEmpty)
      // The first has nothing to choose, the second prints a shell's script.
      if ["mneme bench", "mneme completion"].contains(words) { continue }
      let help = command.helpMessage(columns: 120)
      #expect(help.contains("--json") || words == "mneme logs", "\(words)")
      // What measures or tests the program itself looks at no results.
      let isAboutResults = !words.hasPrefix("mneme bench") && !words.hasPrefix("mneme selftest")
      #expect(help.contains("--store") == isAboutResults, "\(words)")
    }
  }

  @Test func `bench and selftest show an example of every subcommand`() {
    let commands: [any ParsableCommand.Type] = [BenchCommand.self, SelftestCommand.self]
    for command in commands {
      for subcommand in command.configuration.subcommands {
        let words = "\(command.configuration.commandName ?? "") \(subcommand.configuration.commandName ?? "")"
        #expect(command.configuration.discussion.contains("  mneme \(words)"), "\(words)")
      }
    }
  }

  @Test func `the version names the order of arithmetic and the program's own hash`() async throws {
    let (output, _) = try await Self.shell("\(Workbench.program) --version")
    #expect(output.wholeMatch(of: /mneme, numerics-[0-9]+, code [0-9a-f]{12}\n/) != nil, "\(output)")
  }

  @Test(arguments: ["--help", "--version", "ls --help"])
  func `help that cannot be written is no success`(arguments: String) async throws {
    #expect(try await Self.shell("\(Workbench.program) \(arguments) > /dev/full; echo $?").0 == "2\n")
  }

  private static func shell(_ line: String) async throws -> (String, String) {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", line], input: .none, output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    return (result.standardOutput, result.standardError)
  }

  @Test(arguments: [
    ["table"], ["diff", "a"], ["check"], ["plan", "x.yaml", "--nonsense"], ["table", "a", "--width", "1"],
  ])
  func `a wrong command line is refused, and says how to ask`(arguments: [String]) async throws {
    let answer = await (try Shelf()).mneme(arguments)
    #expect(answer.status == 2)
    #expect(answer.errors.contains("mneme "))
    #expect(answer.output == "")
  }
}
