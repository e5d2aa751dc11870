import Archive
import Harness
import Records

/// Something to read about that is no command.
struct HelpTopic: Sendable {
  /// As it is typed after `mneme help`.
  let name: String
  let abstract: String
  /// Made when somebody reads it: it goes through every schema, and the name is told by every help.
  private let made: @Sendable () -> [HelpBlock]

  var blocks: [HelpBlock] { made() }

  static let all = [keys, manifest, store, environment, status]

  static let keys = HelpTopic(
    name: "keys", abstract: "What --where, --only and --set understand.",
    made: {
      [
        .paragraph(
          "A key is the same word in a manifest, in --set, in --where, in tables and in files. \(WhereOptions.language)"
        ),
        .lines([
          "mneme ls --where 'model.kind=memoria task.segments>=8 status=failed'",
          "mneme table Experiments/sorting-ablation.yaml --where 'model.memory=(none working) not seed=3'",
          "mneme run Experiments/sorting-ablation.yaml --only 'seed<=2' --set task.examples=2000",
        ]),
        .paragraph(
          "Settings are those of `mneme help manifest`. Final metrics have names such as test.accuracy. Besides:"
        ),
        .terms(KeyList.facts.map { HelpBlock.Term(name: $0.key, words: $0.words) }),
      ]
    })

  static let manifest = HelpTopic(
    name: "manifest", abstract: "The parts of a manifest, and every setting of a run.",
    made: {
      [
        .paragraph(
          """
          A manifest is a YAML file that says everything: there are no settings in the program. Dotted keys and groups are \
          the same, and may be mixed. Paths begin at the manifest's folder.
          """),
        .terms(KeyList.parts.map { HelpBlock.Term(name: $0.key, words: $0.words) }),
        .paragraph("Settings, of which every run has those of its model and task; all are in its hash:"),
        .terms(KeyList.settings.map { HelpBlock.Term(name: $0.key, words: $0.words) }),
      ]
    })

  static let store = HelpTopic(
    name: "store", abstract: "What is in the folder that results are kept in.",
    made: {
      [
        .paragraph(
          """
          A store is a folder without a database: it can be copied, tarred, and read where it is with --store. Every file \
          appears whole, or is only ever appended to. A run is done when its result is there and verifies, running while \
          its lock is held, interrupted when an attempt has no end; nothing else says so.
          """),
        .terms(StorePart.all.map { HelpBlock.Term(name: $0.path, words: $0.words) }),
      ]
    })

  static let environment = HelpTopic(
    name: "environment", abstract: "Variables of the environment that change what is shown or done.",
    made: {
      [
        .terms(
          [
            ("NO_COLOR", "If it is not empty: no colour, and no live lines on a terminal."),
            (
              "CLICOLOR_FORCE",
              "If it is neither empty nor 0: colour also in pipes and files; NO_COLOR goes before."
            ),
            ("CLICOLOR", "If it is 0: no colour."),
            ("TERM", "dumb: no colour and no live lines; linux: no Braille in drawings."),
            (
              "COLUMNS",
              "Columns of the terminal, in place of what it says itself; never in a pipe or a file."
            ),
            (
              "LC_ALL",
              "This, LC_CTYPE or LANG, the first that is set: drawings are plain ASCII unless it names UTF-8."
            ),
            ("LC_CTYPE", "See LC_ALL."), ("LANG", "See LC_ALL."),
            ("PATH", "Where gnuplot and the commands of Slurm are looked for."),
            (Fault.variable, "For tests: what is to go wrong, and where. See `mneme torture --points`."),
          ].map { HelpBlock.Term(name: $0.0, words: $0.1) })
      ]
    })

  static let status = HelpTopic(
    name: "exit-status", abstract: "What the exit status of every command says.",
    made: {
      [
        .terms(
          ExitStatus.allCases.map { HelpBlock.Term(name: "\($0.rawValue)", words: $0.meaning) }),
        .paragraph(
          """
          A status of 2 is never a pass. --fail-on of `diff` and `verify` narrows what counts as a finding. Results that \
          cannot be written are an error; a closed pipe ends a command without a word.
          """),
      ]
    })

  /// The page for a terminal.
  func text(width: Int) -> String {
    HelpBlock.paragraph(abstract).text(width: width) + blocks.map { "\n" + $0.text(width: width) }.joined()
  }
}
