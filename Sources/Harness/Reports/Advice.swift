import Archive
import Records

/// What to type about something that `mneme fsck` found. Nothing of it is done by the program.
struct Advice {
  /// The store's folder, as it was given.
  let store: String
  /// The manifests that need a run, by name and short hash.
  let manifests: [Digest: [String]]

  /// What findings have in common that one line mends; nil for one that has a line of its own.
  func alike(_ finding: Archive.Finding) -> String? {
    switch finding.remedy {
    case .compute(let paths) where !paths.isEmpty:
      guard let run = finding.run else { return nil }
      return manifests[run]?.first.map { "compute \($0)" }
    case .remove: return "remove"
    case .tidy: return "tidy"
    default: return nil
    }
  }

  /// One line for findings that are alike.
  func next(after alike: [Archive.Finding]) -> String {
    if alike[0].remedy == .tidy { return next(after: alike[0]) }
    let paths = alike.flatMap { finding -> [String] in
      switch finding.remedy {
      case .compute(let paths), .remove(let paths): paths
      default: []
      }
    }
    if case .compute = alike[0].remedy { return computing(alike[0].run, removing: paths) }
    return commandLine(["rm", "-rf"] + paths)
  }

  /// A line for a shell; what stands behind `#` is for whoever types it.
  func next(after finding: Archive.Finding) -> String {
    switch finding.remedy {
    case .compute(let paths): computing(finding.run, removing: paths)
    case .remove(let paths): commandLine(["rm", "-rf"] + paths)
    case .tidy: mneme(["gc"])
    case .moveAway: commandLine(["mv", finding.path]) + " FOLDER  # FOLDER is one outside of the store"
    case .compare:
      mneme(["rerun", "--check", finding.run?.short ?? "RUN"])
        + "  # tells which of the two comes out; remove the other"
    case .restore:
      commandLine(["cp", "COPY", finding.path]) + "  # COPY is in a copy of the store, if there is one"
    case .restoreOrRemove:
      commandLine(["cp", "COPY", finding.path])
        + "  # COPY is in a copy of the store; without one: " + commandLine(["rm", "-f", finding.path])
    case .look:
      if finding.kind == .orphan, let run = finding.run {
        mneme(["show", run.short]) + "  # and if nobody wants it: " + commandLine(["rm", "-r", finding.path])
      } else {
        commandLine(["ls", "-ld", finding.path])
      }
    }
  }

  private func computing(_ run: Digest?, removing paths: [String]) -> String {
    let removal = paths.isEmpty ? "" : commandLine(["rm", "-f"] + paths) + " && "
    guard let run else {
      return removal + mneme(["run", "FILE"]) + "  # FILE is the manifest's, which keeps it again"
    }
    if let name = manifests[run]?.first {
      return removal + mneme(["run", "FILE"]) + "  # FILE is that of the manifest \(name)"
    }
    // No manifest asks for it, and its settings are all that a worker needs: unless it is they that are lost.
    return paths.isEmpty
      ? commandLine(["cp", "COPY", "\(store)/runs/\(run.hex.prefix(2))/\(run.hex)/spec"])
        + "  # COPY is in a copy of the store, if there is one"
      : removal + mneme(["worker", "--run", run.short])
  }

  private func mneme(_ words: [String]) -> String {
    commandLine(["mneme"] + words + (store == "Results/store" ? [] : ["--store", store]))
  }
}
