package import Archive
import Foundation
package import Records

/// Another store brought into this one, run by run: what `mneme import` does. The same call goes on after anything, and
/// what is here already is left alone.
package struct StoreImport: Sendable {
  package struct Line: Sendable {
    package let run: Digest
    package let arrival: Arrival
  }

  /// What came of an object.
  package enum ObjectOutcome: Sendable, Equatable {
    case arrived
    case present
    case refused(String)
    /// Of a kind that only its own store has use for, or that this program does not know.
    case left
  }

  package let place: String
  package private(set) var lines: [Line] = []
  package private(set) var objects: [(object: StoredObject, outcome: ObjectOutcome)] = []
  /// Notes and tags that came in.
  package private(set) var remarks = 0
  /// What is damaged besides, a sentence each.
  package private(set) var complaints: [String] = []
  package private(set) var isStopped = false
  package let isDry: Bool
  /// What the runs were to meet.
  let selection: Selection
  /// How many runs there are, chosen or not.
  let all: Int
  /// Damage that was met in choosing, for standard error; empty where there was none.
  package let notes: String
  private let hasMissedCorrupt: Bool
  /// Nil where everything comes.
  private let chosen: Chosen?

  private struct Chosen {
    let runs: Set<Digest>
    /// Those that ask for one of the runs.
    let manifests: Set<Digest>
  }

  /// - Parameters:
  ///   - selection: which of the runs come, and with them what concerns them.
  ///   - target: nil where a dry run finds no store yet.
  ///   - isToStop: asked before each run.
  /// - Throws: `ReportError.noneChosen`; what is wrong with one run is told of that run.
  package init(
    from source: Store, where selection: Selection, into target: Store?, isDry: Bool, isToStop: () -> Bool
  ) throws {
    (place, self.isDry, self.selection) = (source.root, isDry, selection)
    let runs = try source.runs()
    all = runs.count
    if selection.isEverything {
      (chosen, notes, hasMissedCorrupt) = (nil, "", false)
    } else {
      let found = try ChosenRuns(selection, in: source)
      guard !found.runs.isEmpty else {
        throw ReportError.noneChosen(selection.text, of: source.root, count: all)
      }
      chosen = Chosen(
        runs: Set(found.runs.map(\.run)), manifests: Set(found.runs.flatMap { $0.owners.map(\.hash) }))
      (notes, hasMissedCorrupt) = (found.damage.text, found.damage.hasCorrupt)
    }
    try bringObjects(from: source, into: target)
    for run in runs where chosen?.runs.contains(run) ?? true {
      if isToStop() {
        isStopped = true
        return
      }
      let arrival: Arrival
      do throws(ArchiveError) {
        arrival = try bring(run, from: source, into: target)
      } catch {
        // A full disk is full for all that follows.
        if case .noSpace = error { throw error }
        arrival = .refused([error.description])
      }
      lines.append(Line(run: run, arrival: arrival))
    }
    let notebook = try Notebook(of: source)
    if let damage = notebook.damage { complaints.append(damage.description) }
    let written = notebook.remarks.filter { remark in
      chosen.map { $0.runs.contains(remark.id) || $0.manifests.contains(remark.id) } ?? true
    }
    if isDry {
      let known = try target.map { store throws(ArchiveError) in try Set(Notebook(of: store).remarks) } ?? []
      remarks = written.count { !known.contains($0) }
    } else if let target, !written.isEmpty {
      remarks = try target.add(written)
    }
  }

  private func bring(
    _ run: Digest, from source: Store, into target: Store?
  ) throws(ArchiveError) -> Arrival {
    guard let target else {
      // Against a store that is not there yet, everything intact is new.
      return try source.look(at: run)
    }
    return try target.bring(run, from: source, isDry: isDry)
  }

  private mutating func bringObjects(from source: Store, into target: Store?) throws {
    let check = try ObjectCheck(source, deep: true)
    let forged = Dictionary(check.findings.map { ($0.path, $0.sentence) }) { first, _ in first }
    for object in try source.objects() where chosen?.manifests.contains(object.id) ?? true {
      let path = source.place(of: object)
      let outcome: ObjectOutcome
      if !["manifest", "cost", "baselines"].contains(object.kind) {
        outcome = .left
      } else if let sentence = forged[path] {
        outcome = .refused(sentence)
      } else if fileKind(at: path) != .typeRegular {
        outcome = .refused("\(path) is no file; what it leads to is not read.")
      } else {
        do throws(ArchiveError) { outcome = try bring(object, from: source, into: target) } catch {
          if case .noSpace = error { throw error }
          outcome = .refused(error.description)
        }
      }
      objects.append((object, outcome))
    }
  }

  private func bring(
    _ object: StoredObject, from source: Store, into target: Store?
  ) throws(ArchiveError) -> ObjectOutcome {
    let bytes = try source.object(object)
    guard let target else { return .arrived }
    let isHere = try target.candidates(prefix: object.id.hex).contains(.object(object))
    if !isDry { try target.put(bytes, as: object) }
    return isHere ? .present : .arrived
  }

  /// How many runs came to what: `arrived`, `completed`, `present`, `unfinished`, `busy`, `conflict`, `refused`.
  package var counts: [(word: String, count: Int)] {
    let words = ["arrived", "completed", "present", "unfinished", "busy", "conflict", "refused"]
    return words.map { word in (word, lines.count { $0.arrival.word == word }) }.filter { $0.count > 0 }
  }

  /// 3 where it was stopped, 1 for conflicts and damage, 75 where somebody works on a run.
  package var status: ExitStatus {
    if isStopped { return .stopped }
    let words = Set(lines.map(\.arrival.word))
    let isForged = objects.contains { if case .refused = $0.outcome { true } else { false } }
    let isDamaged = isForged || hasMissedCorrupt || !complaints.isEmpty
    if words.contains("conflict") || words.contains("refused") || isDamaged {
      return .finding
    }
    return words.contains("busy") ? .busy : .done
  }
}

extension Arrival {
  /// What it is called in JSON.
  package var word: String {
    switch self {
    case .arrived: "arrived"
    case .completed: "completed"
    case .present: "present"
    case .unfinished: "unfinished"
    case .busy: "busy"
    case .conflict: "conflict"
    case .refused: "refused"
    }
  }
}

/// Why there is nothing to import from.
package enum ImportError: Error, CustomStringConvertible, Equatable {
  case absent(String)
  case same(String)

  package var description: String {
    switch self {
    case .absent(let path):
      "there is no store at \(path); expected the folder of another store, in which there is a file VERSION."
    case .same(let path): "\(path) is this very store; expected the folder of another one."
    }
  }

  /// The store at `path`, unless it is the one at `place`.
  package static func source(at path: String, besides place: String) throws -> Store {
    func whole(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    guard whole(path) != whole(place) else { throw ImportError.same(path) }
    do throws(ArchiveError) { return try Store(at: path, creating: false) } catch {
      guard case .absent = error else { throw error }
      throw ImportError.absent(path)
    }
  }
}
