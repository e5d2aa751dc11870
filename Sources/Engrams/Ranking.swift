import Tensors

/// The mean correlation of each of `count` engrams with working memory, as released: exp(−d²) or −d².
func meanScores(_ vectors_ND: [Float], count: Int, against working_WD: Tensor, exponentially: Bool) -> [Float]
{
  guard count > 0 else { return [] }
  let width = working_WD.shape.extents[0]
  let engrams_ND = Tensor([count, working_WD.shape.extents[1]], vectors_ND)
  let negated = squaredDistances(engrams_ND, working_WD).negated().values
  let correlations = exponentially ? exponential(negated) : negated
  return (0..<count).map { row in
    correlations[row * width..<(row + 1) * width].reduce(0, +) / Float(width)
  }
}

/// The places of the `count` largest scores (fewer if there are fewer), ascending; of equals the earlier ones.
///
/// NaN has no order: where a score is NaN nobody is chosen, and `metNaN` becomes true.
package func best(_ count: Int, of scores: ArraySlice<Float>, metNaN: inout Bool) -> [Int] {
  guard !scores.contains(where: \.isNaN) else {
    metNaN = true
    return []
  }
  guard count < scores.count else { return Array(0..<scores.count) }
  guard count > 0 else { return [] }
  let last = largest(count - 1, of: Array(scores))
  var equals = count - scores.count { $0 > last }
  var places: [Int] = []
  places.reserveCapacity(count)
  for (place, score) in scores.enumerated() {
    if score > last {
      places.append(place)
    } else if score == last && equals > 0 {
      equals -= 1
      places.append(place)
    }
  }
  return places
}

/// The number that `rank` others come before when the largest come first, by halving the range that holds it.
private func largest(_ rank: Int, of numbers: [Float]) -> Float {
  var numbers = numbers
  var (low, high) = (0, numbers.count - 1)
  while low < high {
    let pivot = numbers[(low + high) / 2]
    var (left, right) = (low, high)
    while left <= right {
      while numbers[left] > pivot { left += 1 }
      while numbers[right] < pivot { right -= 1 }
      guard left <= right else { break }
      numbers.swapAt(left, right)
      (left, right) = (left + 1, right - 1)
    }
    if rank <= right {
      high = right
    } else if rank >= left {
      low = left
    } else {
      break
    }
  }
  return numbers[rank]
}
