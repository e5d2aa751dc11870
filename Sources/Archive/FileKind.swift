/// What a stored file is for.
package enum FileKind: String, Sendable, CaseIterable {
  /// Metrics, their history and everything else that follows from a run's identity.
  case result
  /// The final weights by parameter name.
  case weights
  /// What a run needs to go on.
  case checkpoint
}
