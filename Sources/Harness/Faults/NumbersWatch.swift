import Archive
import Records

/// Reads a store as tables do while others compute in it and die, and holds every number against the undisturbed one.
struct NumbersWatch: Sendable {
  private let expected: [(run: Digest, final: FinalNumbers)]

  /// What was read so far.
  struct Seen: Sendable {
    var numbers = 0
    /// Numbers that are not those of the undisturbed run, a sentence each.
    var wrong: [String] = []
    /// Results that were there and could not be read.
    var unreadable: [String] = []
  }

  /// - Parameter calm: holds all results of `manifest`.
  init(_ manifest: Manifest, computedIn calm: Store) throws {
    expected = try manifest.runs.map { ($0.run, try calm.run($0.run).final()) }
  }

  /// Reads every result there is, through the index, which is kept: it is one of the files that must survive.
  func look(at store: Store, _ seen: inout Seen) {
    var index = ResultIndex(of: store)
    for (run, final) in expected {
      let found: FinalNumbers
      do throws(ArchiveError) { found = try index.final(of: store.run(run)) } catch {
        if case .absent = error { continue }
        seen.unreadable.append("run \(run.short) cannot be read: \(error)")
        continue
      }
      seen.numbers += found.metrics.count
      // By their bits: a metric may be no number.
      let isSame = found.metrics.elementsEqual(final.metrics) {
        $0.name == $1.name && $0.value.bitPattern == $1.value.bitPattern
      }
      if !isSame || found.settings != final.settings {
        seen.wrong.append("run \(run.short) was read with numbers that are not the undisturbed run's")
      }
    }
    index.save()
  }

  /// Looks again and again until the task is cancelled.
  func watch(_ store: Store) async -> Seen {
    var seen = Seen()
    while !Task.isCancelled {
      look(at: store, &seen)
      do { try await Task.sleep(for: .milliseconds(100)) } catch { break }
    }
    return seen
  }
}
