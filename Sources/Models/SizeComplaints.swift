import Tensors

// What models of every layout ask of their sizes, in one wording.

/// Sizes that are not from 1 to the most they can be.
func complaintsAboutRanges(_ sizes: [(key: String, value: Int, most: Int)]) -> [Complaint] {
  sizes.filter { !(1...$0.most).contains($0.value) }.map {
    Complaint($0.key, "is \($0.value); it must be from 1 to \($0.most)")
  }
}

/// More numbers to learn than any machine holds.
func complaintsAboutCount(_ numbers: Int, width: Int, layers: Int) -> [Complaint] {
  guard numbers > DecoderSizes.most else { return [] }
  return [
    Complaint(
      "width",
      "is \(width), which with \(layers) layers makes about \(numbers) numbers to learn; the most is "
        + "\(DecoderSizes.most)")
  ]
}

/// A rate of dropout that is none.
func complaintsAboutDropout(_ rate: Double) -> [Complaint] {
  (0..<1).contains(rate) ? [] : [Complaint("dropout", "is \(rate); it must be at least 0 and below 1")]
}
