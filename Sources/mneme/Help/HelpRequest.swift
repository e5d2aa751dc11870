import ArgumentParser
import Harness
import Records

/// What `mneme help` answers beside the parser's help about commands: topics, and the manual page.
enum HelpRequest {
  case topic(HelpTopic)
  case manual

  /// Nil for what the parser knows itself, and for what nobody knows.
  init?(_ arguments: [String]) {
    guard arguments.count == 2, arguments[0] == "help" else { return nil }
    if arguments[1] == "--man" {
      self = .manual
    } else if let topic = HelpTopic.all.first(where: { $0.name == arguments[1] }) {
      self = .topic(topic)
    } else {
      return nil
    }
  }

  /// Lines of at most `width` columns, where people read them.
  func text(width: Int) throws -> String {
    switch self {
    case .topic(let topic): return topic.text(width: min(width, 100))
    case .manual:
      guard let words = CommandWords.ofProgram() else {
        throw ValidationError(
          "the parser's list of commands cannot be read; that is a mistake in this program.")
      }
      return ManualPage(root: words, version: Mneme.configuration.version).roff
    }
  }
}
