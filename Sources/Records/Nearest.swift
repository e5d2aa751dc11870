/// The candidate that `word` was probably meant to be, for “did you mean”; nil when none is near.
///
/// Near is at most one slip in three letters, where a slip is a letter too many, one missing, one wrong, or
/// two swapped; capitals do not count. When nothing is, a word that ends exactly one dotted key means that
/// key: `memory` is `model.memory`. Of equally near candidates the first by bytes is given.
package func nearest(_ word: String, among candidates: [String]) -> String? {
  let letters = Array(word.lowercased().utf8)
  // Foreign text may be of any length, and the cost grows with its square.
  guard !letters.isEmpty, letters.count <= 100 else { return nil }
  var best: (slips: Int, candidate: String)?
  for candidate in candidates.sorted() where candidate.utf8.count <= 100 {
    let other = Array(candidate.lowercased().utf8)
    let allowed = max(1, max(letters.count, other.count) / 3)
    guard abs(letters.count - other.count) <= allowed else { continue }
    let slips = slips(from: letters, to: other)
    if slips <= allowed, slips < letters.count, slips < best?.slips ?? .max { best = (slips, candidate) }
  }
  if let best { return best.candidate }
  let ending = candidates.filter {
    $0.lowercased().utf8.reversed().starts(with: (letters.reversed() + [dot]))
  }
  return ending.count == 1 ? ending[0] : nil
}

private let dot = UInt8(ascii: ".")

/// The least number of slips that turn `a` into `b`, no letter slipping twice (optimal string alignment):
///
///     d(i, j) = min{ d(i−1, j) + 1, d(i, j−1) + 1, d(i−1, j−1) + [aᵢ ≠ bⱼ], d(i−2, j−2) + 1 where swapped }
private func slips(from a: [UInt8], to b: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, beforeLast[j - 1] + 1) }
      row.append(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
