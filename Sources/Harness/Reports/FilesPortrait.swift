import Archive
import Records

/// Where what is known about a run is kept, and what is not there.
struct FilesPortrait: Sendable {
  let portrait: RunPortrait

  var section: FactSection {
    FactSection(
      title: "where it is",
      facts: [
        Fact("folder", portrait.path, .text(portrait.path)),
        file("result", "result.h5", absent: absentResult),
        file("weights", "weights.h5", absent: absentWeights),
        attempts,
      ])
  }

  private var absentResult: String {
    if case .corrupt = portrait.progress.state { "missing" } else { "missing: the run is not done" }
  }

  private var absentWeights: String {
    guard portrait.result != nil else { return absentResult }
    return portrait.keptWeights == false
      ? "not kept: resources.keep_weights was false; the result has their digest"
      : "missing: the result has their digest, and `mneme rerun --check` makes them again to compare"
  }

  private func file(_ key: String, _ name: String, absent: String) -> Fact {
    guard let file = portrait.files.first(where: { $0.path == name }) else { return Fact(key, absent, .none) }
    return Fact(
      key, "\(name), \(file.bytes.grouped) bytes",
      .object(["path": .text("\(portrait.path)/\(name)"), "bytes": .integer(file.bytes)]))
  }

  private var attempts: Fact {
    let folders = portrait.attempts.map { attempt in
      let place = String(attempt.path.dropFirst(portrait.path.count + 1))
      let inside = portrait.files.filter { $0.path.hasPrefix(place + "/") }.map {
        $0.path.dropFirst(place.count + 1)
      }
      return "\(place): \(inside.joined(separator: ", "))"
    }
    return Fact(
      "attempts", folders.isEmpty ? "none yet" : folders.joined(separator: "\n"),
      .list(portrait.attempts.map { .text($0.path) }))
  }
}
