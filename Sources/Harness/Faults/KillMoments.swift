import Tensors

/// When processes are killed: looked up by number, so that the same seed gives the same moments.
struct KillMoments: Sendable {
  let seed: UInt64
  /// What is killed: others get other moments.
  let subject: String

  /// Between 0 and 1, always the same for the same two numbers.
  func chance(_ kill: Int, _ question: Int) -> Double {
    Place(seed: seed, purpose: .shuffle, site: siteHash("killed.\(subject)"), step: UInt32(kill))
      .uniform(UInt64(question))
  }
}
