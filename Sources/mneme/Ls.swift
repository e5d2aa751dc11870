import ArgumentParser
import Harness

/// `mneme ls`: what is in the store.
struct LsCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the runs of the store: hash, state, place in a manifest, final metrics.",
    discussion: """
      Every number is read from a file whose bytes were verified. What is damaged is told on standard error; a number \
      that is lost by it makes the exit status 1.

        mneme ls
        mneme ls --where 'model.kind=memoria task.segments>=8 status=failed'
        mneme ls --manifests
        mneme ls --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))'
      """)

  @Flag(help: "List the manifests of the store, not its runs.")
  var manifests = false

  @OptionGroup var selection: WhereOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print a list of objects for programs, each with its run.")
  var json = false

  func validate() throws {
    if manifests, !selection.texts.isEmpty {
      throw ValidationError("--where selects runs; --manifests lists none.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    if existing == nil { store.note(in: surroundings) }
    let selection = try selection.selection(in: existing)
    let listing = try Listing(existing, where: selection)
    if listing.lines.isEmpty, !selection.isEverything {
      surroundings.note("no run of \(store.path) meets --where '\(selection.text)'.\n")
    }
    surroundings.errors(listing.complaints)
    if manifests {
      surroundings.output(json ? listing.manifestJSON : surroundings.folded(listing.manifestText))
    } else {
      surroundings.output(json ? listing.json : surroundings.folded(listing.text))
    }
    return listing.status
  }
}
