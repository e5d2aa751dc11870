import Records

extension Attempt {
  /// Reads what the files of an attempt tell. One that is damaged tells nothing, and hides nothing of the other.
  init(_ number: Int, of run: RunDirectory) {
    let path = run.attemptPath(number)
    var damage: [RunDirectory.Damage] = []
    func read<Found>(_ name: String, _ record: () throws(ArchiveError) -> Found?) -> Found? {
      do throws(ArchiveError) { return try record() } catch {
        damage.append(RunDirectory.Damage(to: "\(path)/\(name)", of: run, error))
        return nil
      }
    }
    let start = read(Attempt.startName) { () throws(ArchiveError) in try Attempt.start(number, of: run) }
    let end = read(Attempt.endName) { () throws(ArchiveError) in try Attempt.end(number, of: run) }
    self.init(number: number, path: path, start: start, end: end, damage: damage)
  }

  /// `attempt.json`, nil where there is none. Throws where it is damaged, or another attempt's or run's.
  static func start(_ number: Int, of run: RunDirectory) throws(ArchiveError) -> AttemptStart? {
    let path = "\(run.attemptPath(number))/\(startName)"
    guard let start = try JSONFile.read(AttemptStart.self, at: path) else { return nil }
    try check(start.attempt, is: number, path)
    // A worker that a scheduler started was told its run.
    guard let place = start.arguments.firstIndex(of: "--run"), place + 1 < start.arguments.count else {
      return start
    }
    let named = start.arguments[place + 1].lowercased()
    guard run.id.hex.hasPrefix(named) else {
      throw ArchiveError.corrupt(
        path: path, found: "an attempt at run \(named.prefix(12))", expected: "one at run \(run.id.short)")
    }
    return start
  }

  /// `end.json`, nil where there is none. Throws where it is damaged, or another attempt's.
  static func end(_ number: Int, of run: RunDirectory) throws(ArchiveError) -> AttemptEnd? {
    let path = "\(run.attemptPath(number))/\(endName)"
    guard let end = try JSONFile.read(AttemptEnd.self, at: path) else { return nil }
    try check(end.attempt, is: number, path)
    return end
  }

  /// A record that was moved here tells another attempt's number.
  private static func check(_ found: Int, is number: Int, _ path: String) throws(ArchiveError) {
    guard found == number else {
      throw ArchiveError.corrupt(path: path, found: "attempt \(found)", expected: "attempt \(number)")
    }
  }
}
