import ArgumentParser
import Harness

/// `mneme ls`: what is in the store.
struct LsCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the runs of the store: hash, state, place in a manifest, final metrics.",
    discussion: """
      Every number is read from a file whose bytes were verified. What is damaged is told on standard error, and makes \
      the exit status 1.

        mneme ls
        mneme ls --manifests
        mneme ls --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))'
      """)

  @Flag(help: "List the manifests of the store, not its runs.")
  var manifests = false

  @OptionGroup var store: StoreOptions

  @Flag(help: "Print a list of objects for programs, each with its run.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    if existing == nil { store.note(in: surroundings) }
    let listing = try Listing(existing)
    surroundings.errors(listing.complaints.map { "damaged: \($0)\n" }.joined())
    if manifests {
      surroundings.output(json ? listing.manifestJSON : listing.manifestText)
    } else {
      surroundings.output(json ? listing.json : listing.text)
    }
    return listing.status
  }
}
