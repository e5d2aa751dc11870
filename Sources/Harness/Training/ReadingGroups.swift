/// The consecutive sequences of a batch that are read together, from their first segment to the last, before the next ones
/// begin: so many that a segment of theirs has at most 4096 tokens, and at least one.
///
/// So what is computed at a time stays small, however large the batch. Sums over sequences are made group by group, which
/// makes the bound part of the numerics.
///
/// - isWhole: Whether sequences must stay together, because they look at each other.
package func readingGroups(of count: Int, segmentLength: Int, isWhole: Bool) -> [Range<Int>] {
  let size = isWhole ? max(1, count) : max(1, 4096 / segmentLength)
  return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
