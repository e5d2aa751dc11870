import Archive
import Records

extension StoreImport {
  /// A line for every run and object that did not come in and is not here, then what it comes to.
  package var text: String {
    var text = lines.compactMap { sentence(of: $0).map { "\($0)\n" } }.joined()
    for (object, outcome) in objects {
      if case .refused(let sentence) = outcome {
        text += "refused: \(object.kind) \(object.id.short): \(sentence)\n"
      }
    }
    text += complaints.map { "damaged: \($0)\n" }.joined()
    let runs = counts.map { "\($0.count) \(StoreImport.words[$0.word] ?? $0.word)" }.joined(separator: ", ")
    let sums = ["manifest", "cost", "baselines"].compactMap { kind -> String? in
      let count = objects.count { $0.object.kind == kind && $0.outcome == .arrived }
      return count > 0 ? counted(count, kind == "baselines" ? "baseline set" : kind) : nil
    }
    let rest = sums + (remarks > 0 ? [counted(remarks, "remark")] : [])
    let count = selection.isEverything ? "" : "\(lines.count) of "
    text += "\(count)\(counted(all, "run")) of \(place): \(runs.isEmpty ? "none" : runs)."
    if !rest.isEmpty { text += " \(isDry ? "Would bring" : "Came in"): \(rest.joined(separator: ", "))." }
    let left = objects.count { $0.outcome == .left }
    if left > 0 { text += " Left there: \(counted(left, "object")) of other kinds." }
    return text + "\n"
  }

  private static let words = [
    "arrived": "new", "completed": "completed", "present": "already here", "unfinished": "unfinished in both",
    "busy": "left, somebody works on them", "conflict": "in conflict", "refused": "refused",
  ]

  private func sentence(of line: Line) -> String? {
    switch line.arrival {
    case .arrived, .completed, .present: nil
    case .unfinished:
      "left: run \(line.run.short) is unfinished in both stores, by other attempts; `mneme run` goes on with the one here."
    case .busy(let sentence): "left: run \(line.run.short): \(sentence)."
    case .conflict(let sentence): "conflict: run \(line.run.short): \(sentence)."
    case .refused(let sentences):
      sentences.map { "refused: run \(line.run.short): \($0)" }.joined(separator: "\n")
    }
  }

  /// An object for programs.
  package var json: String {
    jsonText(
      ImportJSON(
        from: place, selection: selection.isEverything ? nil : selection.text, dryRun: isDry,
        stopped: isStopped,
        runs: lines.map { .init(run: $0.run.hex, outcome: $0.arrival.word, detail: sentence(of: $0)) },
        objects: objects.map { object, outcome in
          .init(object: object.id.hex, kind: object.kind, outcome: StoreImport.word(for: outcome))
        }, notes: remarks, damaged: complaints))
  }

  private static func word(for outcome: ObjectOutcome) -> String {
    switch outcome {
    case .arrived: "arrived"
    case .present: "present"
    case .refused: "refused"
    case .left: "left"
    }
  }

  private struct ImportJSON: Encodable {
    struct Run: Encodable {
      let run: String
      let outcome: String
      let detail: String?
    }

    struct Object: Encodable {
      let object: String
      let kind: String
      let outcome: String
    }

    let from: String
    let selection: String?
    let dryRun: Bool
    let stopped: Bool
    let runs: [Run]
    let objects: [Object]
    let notes: Int
    let damaged: [String]

    enum CodingKeys: String, CodingKey {
      case from, stopped, runs, objects, notes, damaged
      case selection = "where"
      case dryRun = "dry_run"
    }
  }
}
