import Foundation
import Glibc

/// A lease: what a lock is between machines whose file system keeps each one's locks to itself.
///
/// The holder adds a byte to `beats` in its attempt's folder every `lease_seconds`. Who wants the run from another
/// machine watches the file by its own clock: what grows within three beats is alive, what does not is given up, and
/// the next attempt's number fences it off, should it wake up. No two clocks are compared for that. On one machine the
/// lock alone decides, at once.
extension Claim {
  static let beatsName = "beats"
  /// Beats that may fail to come before the lease is over.
  static let missedBeats = 3

  /// Gives a beat. Throws `superseded` where another attempt has taken over: there is nothing left to compute for.
  package func beat() throws(ArchiveError) {
    try checkFence()
    let file = try Descriptor(
      "\(path)/\(Claim.beatsName)", O_WRONLY | O_CREAT | O_APPEND, doing: "giving a beat of the lease")
    try file.write([UInt8(ascii: ".")])
  }
}

extension RunDirectory {
  /// The beats of the newest attempt, where another machine's process began it and wrote no end.
  private func foreignLease(_ newest: Attempt?) -> (path: String, seconds: Double)? {
    guard let newest, newest.end == nil, let start = newest.start, start.host != Machine.host,
      let seconds = start.leaseSeconds, seconds > 0
    else { return nil }
    return ("\(newest.path)/\(Claim.beatsName)", seconds)
  }

  /// Whether another machine's attempt gives beats: watched for as long as three of them take.
  func isBeating() throws(ArchiveError) -> Bool {
    guard let lease = foreignLease(try attempts().last) else { return false }
    let before = RunDirectory.beats(at: lease.path)
    let end = Machine.monotonic + lease.seconds * Double(Claim.missedBeats)
    while Machine.monotonic < end {
      usleep(useconds_t(min(lease.seconds / 4, 1) * 1e6))
      if RunDirectory.beats(at: lease.path) != before { return true }
    }
    return false
  }

  /// How many beats were given. The file is opened for each look: on the network, a length is only asked for then.
  private static func beats(at path: String) -> Int? {
    guard let file = try? Descriptor(path, O_RDONLY) else { return nil }
    return try? file.size()
  }

  /// Whether another machine's attempt gave a beat lately, as far as two clocks agree: for people, and no claim.
  func seemsBeating(_ newest: Attempt?) -> Bool {
    guard let lease = foreignLease(newest), let beats = FileIdentity(of: lease.path) else { return false }
    return Date().timeIntervalSince1970 - beats.modified < lease.seconds * Double(Claim.missedBeats)
  }
}
