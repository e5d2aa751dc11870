/// A step of claiming, computing and publishing at which something can be made to go wrong: `Fault`.
///
/// So crash points are counted off, not hit by luck (harness.md 11). `publish.…` are the steps of every publication,
/// whatever file it gives a name to: which of them is meant, the number of the passing tells. Names without a dot are
/// steps of a worker's life.
package enum FaultPoint: String, CaseIterable, Sendable {
  /// The folder of a run is made, and holds nothing yet.
  case placeAfterFolder = "place.after-folder"

  case claimAfterLock = "claim.after-lock"
  /// The attempt has its number, and nothing else.
  case claimAfterFolder = "claim.after-folder"
  case claimAfterLive = "claim.after-live"
  /// The attempt's end is written; the lock is still held.
  case claimBeforeUnlock = "claim.before-unlock"

  /// The line is in the live log.
  case liveAfterLine = "live.after-line"

  case publishBeforeCreate = "publish.before-create"
  case publishAfterCreate = "publish.after-create"
  /// One piece is written: the user block, the content, or all of a small file.
  case publishAfterPiece = "publish.after-piece"
  case publishAfterMode = "publish.after-mode"
  case publishAfterFsync = "publish.after-fsync"
  case publishAfterClose = "publish.after-close"
  case publishAfterVerify = "publish.after-verify"
  /// The file has both names.
  case publishAfterLink = "publish.after-link"
  case publishAfterUnlink = "publish.after-unlink"
  /// Where a file replaces another.
  case publishAfterRename = "publish.after-rename"
  case publishAfterFolderFsync = "publish.after-folder-fsync"

  /// A checkpoint is published; those that it makes useless are still there.
  case checkpointBeforeRemoval = "checkpoint.before-removal"
  case checkpointAfterRemoval = "checkpoint.after-removal"

  case afterClaim = "after-claim"
  case beforeCheckpoint = "before-checkpoint"
  case afterCheckpoint = "after-checkpoint"
  case beforeWeights = "before-weights"
  case afterWeights = "after-weights"
  case afterResult = "after-result"
  case beforeEnd = "before-end"

  /// Who passes here, where no run does that is computed without damage; nil for the points of every run.
  package var passers: String? {
    switch self {
    case .publishAfterRename:
      "no worker: `mneme run` and `mneme table`, when they keep numbers in the index, and what mends damaged settings"
    case .checkpointBeforeRemoval, .checkpointAfterRemoval: "runs from their second checkpoint on"
    default: nil
    }
  }

  /// Passes here: nothing happens, unless a fault was asked for at this point.
  ///
  /// - Parameter path: what is being worked on, for the error.
  /// - Throws: `noSpace` or `system`, as if the call before had failed, where that was asked for.
  package func pass(_ path: String) throws(ArchiveError) {
    guard let fault = Fault.planned else { return }
    try fault.strike(at: self, path)
  }
}
