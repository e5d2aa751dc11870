import Glibc
package import Records

/// What submissions leave in a store beside their objects.
///
///     jobs/lock                  held while somebody submits
///     jobs/<plan>/17_3.log       what a job of a cluster wrote
extension Store {
  static let jobsName = "jobs"

  /// The folder of what the jobs of a plan write, whether or not it is there.
  package func jobFolder(of plan: Digest) -> String { "\(root)/\(Store.jobsName)/\(plan.hex)" }

  /// Makes that folder.
  package func makeJobFolder(of plan: Digest) throws(ArchiveError) -> String {
    let path = jobFolder(of: plan)
    try Folder.make(path)
    return path
  }

  /// The files in that folder, in the order of their names.
  package func jobLogs(of plan: Digest) throws(ArchiveError) -> [String] {
    try Folder.names(in: jobFolder(of: plan)).filter { $0.hasSuffix(".log") }.map {
      "\(jobFolder(of: plan))/\($0)"
    }
  }
}

/// The right to submit runs of a store: two people at once would submit the same ones twice.
///
/// The kernel lets go of it when the last process is gone that has the descriptor: that of a cluster's program, which
/// gets it as its standard input, outlives a submitter that is killed, and so nobody looks at the queue while a job may
/// still be on its way into it.
package final class SubmissionLock: Sendable {
  private let lock: Descriptor

  /// Nil while somebody else has it.
  package init?(in store: Store) throws(ArchiveError) {
    let folder = "\(store.root)/\(Store.jobsName)"
    try Folder.make(folder)
    lock = try Descriptor("\(folder)/lock", O_RDWR | O_CREAT, doing: "opening the lock")
    guard retrying({ flock(lock.number, LOCK_EX | LOCK_NB) }) == 0 else {
      if errno == EWOULDBLOCK { return nil }
      throw ArchiveError.system(lock.path, "locking", errno)
    }
  }

  /// The descriptor, to be a child's standard input.
  package var descriptor: Int32 { lock.number }
}
