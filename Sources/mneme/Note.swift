import Archive
import ArgumentParser
import Harness

/// `mneme note`: words and tags about runs and manifests.
struct NoteCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a note or tags about a run or a manifest, or print what was written.",
    discussion: """
      Notes and tags are in no hash and change no result. `ls`, `show` and `export` have them, and --where finds them: \
      tag=best, note~warm-up; a run has those of the manifests that ask for it, too. What was written stays; a tag can be \
      taken away. Without a hash everything that was written is printed.

        mneme note 3f9a2c "the loss jumps at step 300, see the log"
        mneme note 3f9a2c --tag best --tag for-the-paper
        mneme note 3f9a2c
        mneme note 5c0316837782 --remove-tag draft
        mneme ls --where 'tag=best note~jumps'
      """)

  @Argument(
    help: ArgumentHelp(
      "A run or a manifest, by its hash or the beginning of it, or a manifest's file.", valueName: "hash"),
    completion: .subject)
  var subject: String?

  @Argument(help: "What to write down. Without it, and without tags, what was written is printed.")
  var text: String?

  @Option(
    name: .customLong("tag"), parsing: .singleValue,
    help: ArgumentHelp(
      "A tag to give: lower-case letters, digits, points, underscores and hyphens. May be repeated.",
      valueName: "tag"), completion: .tag)
  var tags: [String] = []

  @Option(
    name: .customLong("remove-tag"), parsing: .singleValue,
    help: ArgumentHelp("A tag to take away. May be repeated.", valueName: "tag"), completion: .tag)
  var untags: [String] = []

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func validate() throws {
    guard subject != nil || tags.isEmpty && untags.isEmpty else {
      throw ValidationError(
        "a tag needs something that it is about; expected the hash of a run or a manifest.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let change = try NoteChange(note: text, tags: tags, untags: untags)
    guard let store = try store.existing() else {
      throw subject.map { ReportError.noStore(store.path, wanted: $0) } ?? ReportError.absentStore(store.path)
    }
    var subjects: [NoteSubject] = []
    if let subject {
      subjects = [try NoteSubject(subject, in: store)]
      if !change.isEmpty { try change.write(about: subjects[0], in: store) }
    }
    let notebook = try Notebook(of: store)
    if subject == nil { subjects = try NoteSubject.all(notebook, in: store) }
    let report = NoteReport(subjects, notebook)
    surroundings.errors(report.complaints)
    surroundings.output(
      json ? report.json : surroundings.folded(report.text(width: Page.standardOutput.width)))
    return report.status
  }
}
