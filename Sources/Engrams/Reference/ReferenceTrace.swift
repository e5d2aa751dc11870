/// What a released package would have chosen in the last step, under the names of the oracle files.
///
/// Slots are those at the time of reminding, working memory already appended; −1 is nobody. Sets are sorted, −1 in
/// front, because the order they were made in means nothing.
package struct ReferenceTrace: Sendable, Equatable {
  /// `[B, M]`, raw values of `EngramKind`.
  package let typesAtRemind: [UInt8]
  /// `[B, nS]`: short-term slots, filled up on the left; their scores; the same with the losers set to −1.
  package let shortTermCandidates: IndexTable
  package let shortTermScores: [Float]
  package let shortTermSelected: IndexTable
  /// Long-term slots from which the search started.
  package let longTermStarts: IndexTable
  /// Positions among the long-term slots, which the packages then use as slots.
  package let longTermFound: IndexTable
  package let longTermSelected: IndexTable
  /// The reminded, and `[B, n, D]` of them in this order.
  package let remindedSlots: IndexTable
  package let remindedVectors: [Float]
  /// `[B, M, M]`, before anybody was forgotten.
  package let countsAfterRemind: [Int32]
  /// `[B, n]`, of `remindedSlots`; 0 at nobody. Empty before `memorize`.
  package internal(set) var lifespanIncrements: [Float]
  /// M
  package var slots: Int { remindedSlots.rows == 0 ? 0 : typesAtRemind.count / remindedSlots.rows }
}
