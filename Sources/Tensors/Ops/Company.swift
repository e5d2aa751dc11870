import CKernels

/// Who was there at which times, in bits kept twice, so that either way of asking reads whole words.
///
/// Bit t mod 64 of word t / 64 of row s of `times`, and bit s mod 64 of word s / 64 of row t of `present`, say that s was
/// there at t.
package struct Company {
  package let times: [UInt64]
  package let timeWords: Int
  package let present: [UInt64]
  package let presentWords: Int

  package init(times: [UInt64], timeWords: Int, present: [UInt64], presentWords: Int) {
    (self.times, self.timeWords) = (times, timeWords)
    (self.present, self.presentWords) = (present, presentWords)
  }

  /// Writes a row of words for each of `asking`: those of `candidates` that were there most often when it was; nobody
  /// where none of them ever was. `rows` keeps room of earlier calls.
  package func mostTogether(with asking: [Int], among candidates: [UInt64], rows: inout [UInt64]) {
    let words = candidates.count
    require(
      timeWords > 0 && words <= presentWords,
      "of \(presentWords) words of who was there at a time, \(words) cannot be candidates")
    require(
      asking.allSatisfy { $0 >= 0 && ($0 + 1) * timeWords <= times.count },
      "somebody outside 0..<\(times.count / timeWords) asked for company")
    let room = asking.count * words
    if rows.count < room { rows.append(contentsOf: repeatElement(0, count: room - rows.count)) }
    guard room > 0 else { return }
    rows.withUnsafeMutableBufferPointer { rows in
      kernels.most_together(
        rows.baseAddress!, asking, asking.count, times, timeWords, present, present.count / presentWords,
        presentWords, candidates, words)
    }
  }
}
