package import Archive
package import Records

/// Why something stored cannot be shown or compared.
package enum ReportError: Error, CustomStringConvertible, Equatable {
  case noSubject(String, nearest: String?)
  case unknownHash(String, store: String)
  case noStore(String, wanted: String)
  case absentStore(String)
  case overridesOfHash(String)
  case notManifest(String)
  case unlikeSubjects(String, String)
  case noTables(manifest: String)
  case unknownTable(String, owner: String, known: [String])
  case severalTables(owner: String, known: [String], because: String)
  case unknownMetric(String, known: [String])
  case noReference(table: String)
  case noClaims(String)
  case paperAlone(String)
  case paperFirst
  case nothingComparable(a: String, b: String)
  case unfinished(run: String)
  case corrupt(run: String, String, next: String)
  case incomparable(String, String)
  case testOfPublished(String, table: String)
  case unwritable(String, reason: String)
  case noRegularFile(String)
  case sampleOfRun(String)
  case unstoredManifest(String, hash: String, store: String)
  case noWriting(store: String, reason: String)
  case noneChosen(String, of: String, count: Int)
  case nothingToChoose(String)

  package var description: String {
    switch self {
    case .nothingToChoose(let word):
      "--where chooses among the runs of a manifest, and \(word) is none; leave --where out, or name a manifest."
    case .noSubject("", _): "the argument is empty; expected a manifest's file, or a hash or its beginning."
    case .noSubject(let word, let nearest):
      "\(word) is no file here and cannot begin a hash; expected a manifest's file, or 4 to 64 of the digits 0–9, a–f"
        + suggested(nearest)
    case .unknownHash(let word, let store):
      "\(store) has no run and no manifest that begins with \(word). `mneme ls` lists its runs, "
        + "`mneme ls --manifests` its manifests."
    case .noStore(let path, let wanted):
      "\(wanted) cannot be looked up: \(StorePlace.absence(of: path))."
    case .absentStore(let path):
      StorePlace.absence(of: path) + "."
    case .overridesOfHash(let hash):
      "--set changes a manifest's file; \(hash) is a hash, and what a hash names never changes."
    case .notManifest(let word):
      "\(word) is a run; expected a manifest's file or hash. Of a run, `mneme show \(word)` tells."
    case .unlikeSubjects(let a, let b):
      "\(a) and \(b) are a run and a manifest; only two of a kind are compared."
    case .noTables(let manifest):
      "\(manifest) declares no tables; add a group `tables` to the manifest."
    case .unknownTable(let name, let owner, let known):
      "\(owner) has no table \(name); it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        + suggested(nearest(name, among: known))
    case .severalTables(let owner, let known, let because):
      "\(owner) has \(known.count) tables, and \(because); name one of \(known.joined(separator: ", "))."
    case .unknownMetric(let metric, let known):
      "nothing that is compared has the metric \(metric)"
        + (nearest(metric, among: known).map { "; did you mean \($0)?" }
          ?? "; there is \(known.joined(separator: ", ")).")
    case .noReference(let table):
      "table \(table) names no published numbers to compare with; give it a `reference` in the manifest."
    case .noClaims(let file):
      "nothing is claimed about \(file); expected lines about it in claims.csv beside it, or a file named by `--claims`."
    case .paperAlone(let word):
      "`paper` stands for the published numbers that a manifest names, and \(word) is no manifest."
    case .paperFirst: "`paper` is the second of the two, after the manifest that names the published numbers."
    case .nothingComparable(let a, let b):
      "no cell has a number in both \(a) and \(b); `mneme status` tells how far the runs are."
    case .unfinished(let run):
      "run \(run) has no result yet, so there is nothing to compare; `mneme status` tells how far it is."
    case .corrupt(let run, let sentence, let next):
      "run \(run) is corrupt: \(sentence). Next: \(next)"
    case .incomparable(let a, let b): "\(a) and \(b) are not of a kind that can be compared with each other."
    case .testOfPublished(let test, let table):
      "--test \(test) needs \(test == "welch" ? "means with deviations and counts" : "single runs"), and the numbers published "
        + "beside \(table) have none; leave it out, and each is held against the spread of A's runs, or give --test exact."
    case .unwritable(let path, let reason):
      "\(path) cannot be written: \(reason). What was there before still is."
    case .noRegularFile(let path):
      "\(path) is a folder, pipe or device, which a table would replace; name a file, or use the standard output."
    case .noneChosen(let selection, let owner, 0):
      "\(owner) has no run, so none meets --where '\(selection)'."
    case .noneChosen(let selection, let owner, let count):
      "none of the \(counted(count, "run")) of \(owner) meets --where '\(selection)'; `mneme ls` lists them, leave a term "
        + "out to see more."
    case .sampleOfRun(let word):
      "\(word) is a run; --sample takes some of a manifest's runs. Leave it out, or name a manifest."
    case .unstoredManifest(let file, let hash, let store):
      "\(file) is manifest \(hash), which was never run in \(store), so nothing of it is to be computed again. "
        + "`mneme run \(file)` runs it; `mneme ls --manifests` lists those that were."
    case .noWriting(let store, let reason):
      "the store \(store) cannot be written: \(reason), so what is measured could not be kept. Nothing was measured."
    }
  }
}

extension RunDirectory {
  /// The settings, from the result where their own file is damaged; refused as a corrupt run's where neither has them.
  package func settingsOrRefusal() throws -> Settings {
    do throws(ArchiveError) { return try intactSettings() } catch {
      guard let damage = damageOfSettings() else { throw error }
      throw ReportError.corrupt(run: id.short, damage.sentence, next: DamageNotes.next(in: root))
    }
  }
}
