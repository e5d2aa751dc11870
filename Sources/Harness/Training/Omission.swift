/// How much of a training step is computed. Results never depend on it; time does.
package enum Omission: String, Sendable {
  /// What cannot reach a label or a memory that is read is left out: what a run does.
  case everythingNeedless
  /// All of every segment, to compare with programs that compute everything.
  case nothing
}
