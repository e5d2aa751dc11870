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

  /// What looking at one run gave: with what is to be kept of its result.
  private struct Look: Sendable {
    let sight: Sight
    var reading: ResultIndex.Reading?
  }

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
    return try looks.map { look in
      let look = try look.get()
      if let reading = look.reading { index.keep(reading) }
      return look.sight
    }
  }

  private static func look(
    at run: Specification, in store: Store, _ index: ResultIndex
  ) throws(ArchiveError) -> Look {
    let directory = store.run(run.run)
    if directory.hasResult { return finished(run, in: directory, index) }
    switch try directory.state(known: run.canonicalBytes) {
    case .pending, .interrupted: return Look(sight: .state(.waiting))
    case .running: return Look(sight: .state(.running))
    case .failed: return Look(sight: .state(.failed))
    case .corrupt(let sentence): return Look(sight: .corrupt(sentence))
    // Published since the look a moment ago.
    case .done: return finished(run, in: directory, index)
    }
  }

  private static func finished(
    _ run: Specification, in directory: RunDirectory, _ index: ResultIndex
  ) -> Look {
    do throws(ArchiveError) {
      let reading = try index.read(directory, known: (run.storedSettings, run.canonicalBytes))
      let units = Dictionary(
        reading.final.metrics.compactMap { metric in unit(metric).map { (metric.name, $0) } }
      ) { first, _ in first }
      let (record, damage) = try directory.account(of: reading.final)
      let settings = directory.damageOfSettings(known: run.canonicalBytes).map { [$0] } ?? []
      return Look(sight: .finished(record, units: units, beside: settings + damage), reading: reading)
    } catch {
      return Look(
        sight: .corrupt(RunDirectory.Damage(to: directory.resultPath, of: directory, error).sentence))
    }
  }

  /// Percent is a way of printing and never stored; a file that says so tells no unit.
  private static func unit(_ metric: FinalMetric) -> Unit? {
    metric.unit.isEmpty || metric.unit == "%" ? nil : Unit(metric.unit)
  }
}
