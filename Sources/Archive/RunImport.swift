import Glibc
import Records

/// Copies one verified run into its place in another store; the caller holds the lock of that place.
struct RunImport {
  private let source: RunDirectory
  private let target: RunDirectory

  init(_ source: RunDirectory, _ target: RunDirectory) { (self.source, self.target) = (source, target) }

  /// Whether both are unfinished and the one here has attempts that the other has not.
  func isForeign() throws(ArchiveError) -> Bool {
    guard !source.hasResult else { return false }
    let known = try source.attempts()
    return try target.attempts().contains { attempt in !known.contains { RunImport.isSame($0, attempt) } }
  }

  /// Records, weights, result, and how the attempt that published it ended: in this order, so that no record says of a run
  /// that it is done before it is.
  func perform() throws(ArchiveError) -> Arrival {
    try Folder.make(target.attemptsPath)
    for attempt in try source.attempts() where try counterpart(of: attempt) == nil { try bring(attempt) }
    guard source.hasResult else { return .arrived }
    for (from, to) in [(source.weightsPath, target.weightsPath), (source.resultPath, target.resultPath)]
    where Folder.exists(from) {
      do throws(ArchiveError) { try copy(from, to: to) } catch {
        // Weights that an unfinished run left here are those of the result, or another result is coming.
        guard case .exists = error else { throw error }
        guard try verify(from).content == verify(to).content else {
          return .conflict("\(to) is another one than \(from)")
        }
      }
    }
    try writeEnds()
    return .arrived
  }

  /// Whether weights, or ends of attempts that came from there, are missing beside an equal result.
  func hasMissing() throws(ArchiveError) -> Bool {
    if Folder.exists(source.weightsPath), !Folder.exists(target.weightsPath) { return true }
    return try !missingEnds().isEmpty
  }

  /// Brings what is missing beside an equal result.
  func complete() throws(ArchiveError) {
    if Folder.exists(source.weightsPath), !Folder.exists(target.weightsPath) {
      try copy(source.weightsPath, to: target.weightsPath)
    }
    try writeEnds()
  }

  /// The number under which an attempt is here; nil where it is not.
  private func counterpart(of attempt: Attempt) throws(ArchiveError) -> Int? {
    try target.attempts().first { RunImport.isSame($0, attempt) }?.number
  }

  /// Whether two records are of one attempt, whatever its number.
  private static func isSame(_ one: Attempt, _ other: Attempt) -> Bool {
    guard var start = one.start, let known = other.start else { return false }
    start.attempt = known.attempt
    return start == known
  }

  private func missingEnds() throws(ArchiveError) -> [(end: AttemptEnd, from: Int, number: Int)] {
    var missing: [(end: AttemptEnd, from: Int, number: Int)] = []
    for attempt in try source.attempts() {
      guard let end = attempt.end, let number = try counterpart(of: attempt),
        !Folder.exists("\(target.attemptPath(number))/end.json")
      else { continue }
      missing.append((end, attempt.number, number))
    }
    return missing
  }

  private func writeEnds() throws(ArchiveError) {
    for (end, from, number) in try missingEnds() {
      try write(end, from, number, to: target.attemptPath(number))
    }
  }

  /// Makes an attempt's folder aside and gives it its number: it is there whole or not at all.
  private func bring(_ attempt: Attempt) throws(ArchiveError) {
    // One without a record was never begun.
    guard var start = attempt.start else { return }
    let number = max(attempt.number, (try target.attemptNumbers().last ?? 0) + 1)
    let random = String(UInt32.random(in: .min ... .max), radix: 16)
    let aside = "\(target.attemptsPath)/.attempt\(Publication.mark)\(getpid())-\(random)"
    do throws(ArchiveError) {
      try Folder.make(aside)
      for name in ["live.jsonl", "log"] where Folder.exists("\(attempt.path)/\(name)") {
        let bytes = try Folder.contents(of: "\(attempt.path)/\(name)", limit: Folder.collectionLimit)
        try Publication.publish(bytes, at: "\(aside)/\(name)")
      }
      if !source.hasResult {
        for stored in try source.checkpoints() where stored.attempt == attempt.number {
          try copy(stored.path, to: "\(aside)/\(name(of: stored.path))")
        }
      }
      if number == attempt.number {
        try Publication.publish(
          try Folder.contents(of: "\(attempt.path)/attempt.json"), at: "\(aside)/attempt.json")
      } else {
        start.attempt = number
        try JSONFile.publish(start, at: "\(aside)/attempt.json")
      }
      if let end = attempt.end, end.outcome != .done { try write(end, attempt.number, number, to: aside) }
      guard rename(aside, target.attemptPath(number)) == 0 else {
        throw ArchiveError.system(target.attemptPath(number), "giving the attempt its number", errno)
      }
    } catch {
      try? Folder.removeWhole(aside)
      throw error
    }
    try synchronizeFolder(target.attemptsPath)
  }

  /// How an attempt ended, under its number here.
  private func write(
    _ end: AttemptEnd, _ from: Int, _ number: Int, to folder: String
  ) throws(ArchiveError) {
    guard number != from else {
      return try Publication.publish(
        try Folder.contents(of: "\(source.attemptPath(from))/end.json"), at: "\(folder)/end.json")
    }
    var end = end
    end.attempt = number
    // The checkpoint it went on from lies in another attempt, which has another number here, too.
    if let checkpoint = end.resumedFrom {
      for attempt in try source.attempts() {
        let place = "attempts/\(name(of: attempt.path))/"
        guard checkpoint.hasPrefix(place), let here = try counterpart(of: attempt) else { continue }
        end.resumedFrom =
          "attempts/\(name(of: target.attemptPath(here)))/\(checkpoint.dropFirst(place.count))"
        break
      }
    }
    try JSONFile.publish(end, at: "\(folder)/end.json")
  }

  /// Copies a stored file whose bytes are compared with its digest once more, as they are in memory.
  private func copy(_ path: String, to target: String) throws(ArchiveError) {
    let bytes = try Folder.contents(of: path, limit: .max)
    guard bytes.count >= UserBlock.size else {
      throw ArchiveError.truncated(path: path, bytes: bytes.count, expected: nil)
    }
    let block = try UserBlock(Array(bytes[..<UserBlock.size]), path: path)
    let found = Digest.sha256(Array(bytes[UserBlock.size...]))
    guard found == block.content else {
      throw ArchiveError.damaged(path: path, recorded: block.content, found: found)
    }
    try Publication.publish(bytes, at: target)
  }
}
