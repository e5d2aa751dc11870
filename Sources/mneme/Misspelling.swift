import ArgumentParser
import Foundation
import Records

/// The first word of a command line that no command understands, and what may have been meant by it.
///
/// The parser tells the first thing that is wrong for it, which may be the value that is missing because the option
/// before it was misspelt, and knows the nearest word of options only.
struct Misspelling: Error, CustomStringConvertible {
  /// What was found, what was expected, the nearest word.
  let sentence: String
  /// How the command is called, behind a line feed.
  fileprivate(set) var usage = ""

  var description: String { sentence + usage }

  /// - Parameter arguments: the command line, without the program's name.
  init?(in arguments: [String], of root: CommandWords) {
    guard let sentence = Misspelling.sentence(on: arguments, root) else { return nil }
    self.sentence = sentence
  }

  private static func sentence(on arguments: [String], _ root: CommandWords) -> String? {
    var (command, path, rest) = (root, [root.commandName], arguments[...])
    while let known = command.subcommands, !known.isEmpty {
      guard let place = rest.firstIndex(where: { !$0.hasPrefix("-") }) else { break }
      let word = rest[place]
      guard let next = known.first(where: { $0.commandName == word }) else {
        return Misspelling.command(word, of: path, known: known.map(\.commandName))
      }
      path.append(word)
      rest = rest[..<place] + rest[(place + 1)...]
      if next.commandName == "help" { (command, path) = (root, [root.commandName]) } else { command = next }
    }
    return Misspelling.option(in: Array(rest), command, path: path, root: root)
  }

  private static func command(_ word: String, of path: [String], known: [String]) -> String {
    let program = path.joined(separator: " ")
    if let topic = nearest(word, among: HelpTopic.all.map(\.name)), nearest(word, among: known) == nil {
      return "\(program) has no command \(word); did you mean \(program) help \(topic)?"
    }
    return "\(program) has no command \(word)"
      + (nearest(word, among: known).map { "; did you mean \(program) \($0)?" }
        ?? "; it has \(known.joined(separator: ", "))\(topics(besides: path)).")
  }

  /// What the program explains besides its commands.
  private static func topics(besides path: [String]) -> String {
    path.count > 1 ? "" : "; mneme help explains \(HelpTopic.all.map(\.name).joined(separator: ", "))"
  }

  private static func option(
    in words: [String], _ command: CommandWords, path: [String], root: CommandWords
  ) -> String? {
    var positions = (command.arguments ?? []).filter { $0.kind == .positional }[...]
    var index = 0
    while index < words.count, words[index] != "--" {
      let parts = words[index].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      index += 1
      if !words[index - 1].hasPrefix("-"), let argument = positions.popFirst() {
        if let sentence = choice(words[index - 1], of: "<\(argument.valueName ?? "value")>", argument) {
          return sentence
        }
      }
      guard words[index - 1].hasPrefix("--"), let name = parts.first.map(String.init) else { continue }
      guard let argument = command.argument(name) else {
        if let near = nearest(name, among: command.options) {
          return "\(path.joined(separator: " ")) has no option \(name); did you mean \(near)?"
        }
        let owners = root.owners(of: name)
        return "\(path.joined(separator: " ")) has no option \(name)"
          + (owners.isEmpty ? "." : "; it is one of mneme \(owners.joined(separator: ", mneme ")).")
      }
      guard argument.kind == .option else { continue }
      var value = parts.count > 1 ? String(parts[1]) : nil
      if value == nil, index < words.count, !words[index].hasPrefix("-") {
        value = words[index]
        index += 1
      }
      if let value, let sentence = choice(value, of: name, argument) { return sentence }
    }
    return nil
  }

  /// Nil where the value is one of the few that it can be, or where nobody can say.
  private static func choice(_ value: String, of name: String, _ argument: CommandWords.Argument) -> String? {
    guard let known = argument.allValues, !known.contains(value) else { return nil }
    return "\(name) is \(value); expected one of \(known.joined(separator: ", "))"
      + (nearest(value, among: known).map { "; did you mean \($0)?" } ?? ".")
  }
}

extension Mneme {
  /// The command of a command line; throws the parser's error, or where a word is misspelt one that says so.
  static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    do {
      // The parser answers help about anything with help about everything.
      if arguments.first == "help", let misspelt = misspelling(in: arguments) {
        throw ValidationError(misspelt.sentence)
      }
      return try parseAsRoot(arguments)
    } catch {
      guard exitCode(for: error) != .success, var misspelt = misspelling(in: arguments) else { throw error }
      let text = fullMessage(for: error)
      misspelt.usage = text.range(of: "\nUsage: ").map { String(text[$0.lowerBound...]) } ?? ""
      throw misspelt
    }
  }

  private static func misspelling(in arguments: [String]) -> Misspelling? {
    CommandWords.ofProgram().flatMap { Misspelling(in: arguments, of: $0) }
  }
}
