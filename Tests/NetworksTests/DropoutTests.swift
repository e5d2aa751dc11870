import Expectations
import Networks
import Tensors
import Testing

@Suite struct DropoutTests {
  private func moment(isTraining: Bool) -> Moment {
    Moment(
      seed: 3, step: 4, segment: 1, segments: 3, segmentLength: 7, examples: [5, 9], isTraining: isTraining)
  }

  @Test(arguments: [0..<7, 0..<2, 3..<5, 6..<7])
  func `some positions are dropped like those of all`(positions: Range<Int>) {
    let dropout = Dropout(0.4, in: Parameters(seed: 1).root["dropout"])
    let x_BLD = Tensor([2, 7, 5], plainNoise(70))
    let whole = dropout(x_BLD, at: moment(isTraining: true)).positions(positions)
    let some = dropout(
      x_BLD.positions(positions), at: moment(isTraining: true).from(position: positions.lowerBound))
    expectSameBits(some.values, whole.values)
    #expect((whole.values != x_BLD.positions(positions).values) as Bool)
    expectSameBits(
      dropout(x_BLD, at: moment(isTraining: false).from(position: 2)).values, x_BLD.values)
  }

  @Test func `a table that all sequences share begins with its first row, whatever positions are computed`() {
    let dropout = Dropout(0.4, in: Parameters(seed: 1).root["dropout"])
    let table_PD = Tensor([6, 5], plainNoise(30))
    let moment = moment(isTraining: true)
    expectSameBits(
      dropout(shared: table_PD, at: moment.from(position: 3)).values,
      dropout(shared: table_PD, at: moment).values)
  }
}
