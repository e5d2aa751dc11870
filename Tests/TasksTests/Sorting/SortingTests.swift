import Tasks
import Testing

@Suite struct SortingExamples {
  static let sizes = [
    (symbols: 2, length: 1, segmentLength: 1), (8, 55, 16), (20, 1000, 256), (50, 3, 7), (3, 100, 1000),
  ]

  @Test(arguments: sizes)
  func `tokens are prompt, separator and target but its last; labels are the target, after the prompt`(
    symbols: Int, length: Int, segmentLength: Int
  ) {
    let task = sorting(symbols: symbols, length: length, segmentLength: segmentLength)
    for split in Split.allCases {
      for number in 0..<task.count(of: split) {
        let (tokens, labels) = (
          task.example(number, of: split).tokens, task.example(number, of: split).labels
        )
        #expect(tokens.count == length + symbols && labels.count == tokens.count)
        #expect(tokens[..<length].allSatisfy { (0..<Int32(symbols)).contains($0) })
        #expect(tokens[length] == Int32(symbols))
        #expect(labels[..<length].allSatisfy { $0 == -100 })
        #expect(labels[length...].sorted() == Array(0..<Int32(symbols)))
        #expect(tokens[(length + 1)...] == labels[length..<(length + symbols - 1)])
        #expect(task.example(number, of: split).labelCount == symbols)
      }
    }
    #expect(task.vocabulary == symbols + 1)
    #expect(task.positions == length + symbols)
  }

  /// The order of the target, said pair by pair.
  static func precedes(_ a: Int32, _ b: Int32, in prompt: [Int32]) -> Bool {
    let (countA, countB) = (prompt.count { $0 == a }, prompt.count { $0 == b })
    if countA != countB { return countA > countB }
    if countA == 0 { return a < b }
    return prompt.firstIndex(of: a)! < prompt.firstIndex(of: b)!
  }

  @Test(arguments: sizes)
  func `more frequent symbols come first, equal ones by first occurrence, absent ones last by id`(
    symbols: Int, length: Int, segmentLength: Int
  ) {
    let task = sorting(symbols: symbols, length: length, segmentLength: segmentLength)
    for number in 0..<20 {
      let prompt = task.prompt(number, of: .train)
      let target = Sorting.target(of: prompt, symbols: symbols)
      for (a, b) in zip(target, target.dropFirst()) { #expect(Self.precedes(a, b, in: prompt)) }
      #expect(Array(task.example(number, of: .train).labels.suffix(symbols)) == target)
    }
  }

  @Test func `a target written out`() {
    #expect(Sorting.target(of: [3, 1, 1, 3, 5, 0], symbols: 7) == [3, 1, 5, 0, 2, 4, 6])
  }

  @Test func `an example alone is the example of a batch`() {
    let task = sorting()
    let numbers = [17, 3, 99]
    let segments = task.batch(numbers, of: .train)
    #expect(segments.count == task.segments)
    for (row, number) in numbers.enumerated() {
      let rows = segments.flatMap { $0.tokens[(row * $0.columns)..<((row + 1) * $0.columns)] }
      let labels = segments.flatMap { $0.labels[(row * $0.columns)..<((row + 1) * $0.columns)] }
      let alone = task.example(number, of: .train)
      #expect(rows == alone.tokens && labels == alone.labels)
    }
  }

  @Test func `only the last segment holds labels where they fit into it`() {
    for length in [55, 119, 247, 503] {
      let held = sorting(length: length).batch([0, 1], of: .test).map(\.labelCount)
      #expect(held.last == 16)
      #expect(held.dropLast().allSatisfy { $0 == 0 })
    }
    #expect(sorting(length: 60).batch([0], of: .test).map(\.labelCount) == [0, 0, 0, 4, 4])
  }

  @Test(arguments: [
    (4000, 1024, 4), (8000, 1024, 8), (16000, 1024, 16), (32000, 1024, 32), (48000, 1024, 47),
    (1000, 256, 4), (2000, 256, 8), (4000, 256, 16), (8000, 256, 32),
    (2000, 512, 4), (4000, 512, 8), (8000, 512, 16), (16000, 512, 32),
  ])
  func `published lengths have the published segments`(length: Int, segmentLength: Int, segments: Int) {
    let task = sorting(symbols: 20, length: length, segmentLength: segmentLength)
    #expect(task.segments == segments)
    let derived = Sorting.derived(task.configuration)
    #expect(derived.map(\.key) == ["segments", "last_segment_length"])
    #expect(derived.map(\.value) == [segments, length + 20 - (segments - 1) * segmentLength])
  }
}
