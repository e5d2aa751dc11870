package import Records

/// The place of one run in the store.
package struct RunDirectory: Sendable {
  /// The run's id: the hash of its specification.
  package let id: Digest
  /// The folder of the store, as it was given.
  package let root: String
  package let path: String

  init(id: Digest, root: String) {
    (self.id, self.root) = (id, root)
    let name = id.hex
    path = "\(root)/runs/\(name.prefix(2))/\(name)"
  }

  package var resultPath: String { "\(path)/result.h5" }
  package var weightsPath: String { "\(path)/weights.h5" }
  var specificationPath: String { "\(path)/spec" }
  var lockPath: String { "\(path)/lock" }
  var attemptsPath: String { "\(path)/attempts" }

  /// The folder of an attempt: `attempts/0001`.
  package func attemptPath(_ number: Int) -> String {
    let digits = String(number)
    return "\(attemptsPath)/\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
  }

  /// The settings the run is named by; refused where their hash is not the run's name.
  package func settings() throws(ArchiveError) -> Settings {
    try refuseLinks()
    let bytes = try Folder.contents(of: specificationPath)
    let found = Identity.run(storedBytes: bytes)
    guard found == id else {
      throw ArchiveError.damaged(path: specificationPath, recorded: id, found: found)
    }
    do throws(RecordsError) { return try Settings(canonicalBytes: bytes) } catch {
      throw ArchiveError.corrupt(
        path: specificationPath, found: error.description, expected: "canonical settings")
    }
  }

  /// The settings; from the verified result where their own file is damaged and there is one.
  package func intactSettings() throws(ArchiveError) -> Settings {
    do throws(ArchiveError) { return try settings() } catch {
      guard hasResult, let final = try? final() else { throw error }
      return final.settings
    }
  }

  /// The whole result, verified.
  package func result() throws(ArchiveError) -> RunResult {
    try refuseLinks()
    return try ResultFile.read(resultPath, run: id)
  }

  /// Settings and final metrics of the result, verified.
  package func final() throws(ArchiveError) -> FinalNumbers {
    try refuseLinks()
    return try ResultFile.readFinal(resultPath, run: id)
  }

  /// The history of the result's metrics, verified.
  package func series() throws(ArchiveError) -> [Series] {
    try refuseLinks()
    return try ResultFile.readSeries(resultPath, run: id)
  }

  /// The final weights: verified, and those that the result names.
  package func weights() throws(ArchiveError) -> [NamedArray] {
    try WeightsFile.read(weightsPath, run: id, digest: try final().weights)
  }

  /// The finished run as tables see it: the result's numbers, and what all attempts took together.
  package func record() throws(ArchiveError) -> Record { try record(of: try final()) }

  /// The same where the result's numbers have been read.
  package func record(of final: FinalNumbers) throws(ArchiveError) -> Record { try account(of: final).record }

  /// The same, and which records of attempts are damaged: what only those tell is absent in the costs.
  package func account(
    of final: FinalNumbers
  ) throws(ArchiveError) -> (record: Record, damage: [Damage]) {
    let attempts = try attempts()
    let total = try TotalCost(of: attempts)
    let record = Record(
      run: id, settings: final.settings, derived: final.derived,
      metrics: Dictionary(final.metrics.map { ($0.name, $0.value) }) { first, _ in first },
      cost: total.cost, lowerBounds: total.lowerBounds)
    return (record, attempts.flatMap(\.damage))
  }

  /// All attempts, oldest first. A damaged record is no error: the attempt says so (`Attempt.damage`).
  package func attempts() throws(ArchiveError) -> [Attempt] {
    try attemptNumbers().map { Attempt($0, of: self) }
  }

  /// Whether the newest attempt that published kept its file of weights; nil where no record says so.
  package func keepsWeights() throws(ArchiveError) -> Bool? {
    try attempts().last { $0.end?.keptWeights != nil }?.end?.keptWeights
  }

  /// The numbers of all attempts, ascending: the last one is the fence.
  func attemptNumbers() throws(ArchiveError) -> [Int] {
    try Folder.names(in: attemptsPath).compactMap { name in
      Int(name).flatMap {
        attemptPath($0).hasSuffix("/\(name)") && RunDirectory.attemptRange.contains($0)
          && !Folder.isLink("\(attemptsPath)/\(name)") ? $0 : nil
      }
    }.sorted()
  }

  /// More attempts than these nobody makes; larger numbers are names that somebody made up.
  static let attemptRange = 1...99_999

  /// Refuses a place whose folders are links: whatever is done or read there would be outside of the store.
  func refuseLinks() throws(ArchiveError) {
    for path in [folder(of: path), path] where Folder.isLink(path) { throw ArchiveError.notAFile(path: path) }
  }

  /// What the newest attempt says while it goes on.
  package func live() throws(ArchiveError) -> LiveLog {
    let newest = try attemptNumbers().last ?? 0
    return try LiveLog(at: "\(attemptPath(newest))/live.jsonl")
  }

  /// All checkpoints, of the largest step first, and of the newest attempt among equals.
  package func checkpoints() throws(ArchiveError) -> [StoredCheckpoint] {
    var found: [StoredCheckpoint] = []
    for attempt in try attemptNumbers() {
      for name in try Folder.names(in: attemptPath(attempt)) {
        guard let step = CheckpointFile.step(ofName: name) else { continue }
        found.append(StoredCheckpoint(attempt: attempt, step: step, path: "\(attemptPath(attempt))/\(name)"))
      }
    }
    return found.sorted { ($0.step, $0.attempt) > ($1.step, $1.attempt) }
  }

  /// A checkpoint's place.
  package struct StoredCheckpoint: Sendable, Equatable {
    package let attempt: Int
    package let step: UInt64
    package let path: String
  }

  /// Writes down how an attempt ended whose own process could not: it was killed, or crashed.
  ///
  /// - Returns: false if the attempt had written its end itself.
  @discardableResult
  package func end(
    attempt: Int, failure: FailureClass, message: String?, seconds: Double, peakBytes: Int? = nil
  ) throws(ArchiveError) -> Bool {
    let end = AttemptEnd(
      attempt: attempt, outcome: .failed, failure: failure, message: message, ended: Machine.now,
      monotonic: Machine.monotonic, seconds: seconds, peakBytes: peakBytes)
    do throws(ArchiveError) {
      try JSONFile.publish(end, at: "\(attemptPath(attempt))/end.json")
      return true
    } catch {
      guard case .exists = error else { throw error }
      return false
    }
  }

  /// Whether somebody holds the lock now.
  func isLocked() throws(ArchiveError) -> Bool { try Folder.isLocked(lockPath) }
}
