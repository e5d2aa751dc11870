import Expectations
import Models
import Networks
import Tensors
import Testing

@Suite struct StickySamplingTests {
  private func sampling(bins: Int, samples: Int) -> StickySampling {
    StickySampling(bins: bins, samples: samples, in: Parameters(seed: 1).root["sampling"])
  }

  private func moment(examples: [Int], segment: Int = 3, step: Int = 4) -> Moment {
    Moment(
      seed: 7, step: step, segment: segment, segments: 8, segmentLength: 6, examples: examples,
      isTraining: false)
  }

  @Test func `bins are as probable as they are attended to`() {
    // Half of the attention is in the first quarter, half in the last.
    let probabilities = sampling(bins: 4, samples: 2).probabilities(
      mean: Tensor([1, 2, 1], [0.125, 0.875]), variance: Tensor([1, 2, 1], [1e-4, 1e-4]))
    for (found, expected) in zip(probabilities[0], [0.5, 0, 0, 0.5]) { #expect(abs(found - expected) < 1e-6) }
    let flat = sampling(bins: 128, samples: 2).probabilities(
      mean: Tensor([1, 1, 1], [0.5]), variance: Tensor([1, 1, 1], [1e4]))[0]
    // The outermost bins are a ten-thousandth wider.
    #expect(flat.allSatisfy { abs($0 * 128 - 1) < 1e-3 })
    #expect(abs(flat.reduce(0, +) - 1) < 1e-12)
  }

  @Test func `a number draws the first bin whose cumulated probability exceeds it`() {
    #expect(
      StickySampling.quantiles(of: [0.25, 0, 0.5, 0.25], at: [0, 0.1, 0.25, 0.3, 0.74, 0.75, 0.999])
        == [0, 0, 2, 2, 2, 3, 3])
    // What rounding leaves, and what is no number, goes to the last.
    #expect(StickySampling.quantiles(of: [0.5, 0.4999], at: [0.9999]) == [1])
    #expect(StickySampling.quantiles(of: [.nan, .nan, .nan], at: [0.1, 0.2]) == [2, 2])
  }

  @Test func `samples follow their probabilities, in order, and repeat`() {
    let sampling = sampling(bins: 8, samples: 20_000)
    let (mean, variance) = (Tensor([1, 1, 1], [0.3]), Tensor([1, 1, 1], [0.02]))
    let drawn = sampling.drawn(mean: mean, variance: variance, at: moment(examples: [5]))
    #expect(drawn.count == 20_000 && drawn == drawn.sorted())
    for (bin, probability) in sampling.probabilities(mean: mean, variance: variance)[0].enumerated() {
      let found = Double(drawn.count { $0 == Int32(bin) }) / 20_000
      // Five standard deviations.
      #expect(abs(found - probability) < 5 * (probability * (1 - probability) / 20_000).squareRoot() + 1e-9)
    }
  }

  @Test func `samples are looked up by example, segment, step and place`() {
    let sampling = sampling(bins: 128, samples: 12)
    let mean = Tensor([2, 3, 2], plainNoise(12, seed: 1).map { 0.5 + 0.4 * $0 })
    let variance = Tensor([2, 3, 2], plainNoise(12, seed: 2).map { 0.1 + abs($0) })
    let both = sampling.drawn(mean: mean, variance: variance, at: moment(examples: [5, 9]))
    let alone = sampling.drawn(
      mean: Tensor([1, 3, 2], Array(mean.values[6..<12])),
      variance: Tensor([1, 3, 2], Array(variance.values[6..<12])), at: moment(examples: [9]))
    #expect(Array(both[12..<24]) == alone)
    #expect(both == sampling.drawn(mean: mean, variance: variance, at: moment(examples: [5, 9])))
    for other in [
      moment(examples: [5, 8]), moment(examples: [5, 9], segment: 4), moment(examples: [5, 9], step: 5),
    ] {
      #expect(Array(sampling.drawn(mean: mean, variance: variance, at: other)[12..<24]) != alone)
    }
    let elsewhere = StickySampling(bins: 128, samples: 12, in: Parameters(seed: 1).root["other"])
    #expect(elsewhere.drawn(mean: mean, variance: variance, at: moment(examples: [5, 9])) != both)
    #expect(sampling.leftEdges[64] == 0.5 && sampling.leftEdges.count == 128)
  }
}
