import Tasks

/// A sorting task of the quick experiments' kind, with what a test does not care about filled in.
func sorting(
  symbols: Int = 8, length: Int = 55, segmentLength: Int = 16, examples: Int = 100, testExamples: Int = 100,
  dataSeed: Int = 1
) -> Sorting {
  Sorting(
    Sorting.Configuration(
      symbols: symbols, length: length, segmentLength: segmentLength, examples: examples,
      validationExamples: 100, testExamples: testExamples, dataSeed: dataSeed))
}
