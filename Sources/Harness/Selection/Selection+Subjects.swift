package import Archive
import Records

extension Selection {
  /// What of some manifests and runs meets this selection; of everything that is stored, where none are named.
  package func selecting(_ subjects: [Subject], in store: Store?) throws -> [Subject] {
    guard !isEverything else { return subjects }
    guard !subjects.isEmpty else {
      let runs = try store.map { try ChosenRuns(self, in: $0).runs.map(\.run) } ?? []
      guard !runs.isEmpty else {
        throw ReportError.noneChosen(
          text, of: store?.root ?? "the store", count: try store?.runs().count ?? 0)
      }
      return runs.map(Subject.run)
    }
    let chosen = try store.map { try Set(ChosenRuns(self, in: $0).runs.map(\.run)) } ?? []
    let kept = try subjects.compactMap { subject -> Subject? in
      switch subject {
      case .manifest(let manifest): .manifest(try manifest.selecting(self, in: store))
      case .run(let run): chosen.contains(run) ? subject : nil
      }
    }
    guard !kept.isEmpty else {
      throw ReportError.noneChosen(text, of: "what was named", count: subjects.count)
    }
    return kept
  }
}
