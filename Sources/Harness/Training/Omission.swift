/// How much of a training step is computed. Losses, answers and memories never depend on it; gradients by rounding, since
/// rows that are left out move the chunks of the others: so what a run leaves out is part of the numerics.
package enum Omission: String, Sendable {
  /// What cannot reach a label or a memory that is read is left out: what a run does.
  case everythingNeedless
  /// All of every segment, to compare with programs that compute everything.
  case nothing
}
