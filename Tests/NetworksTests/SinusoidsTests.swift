import Expectations
import Foundation
import Networks
import Tensors
import Testing

@Suite struct SinusoidsTests {
  @Test func `sine and cosine are as accurate as double precision`() {
    var largest = 0.0
    for step in 0..<200_000 {
      let x = Double(step) * 0.3276789 * (step % 3 == 0 ? -1 : 1)
      let (sine, cosine) = sineAndCosine(x)
      largest = max(largest, abs(sine - sin(x)), abs(cosine - cos(x)))
    }
    for x in [0.0, 1e-300, .pi / 4, .pi / 2, .pi, 2 * .pi, 2e4 * .pi, 65_535.9, -65_536, 65_536] {
      let (sine, cosine) = sineAndCosine(x)
      largest = max(largest, abs(sine - sin(x)), abs(cosine - cos(x)))
    }
    #expect(largest < 1e-15)
    #expect(sineAndCosine(0) == (0, 1))
    #expect(sineAndCosine(-0.0).sine.sign == .minus)
  }

  @Test func `angles beyond those that are checked are refused`() async {
    for x in [65_536.01, -1e7, .infinity, .nan] {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [bits = x.bitPattern as UInt64] in
        _ = sineAndCosine(Double(bitPattern: bits))
      }
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains("sine and cosine were asked for \(x); they are computed"))
    }
  }

  @Test(arguments: [(300, 64, 1000), (1024, 512, 1000), (40, 6, 7)])
  func `a table is the sines and cosines of its distances`(rows: Int, width: Int, clamp: Int) {
    let table = Sinusoids(rows: rows, width: width, clamp: clamp).table_PD
    #expect(table.shape == [rows, width] && !table.isTraced)
    let values = table.values
    var largest = 0.0
    for row in 0..<rows {
      let distance = Double(min(rows - 1 - row, clamp))
      for i in 0..<width / 2 {
        let angle = distance * pow(10_000, -Double(2 * i) / Double(width))
        largest = max(largest, abs(Double(values[row * width + i]) - sin(angle)))
        largest = max(largest, abs(Double(values[row * width + width / 2 + i]) - cos(angle)))
      }
    }
    // Half a unit in the last place of single precision is 3e-8.
    #expect(largest < 1e-7)
  }

  @Test func `a table has its pinned bits`() {
    let values = Sinusoids(rows: 600, width: 64, clamp: 555).table_PD.values
    let digest = values.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1.bitPattern)) &* 1_099_511_628_211
    }
    #expect(digest == 2_158_847_454_481_893_805, "\(digest)")
  }

  @Test func `the nearest come last, and the clamped are alike`() {
    let values = Sinusoids(rows: 9, width: 4, clamp: 5).table_PD.values
    #expect(Array(values.suffix(4)) == [0, 0, 1, 1])
    for row in 0..<3 { #expect(Array(values[row * 4..<row * 4 + 4]) == Array(values[12..<16])) }
    #expect(Array(values[12..<16]) != Array(values[16..<20]))
  }
}
