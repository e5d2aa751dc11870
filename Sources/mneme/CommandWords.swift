import ArgumentParser
import Foundation

/// The words that a command understands, as the parser of the command line tells them.
struct CommandWords: Decodable {
  struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let kind: Kind
    let names: [Name]?
    /// Of an option that takes one of a few words.
    let allValues: [String]?
    /// What stands for its value: `dir`.
    let valueName: String?
    let abstract: String?
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool

    /// `--store`, without the names of one letter.
    var long: [String] { (names ?? []).filter { $0.kind == "long" }.map { "--" + $0.name } }
  }

  let commandName: String
  let abstract: String?
  let discussion: String?
  let arguments: [Argument]?
  let subcommands: [CommandWords]?

  /// All words of the program: some milliseconds, so only once something is wrong.
  static func ofProgram() -> CommandWords? {
    struct Tool: Decodable { let command: CommandWords }
    do {
      _ = try Mneme.parseAsRoot(["--experimental-dump-help"])
      return nil
    } catch {
      return try? JSONDecoder().decode(Tool.self, from: Data(Mneme.fullMessage(for: error).utf8)).command
    }
  }

  /// The option with this name of two dashes.
  func argument(_ name: String) -> Argument? { (arguments ?? []).first { $0.long.contains(name) } }

  var options: [String] { (arguments ?? []).flatMap(\.long) }

  /// The commands that have the option, by their words: `table`, `bench matmul`.
  func owners(of option: String, after words: [String] = []) -> [String] {
    let below = (subcommands ?? []).flatMap { $0.owners(of: option, after: words + [$0.commandName]) }
    return (argument(option) != nil && !words.isEmpty ? [words.joined(separator: " ")] : []) + below
  }
}
