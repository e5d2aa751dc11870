import Archive
import Records

/// What one may want to type next about a run, by how far it is.
struct NextSteps: Sendable {
  let run: Digest
  let name: StoredRuns.Name
  let state: RunState
  /// What to type about a corrupt run.
  let mending: String

  var section: FactSection {
    FactSection(
      title: "what to type next",
      facts: steps.enumerated().map { index, step in
        Fact(
          "\(index + 1)", "\(step.command)\n\(step.reason)",
          .object(["command": .text(step.command), "reason": .text(step.reason)]))
      })
  }

  private var steps: [(command: String, reason: String)] {
    let id = run.short
    let file =
      name.text.split(separator: ":").first.map { "a file of the manifest \($0)" } ?? "its manifest's file"
    switch state {
    case .done:
      var steps = [
        ("mneme rerun --check \(id)", "computes it again and compares every number, bit for bit"),
        ("mneme plot \(id) --y train.loss", "draws how its loss fell"),
      ]
      if let manifest = name.manifests.first {
        steps.append(("mneme table \(manifest.short)", "prints the tables it stands in"))
      }
      return steps
    case .running:
      return [
        ("mneme logs -f \(id)", "shows what its process says while it goes on"),
        ("mneme status", "shows how far all are"),
      ]
    case .pending:
      return [("mneme run FILE", "computes it, where FILE is \(file)")]
    case .interrupted:
      return [
        ("mneme run FILE", "goes on where it stopped, where FILE is \(file)"),
        ("mneme logs \(id)", "shows what its process said"),
      ]
    case .failed(let failure, _):
      let more = failure == .outOfMemory ? " --retry-oom" : ""
      return [
        ("mneme logs \(id)", "shows what its process said, its last words included"),
        ("mneme run FILE --retry-failed\(more)", "tries it again, where FILE is \(file)"),
      ]
    case .corrupt:
      return [
        (mending, "compares every byte of the store with its digest, and says what to remove")
      ]
    }
  }
}
