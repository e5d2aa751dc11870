import Archive
import Records
import Tables

/// What the store has of one run for a table, every number from a file whose bytes were verified.
enum Sight: Sendable {
  case state(Observation.State)
  /// With what is damaged beside the result.
  case finished(Record, units: [String: Unit], beside: [RunDirectory.Damage])
  /// Its result is not what was published, or what tells how far it is: as `RunState.corrupt` says it.
  case corrupt(String)

  /// Looks at every run; a nil store holds nothing yet.
  ///
  /// Files are read and hashed by all processors. What the index knows of a verified file is not read again; what it does
  /// not is read as HDF5, one file at a time, and kept.
  static func all(of runs: [Specification], in store: Store?) throws -> [Sight] {
    guard let store else { return runs.map { _ in .state(.waiting) } }
    var index = ResultIndex(of: store)
    let known = index
    let looks = inParallel(runs) { run in
      Result { () throws(ArchiveError) in try Sight.look(at: run, in: store, known) }
    }
    defer { index.save() }
    return try zip(runs, looks).map { run, look in
      if let sight = try look.get() { return sight }
      let directory = store.run(run.run)
      do throws(ArchiveError) {
        return try finished(try index.final(of: directory), run, in: directory)
      } catch {
        return .corrupt(RunDirectory.Damage(to: directory.resultPath, of: directory, error).sentence)
      }
    }
  }

  /// Nil for an intact result that the index does not know.
  private static func look(
    at run: Specification, in store: Store, _ index: ResultIndex
  ) throws(ArchiveError) -> Sight? {
    let directory = store.run(run.run)
    if directory.hasResult {
      do throws(ArchiveError) {
        guard let final = try index.known(of: directory, settings: run.storedSettings, run.canonicalBytes)
        else {
          return nil
        }
        return try finished(final, run, in: directory)
      } catch {
        return .corrupt(RunDirectory.Damage(to: directory.resultPath, of: directory, error).sentence)
      }
    }
    switch try directory.state(known: run.canonicalBytes) {
    case .pending, .interrupted: return .state(.waiting)
    case .running: return .state(.running)
    case .failed: return .state(.failed)
    case .corrupt(let sentence): return .corrupt(sentence)
    // Published since the look a moment ago.
    case .done: return nil
    }
  }

  private static func finished(
    _ final: FinalNumbers, _ run: Specification, in directory: RunDirectory
  ) throws(ArchiveError) -> Sight {
    let units = Dictionary(final.metrics.compactMap { metric in unit(metric).map { (metric.name, $0) } }) {
      first, _ in first
    }
    let (record, damage) = try directory.account(of: final)
    let settings = directory.damageOfSettings(known: run.canonicalBytes).map { [$0] } ?? []
    return .finished(record, units: units, beside: settings + damage)
  }

  /// Percent is a way of printing and never stored; a file that says so tells no unit.
  private static func unit(_ metric: FinalMetric) -> Unit? {
    metric.unit.isEmpty || metric.unit == "%" ? nil : Unit(metric.unit)
  }
}
