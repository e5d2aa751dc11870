import Expectations
import Tensors
import Testing

@Suite struct GatheringTests {
  @Test(arguments: [1, 5, 64])
  func `chosen rows stand one after another, and zeros behind them`(width: Int) {
    let tables = (0..<3).map { plainNoise((4 + $0) * width, seed: UInt64($0)) }
    let chosen = [
      ChosenRows(tables[0], [3, 0, 3]), ChosenRows(tables[1], []), ChosenRows(tables[2], [5, 1, 2, 4]),
    ]
    for places in [4, 6] {
      var expected: [Float] = []
      for chosen in chosen {
        for row in chosen.rows { expected += chosen.table_ND[row * width..<(row + 1) * width] }
        expected += [Float](repeating: 0, count: (places - chosen.rows.count) * width)
      }
      for (name, found) in onEveryProcessor({ gathered(chosen, places: places, width: width) }) {
        #expect(found.shape.extents == [3, places, width])
        expectSameBits(found.values, expected, "\(name)")
      }
    }
  }

  @Test func `nobody chosen is no places`() {
    let nobody = gathered([ChosenRows([], []), ChosenRows([1, 2], [])], places: 0, width: 2)
    #expect(nobody.shape.extents == [2, 0, 2])
  }

  @Test func `a row that is not there is told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gathered([ChosenRows([1, 2, 3, 4], [2])], places: 1, width: 2)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a row outside 0..<2 was chosen of a table of vectors"), "\(text)")
  }
}
