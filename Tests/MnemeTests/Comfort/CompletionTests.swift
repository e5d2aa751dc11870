import ArgumentParser
import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

@testable import mneme

/// What shells offer behind a half typed line, asked of the shells themselves.
@Suite struct CompletionTests {
  /// The words that bash offers where the cursor stands at the end of `words`, as it splits them.
  private static func offered(_ words: [String], as line: String? = nil, in shelf: Shelf) async throws
    -> [String]
  {
    let script = """
      eval "$("$0" completion bash)"
      COMP_LINE=$1; shift
      COMP_WORDS=("$0" "$@"); COMP_CWORD=$#; COMP_LINE="$0 $COMP_LINE"; COMP_POINT=${#COMP_LINE}
      _mneme_joined "$0" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      for word in "${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done
      """
    let result = try await Subprocess.run(
      .path("/bin/bash"),
      arguments: Arguments(
        ["-c", script, Workbench.program, line ?? words.joined(separator: " ")]
          + words), workingDirectory: FilePath(shelf.folder), input: .none,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
    #expect(result.standardError == "", "bash complained")
    return result.standardOutput.split(separator: "\n").map(String.init)
  }

  @Test func `bash completes commands, options, choices and files`() async throws {
    let shelf = try Shelf()
    try shelf.write("x", to: "Experiments/$(touch hacked).yaml")
    #expect(try await Self.offered(["ta"], in: shelf) == ["table"])
    #expect(try await Self.offered(["table", "--form"], in: shelf) == ["--format"])
    #expect(try await Self.offered(["table", "--format", "m"], in: shelf) == ["markdown"])
    #expect(try await Self.offered(["bench", "sc"], in: shelf) == ["scaling"])
    #expect(try await Self.offered(["completion", ""], in: shelf) == ["bash", "zsh", "fish"])
    #expect(try await Self.offered(["help", "ke"], in: shelf) == ["keys"])
    // What a shell would run stands in no list of words.
    #expect(try await Self.offered(["run", "Exp"], in: shelf) == ["Experiments/"])
    #expect(
      try await Self.offered(["run", "Experiments/"], in: shelf) == [
        "Experiments/paper/", "Experiments/sorting.yaml",
      ])
    #expect(!FileManager.default.fileExists(atPath: "\(shelf.folder)/hacked"))
    #expect(!FileManager.default.fileExists(atPath: shelf.store))
  }

  @Test func `bash completes hashes, keys with their values, and tags`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0)
    let manifest = try shelf.keepManifest()
    let run = shelf.runs()[0].run
    #expect(await shelf.mneme("note", run.hex, "--tag", "worth-it").status == 0)
    let before = try shelf.everything()
    #expect(try await Self.offered(["logs", ""], in: shelf) == [run.short])
    #expect(try await Self.offered(["show", String(run.hex.prefix(3))], in: shelf).contains(run.short))
    #expect(try await Self.offered(["table", ""], in: shelf).contains(manifest.short))
    #expect(try await Self.offered(["ls", "--where", "model.ki"], in: shelf) == ["model.kind="])
    // bash takes the sign for the end of a word.
    #expect(
      try await Self.offered(
        ["ls", "--where", "model.kind", "=", "mem"], as: "ls --where model.kind=mem", in: shelf)
        == ["memoria"])
    #expect(
      try await Self.offered(["ls", "--where", "tag", "="], as: "ls --where tag=", in: shelf) == ["worth-it"])
    #expect(
      try await Self.offered(["ls", "--where", "'seed=1 status=fai"], in: shelf) == ["seed=1 status=failed"])
    #expect(
      try await Self.offered(["table", "--format", "=", "la"], as: "table --format=la", in: shelf) == [
        "latex"
      ])
    #expect(
      try await Self.offered(["logs", "--store", "elsewhere", ""], in: shelf) == [])
    #expect(try shelf.everything() == before)
  }

  @Test func `bash can read its script`() async throws { try await Self.expectReadable("bash") }

  @Test(.enabled(if: path(of: "zsh") != nil, "needs zsh"))
  func `zsh can read its script`() async throws { try await Self.expectReadable("zsh") }

  @Test(.enabled(if: path(of: "fish") != nil, "needs fish"))
  func `fish can read its script`() async throws { try await Self.expectReadable("fish") }

  @Test(.enabled(if: path(of: "fish") != nil, "needs fish"))
  func `fish offers commands and choices`() async throws {
    let shelf = try Shelf()
    // What the program is asked for needs the line that is typed, which fish has on a terminal alone.
    for (line, word) in [("ta", "table"), ("table --format m", "markdown"), ("bench sc", "scaling")] {
      let result = try await Subprocess.run(
        .path(FilePath(try #require(Self.path(of: "fish")))),
        arguments: [
          "--no-config", "-c",
          "set PATH (path dirname $argv[1]) $PATH; mneme completion fish | source; complete -C \"mneme $argv[2]\"",
          Workbench.program, line,
        ], workingDirectory: FilePath(shelf.folder), input: .none, output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 16))
      let offered = result.standardOutput.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
      #expect(offered.map(String.init) == [word], "\(line): \(result.standardOutput) \(result.standardError)")
    }
  }

  private static func path(of shell: String) -> String? {
    ["/bin/\(shell)", "/usr/bin/\(shell)"].first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func expectReadable(_ shell: String) async throws {
    let place = try #require(Self.path(of: shell))
    let result = try await Subprocess.run(
      .path("/bin/sh"),
      arguments: [
        "-c", "\"$0\" completion \"$1\" > \"$3\" && \"$2\" -n \"$3\"; wc -c < \"$3\"; rm \"$3\"",
        Workbench.program, shell, place, "/tmp/mneme-\(UUID().uuidString)",
      ], input: .none,
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    #expect(result.terminationStatus == .exited(0) && result.standardError == "")
    #expect(Int(result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 10_000)
  }

  @Test func `the store of the line is the one that is asked`() {
    #expect(CompletionKind.store(in: ["mneme", "ls", "--store", "a b"]) == "a b")
    #expect(CompletionKind.store(in: ["mneme", "ls", "--store=x", "--where"]) == "x")
    #expect(CompletionKind.store(in: ["mneme", "ls", "--store"]) == "Results/store")
  }
}
