/// What a check of something published comes to.
package enum Reproduction: String, Sendable, CaseIterable {
  case reproduced
  case notReproduced = "not reproduced"
  /// Neither: too few seeds, runs that are missing, or rounding. Never a pass.
  case inconclusive
}

/// A verdict and the reason for it, a few words without a full stop.
package struct Outcome: Sendable, Equatable {
  package let verdict: Reproduction
  package let reason: String

  package init(_ verdict: Reproduction, _ reason: String) { (self.verdict, self.reason) = (verdict, reason) }
}

/// By what rules numbers are held against published ones.
package struct VerificationRules: Sendable, Equatable {
  /// The level of every test: 0.05 by custom.
  package let alpha: Double
  /// How far two numbers may be apart and still count as the same; nil where nobody has said.
  package let margin: Margin?

  package init(alpha: Double, margin: Margin?) { (self.alpha, self.margin) = (alpha, margin) }
}

extension Cell {
  /// Why a measured cell cannot be held against anything; nil where it can.
  var shortcoming: String? {
    if planned == 0 { return "not in the manifest" }
    if isExtrapolated { return "only extrapolated" }
    guard summary != nil else {
      if unknown > 0 { return "no attempt kept this cost" }
      if failed > 0 { return "failed" }
      return running > 0 ? "still running" : "not run yet"
    }
    if isLowerBound { return "measured only from below" }
    if finished < planned { return "\(finished) of \(planned) runs finished" }
    return nil
  }
}
