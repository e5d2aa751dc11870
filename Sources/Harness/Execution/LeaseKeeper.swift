import Archive
import Foundation
import Synchronization

/// Gives the beats of a claim's lease beside the computing, and looks with each whether the run is still this process's.
final class LeaseKeeper: Sendable {
  private let lost = Atomic(false)
  private let over = Atomic(false)

  /// - Parameter seconds: between beats; nil for a claim without a lease.
  init(of claim: Claim, every seconds: Double?) {
    guard let seconds else { return }
    Task.detached { [self] in
      while !over.load(ordering: .relaxed) {
        try? await Task.sleep(for: .seconds(seconds))
        if over.load(ordering: .relaxed) { return }
        do throws(ArchiveError) { try claim.beat() } catch {
          // A disk that takes no byte now may take the next one; a run that another attempt has is lost for good.
          if case .superseded = error { return lost.store(true, ordering: .relaxed) }
        }
      }
    }
  }

  /// Whether another attempt has taken the run over.
  var isLost: Bool { lost.load(ordering: .relaxed) }

  func end() { over.store(true, ordering: .relaxed) }
}
