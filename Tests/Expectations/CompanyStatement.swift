/// Company, counted one time and one bit after another.
extension Statement {
  /// Of `candidates`, those with the largest |times ∩ times of `asking`|; nobody where that is 0. Ascending.
  package static func mostTogether(with asking: Int, times: [Set<Int>], among candidates: [Int]) -> [Int] {
    let counts = candidates.map { times[$0].intersection(times[asking]).count }
    guard let most = counts.max(), most > 0 else { return [] }
    return zip(candidates, counts).filter { $0.1 == most }.map(\.0)
  }
}
