import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

@testable import mneme

/// `mneme help TOPIC` and the manual page, which are made of one text.
@Suite struct HelpTopicTests {
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func shell(_ line: String) async throws -> (output: String, errors: String) {
    let result = try await Subprocess.run(
      .path("/bin/bash"), arguments: ["-c", "set -o pipefail; \(line)", Workbench.program], input: .none,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return (result.standardOutput, result.standardError)
  }

  @Test(arguments: [40, 80, 120])
  func `topics fit in the terminal`(width: Int) {
    for topic in HelpTopic.all {
      let text = topic.text(width: width)
      #expect(text.hasPrefix(topic.abstract.prefix(20)) && text.utf8.count > 200, "\(topic.name)")
      // Examples stay whole, and so do names that are longer than their column.
      let examples = topic.blocks.flatMap { block -> [String] in
        if case .lines(let lines) = block { lines } else { [] }
      }
      for line in text.split(separator: "\n") where line.columns > max(width, 44) {
        let isWord = !line.drop { $0 == " " }.contains(" ")
        #expect(isWord || examples.contains { line.hasSuffix($0) }, "\(topic.name): \(line)")
      }
    }
  }

  @Test func `help answers for topics on standard output, and names the nearest`() async throws {
    let answers = try await Self.shell(
      "\"$0\" help exit-status && \"$0\" --help && \"$0\" help run | head -3")
    #expect(
      answers.errors == "" && answers.output.contains("  75")
        && answers.output.contains("mneme help keys, manifest"))
    let page = HelpTopic.status.text(width: 80).split(separator: "\n").map(String.init)
    for status in ExitStatus.allCases {
      #expect(page.contains { $0.hasPrefix("  \(status.rawValue) ") }, "\(status)")
    }
    let wrong = await (try Shelf()).mneme("help", "enviroment")
    #expect(wrong.errors.contains("mneme has no command enviroment; did you mean mneme help environment?"))
  }

  @Test func `every variable that the program reads is told`() throws {
    let sources = Self.project.appendingPathComponent("Sources")
    var found: Set<String> = ["LC_ALL", "LC_CTYPE", "LANG"]
    let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    for name in names where name.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
      for match in text.matches(of: /(?:environment|variables)\["([A-Z_]+)"\]/) {
        // Slurm sets its own.
        if !match.1.hasPrefix("SLURM") { found.insert(String(match.1)) }
      }
    }
    guard case .terms(let terms) = HelpTopic.environment.blocks[0] else { throw NoTerms() }
    #expect(found.count > 6)
    #expect(Set(terms.map(\.name)) == found.union(["MNEME_FAULT"]))
  }

  private struct NoTerms: Error {}

  @Test func `every file of a store is told`() async throws {
    let shelf = try Shelf.complete()
    #expect(await shelf.mneme("note", shelf.runs()[0].run.hex, "a note").status == 0)
    #expect(await shelf.mneme("ls").status == 0)
    var kinds: Set<String> = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: shelf.store) {
      let place = URL(fileURLWithPath: "\(shelf.store)/\(name)")
      if try place.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true { continue }
      let part = StorePart.all.first { part in
        var pattern = part.path.replacing(".", with: "\\.")
        for (word, digits) in [
          ("HASH", "[0-9a-f]{64}"), ("XX", "[0-9a-f]{2}"), ("KIND", "[a-z-]+"), ("/N/", "/[0-9]+/"),
        ] { pattern = pattern.replacing(word, with: digits) }
        return (try? Regex(pattern).wholeMatch(in: name)) != nil
      }
      #expect(part != nil, "\(name)")
      if let part { kinds.insert(part.path) }
    }
    #expect(kinds.count >= 7, "\(kinds.sorted())")
  }

  @Test func `the manual page says of every command what its help says`() throws {
    let root = try #require(CommandWords.ofProgram())
    let page = ManualPage(root: root, version: "1").roff
    #expect(root.commands.count > 30)
    for (words, command) in root.commands {
      #expect(page.contains(".SS \"mneme \(Roff.escaped(words))"), "\(words)")
      #expect(page.contains(Roff.line(command.abstract ?? "?")), "\(words)")
      for argument in command.arguments ?? [] where argument.shouldDisplay && !argument.isOfEveryCommand {
        #expect(page.contains(Roff.line(argument.abstract ?? "")), "\(words) \(argument.synopsis)")
      }
    }
    for topic in HelpTopic.all { #expect(page.contains(Roff.line(topic.abstract))) }
    #expect(Roff.line(".x -y \\ 'z'") == "\\&.x \\-y \\e \\(aqz\\(aq\n")
  }

  private static let hasGroff = FileManager.default.isExecutableFile(atPath: "/usr/bin/groff")

  @Test(.enabled(if: hasGroff, "needs groff"))
  func `groff has nothing to say against the manual page`() async throws {
    let page = try await Self.shell("\"$0\" help --man | groff -man -Tutf8 -Kutf8 -ww -rLL=80n -P-c; echo $?")
    #expect(page.errors == "" && page.output.hasSuffix("\n0\n"))
    let text = page.output.replacing(/.\u{8}/, with: "")
    for words in [
      "mneme rerun <subject>", "-j, --jobs <number>", "EXIT STATUS", "model.memoria.engrams", "NO_COLOR",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }
}
