import Records
import Testing

@testable import Harness

@Suite struct WhatWasExtrapolated {
  /// Ten segments were read: the first, eight that were timed and the last.
  @Test func `peak memory says how far into a run it was taken`() throws {
    func formula(early: Int) throws -> String {
      let numbers: [String: Double] = [
        "steps": 5, "evaluation_batches": 2, "early_segments": Double(early), "labelled_segments": 1,
        "early_segment": 0.5, "last_segment": 2, "optimizer_step": 0.25, "timed_segments": 8, "threads": 1,
        "peak_bytes": 1e9,
      ]
      let extrapolation = try #require(Extrapolation(numbers))
      return try #require(extrapolation.formula(of: .peakBytes))
    }
    #expect(
      try formula(early: 31)
        == "the peak of the process that timed its segments, after 10 of the 32 that a run computes: memories of engrams "
        + "grow further")
    #expect(try formula(early: 9).hasSuffix("timed its segments, after no fewer than a run computes"))
  }

  @Test func `the time of an early segment is told to be one of a memory that fills`() throws {
    let numbers: [String: Double] = [
      "steps": 5, "evaluation_batches": 2, "early_segments": 31, "labelled_segments": 1,
      "early_segment": 0.5, "last_segment": 2, "optimizer_step": 0.25, "timed_segments": 8, "threads": 1,
    ]
    let extrapolation = try #require(Extrapolation(numbers))
    #expect(
      extrapolation.basis.hasPrefix("the median of 8 early segments after the first, while memories fill, "))
    #expect(extrapolation.formula(of: .peakBytes) == nil)
  }
}
