import Engrams
import Testing

@Suite struct RankingTests {
  private func chosen(_ count: Int, of scores: [Float]) -> [Int]? {
    var metNaN = false
    let places = best(count, of: scores[...], metNaN: &metNaN)
    return metNaN ? nil : places
  }

  @Test func `the two best of four keep their places`() {
    #expect(chosen(2, of: [0.51, 0.2, 0.2, 0.8]) == [0, 3])
    #expect(chosen(2, of: [0.2, 0.2, 0.2]) == [0, 1])
    #expect(chosen(9, of: [0.2, 0.3]) == [0, 1])
    #expect(chosen(0, of: [0.2, 0.3]) == [])
    #expect(chosen(2, of: [-.infinity, 0, -0.0, -.infinity]) == [1, 2])
  }

  @Test func `a score that is no number leaves nobody chosen`() {
    #expect(chosen(1, of: [0.2, .nan, 0.3]) == nil)
    #expect(chosen(9, of: [.nan]) == nil)
  }

  @Test(arguments: 0..<40)
  func `they are those that sorting would put first, of equals the earlier`(seed: Int) {
    var dice = Dice(seed)
    let size = Int.random(in: 1...150, using: &dice)
    // Few values, so that many are equal.
    let scores = (0..<size).map { _ in Float(Int.random(in: 0...(seed % 4 * 50 + 2), using: &dice)) }
    for count in [0, 1, size / 3, size - 1, size, size + 1] {
      let sorted = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
      let isSame = chosen(count, of: scores) == sorted.prefix(count).sorted()
      #expect(isSame, "\(count) of \(scores)")
    }
  }

  @Test func `places count from the start of a part`() {
    var metNaN = false
    let scores: [Float] = [9, 1, 3, 2]
    #expect(best(2, of: scores[1...], metNaN: &metNaN) == [1, 2])
  }
}
