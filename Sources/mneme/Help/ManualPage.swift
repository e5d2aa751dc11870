/// The manual page: every command with what its `--help` says, and every topic, as one file for man(1).
struct ManualPage {
  let root: CommandWords
  let version: String

  /// In the language of manual pages. Equal programs give equal bytes: it bears no date.
  var roff: String {
    var page =
      ".\\\" Written by `mneme help --man`.\n.TH MNEME 1 \"\" \"\(Roff.escaped(version))\" \"Mneme\"\n"
    page += Roff.heading("Name") + Roff.line("mneme - \(lowered(root.abstract ?? ""))")
    page += Roff.heading("Synopsis") + Roff.line("mneme COMMAND [arguments] [options]")
    page += Roff.heading("Description") + text(root.discussion)
    page += Roff.heading("Commands")
    page += root.commands.map { words, command in Self.text(of: command, called: words) }.joined()
    for topic in HelpTopic.all {
      page += Roff.heading(topic.name.replacing("-", with: " "))
      page += Roff.text(of: .paragraph(topic.abstract)) + topic.blocks.map(Roff.text).joined()
    }
    return page
  }

  private static func text(of command: CommandWords, called words: String) -> String {
    let arguments = (command.arguments ?? []).filter { $0.shouldDisplay && !$0.isOfEveryCommand }
    let positions = arguments.filter { $0.kind == .positional }.map(\.synopsis)
    var page = Roff.subheading((["mneme", words] + positions).joined(separator: " "))
    page += Roff.line(command.abstract ?? "")
    page += (command.discussion.map(HelpBlock.blocks) ?? []).map(Roff.text).joined()
    return page + arguments.map { Roff.term($0.synopsis, $0.abstract ?? "") }.joined()
  }

  private func text(_ discussion: String?) -> String {
    (discussion.map(HelpBlock.blocks) ?? []).map(Roff.text).joined()
  }

  /// As the second half of a line that begins with a name.
  private func lowered(_ sentence: String) -> String {
    let words = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}

extension CommandWords {
  /// Every command below this one that people type, by its words, in the order of the help.
  var commands: [(words: String, command: CommandWords)] {
    (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { command in
      [(command.commandName, command)]
        + command.commands.map { ("\(command.commandName) \($0.words)", $0.command) }
    }
  }
}

extension CommandWords.Argument {
  /// `--help` and `--version` are said once.
  var isOfEveryCommand: Bool { long.contains("--help") || long.contains("--version") }

  /// `-o, --output <file> …`, `[<manifest>]`
  var synopsis: String {
    let value = "<\(valueName ?? "value")>" + (isRepeating ? " ..." : "")
    guard kind != .positional else { return isOptional ? "[\(value)]" : value }
    let written = (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }.joined(separator: ", ")
    return kind == .flag ? written : "\(written) \(value)"
  }
}
