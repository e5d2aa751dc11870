import Tensors
import Testing

/// What a wrong use says before the program stops.
@Suite struct RequireTests {
  private func expect(
    _ result: ExitTest.Result?, says sentence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(sentence), "it said: \(text)", sourceLocation: sourceLocation)
  }

  @Test func `shapes that do not fit are told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3], repeating: 0) + Tensor([3, 2], repeating: 0)
      }, says: "cannot add [2, 3] and [3, 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3], [1, 2])
      }, says: "2 numbers do not fill a tensor of shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3], repeating: 0).mapped(by: Tensor([2, 3], repeating: 0))
      }, says: "cannot map [2, 3] by a weight of [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3], repeating: 0).layerNorm(
          gain: Tensor([2], [1, 1]), bias: Tensor([3], [1, 1, 1]), epsilon: 1)
      }, says: "a gain of [2] and a bias of [3] do not fit [2, 3]")
  }

  @Test func `numbers that do not exist are told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 1], repeating: 0).lookup([2], leading: [1])
      }, says: "a number outside 0..<2 was looked up")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 1], repeating: 0).rows([1 << 30])
      }, says: "a row outside 0..<2 was chosen")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 1], repeating: 0).rows([1, 0, 1])
      }, says: "row 1 was chosen twice")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3], repeating: 0).crossEntropies(labels: [0, 3])
      }, says: "a label is not below the 3 classes")
  }

  @Test func `attention that cannot be is told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let attention = Attention(heads: 1, scale: 1, isCausal: false, dropout: nil)
        _ = attention(queryKeyValue_BLE: Tensor([1, 2, 8], repeating: 0))
      }, says: "queries, keys and values cannot lie side by side in [1, 2, 8]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let attention = Attention(heads: 1, scale: 1, isCausal: false, dropout: nil)
        _ = attention(
          query_BLD: Tensor([1, 2, 2], repeating: 0), keyValue_BME: Tensor([1, 3, 4], repeating: 0),
          visible: [4])
      }, says: "[4] of 3 keys cannot be visible")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let attention = Attention(heads: 3, scale: 1, isCausal: false, dropout: nil)
        _ = attention(
          query_BLD: Tensor([1, 2, 2], repeating: 0), keyValue_BME: Tensor([1, 3, 4], repeating: 0))
      }, says: "3 heads do not divide a width of 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let place = Place(seed: 1, purpose: .dropout, site: 1, step: 1)
        let mask = DropoutMask(place: place, rate: 0.5, origins: [1], rows: 2, columns: 3)
        let attention = Attention(heads: 1, scale: 1, isCausal: false, dropout: mask)
        _ = attention(
          query_BLD: Tensor([2, 2, 2], repeating: 0), keyValue_BME: Tensor([2, 3, 4], repeating: 0))
      }, says: "does not fit")
  }

  @Test func `positions, columns and heads that do not exist are told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3, 4], repeating: 0).mixed(by: Tensor([5, 4], repeating: 0))
      }, says: "the positions of [2, 3, 4] cannot be mixed by weights of [5, 4]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3, 4], repeating: 0).mixed(by: Tape().watch(Tensor([2, 5, 3], repeating: 0)))
      }, says: "weights of [2, 5, 3], one for each sequence, have no gradient")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3], repeating: 0).columns(1..<4)
      }, says: "[2, 3] has no columns 1..<4: they end at 3")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3, 4], repeating: 0).headScores(with: Tensor([2, 2, 4], repeating: 0), heads: 2)
      }, says: "queries of [2, 3, 4] cannot be scored with keys of [2, 2, 4]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, 3, 4], repeating: 0).headScores(with: Tensor([2, 1, 4], repeating: 0), heads: 3)
      }, says: "3 heads do not divide a width of 4")
  }

  @Test func `continuous attention that cannot be is told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ContinuousAttention(heads: 1, centres: [0, 1], variances: [1])
      }, says: "2 centres and 1 variances make no basis")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ContinuousAttention(heads: 1, centres: [0, 1], variances: [1, 0])
      }, says: "a basis function has no width: its variance is not above 0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let attention = ContinuousAttention(heads: 2, centres: [0, 1], variances: [1, 1])
        _ = attention(
          mean_BLH: Tensor([1, 3, 2], repeating: 0), variance_BLH: Tensor([1, 3, 2], repeating: 1),
          value_BND: Tensor([1, 3, 4], repeating: 0))
      }, says: "of 2 heads cannot look at values of [1, 3, 4] on 2 basis functions")
  }

  @Test func `gradients that cannot be had are told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let tape = Tape()
        let x = tape.watch(Tensor([2], [1, 2]))
        _ = tape.gradients(of: x * 2, for: [x])
      }, says: "only a single number has one")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tape().gradients(of: Tensor([1], [1]), for: [Tensor([1], [1])])
      }, says: "which this tape does not watch")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tape().watch(Tensor([1], [1])) + Tape().watch(Tensor([1], [1]))
      }, says: "two tapes")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let tape = Tape()
        let x = tape.watch(Tensor([1], [1]))
        let y = x * 2
        _ = tape.gradients(of: y, for: [x])
        _ = tape.gradients(of: y, for: [x])
      }, says: "swept")
  }

  @Test func `places beyond the space of random numbers are told`() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Place(seed: 1, purpose: .data, site: 1, step: 1).word(1 << 58)
      }, says: "beyond 58 bits")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = DropoutMask(
          place: Place(seed: 1, purpose: .data, site: 1, step: 1), rate: 1, origins: [], rows: 1, columns: 1)
      }, says: "a dropout rate of 1.0 is not between 0 and 1")
  }
}
