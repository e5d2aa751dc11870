import ArgumentParser
import Harness

/// `mneme fsck`: whether the store holds what was put there.
struct FsckCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Look at every file of the store, and tell what is damaged. Repairs nothing.",
    discussion: """
      Every finding comes with what to type next. What a killed process left behind is told, and is no damage. With \
      --deep every file is read back and compared with what it is named by, what nothing needs is told (runs of no \
      manifest, checkpoints of finished runs), and how large everything is. Exit status: 0 no damage, 1 damage, 2 the \
      store or a part of it cannot be looked at.

        mneme fsck
        mneme fsck --deep --json
      """)

  @Flag(help: "Compare every byte with its digest, and read every file back.")
  var deep = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard let store = try store.existing() else { throw ReportError.absentStore(store.path) }
    let checkup = try Checkup(store, deep: deep)
    surroundings.output(json ? checkup.json : surroundings.folded(checkup.text))
    return checkup.status
  }
}
