import Tensors
import Testing

@Suite struct FunctionStretchTests {
  private func stretch(_ inputs: [Float], _ values: [Float], unit: FunctionStretch.Unit = .result)
    -> FunctionStretch
  {
    FunctionStretch(inputs: inputs, values: values, truth: { $0 }, unit: unit)
  }

  @Test func `errors are counted in steps between floats`() {
    let exact = stretch([1, 2, 3], [1, 2, 3])
    #expect(exact.error == 0 && exact.reversals == 0)
    let off = stretch([1, 2, 3], [1, Float(2).nextUp.nextUp, 3])
    #expect(off.error == 2 && off.worst == 2)
    let tiny = Float.leastNonzeroMagnitude
    #expect(stretch([tiny], [3 * tiny]).error == 2)
    #expect(stretch([1], [1.5]).error == 0x1p22)
    // A value of half the input's size: its own steps are half as long.
    let half = FunctionStretch(inputs: [2], values: [Float(1).nextUp], truth: { _ in 1 }, unit: .input)
    #expect(half.error == 0.5)
  }

  @Test func `what is infinite, not a number or of the wrong sign is infinitely far away`() {
    #expect(stretch([.infinity, .nan], [.infinity, .nan]).error == 0)
    for (x, y) in [
      (Float.nan, Float(0)), (1, .nan), (.infinity, .greatestFiniteMagnitude), (1, -.infinity), (-0.0, 0),
    ] {
      let found = stretch([x], [y])
      #expect(found.error == .infinity, "\(x) \(y)")
      #expect(found.worst.bitPattern == x.bitPattern)
    }
  }

  @Test func `results that turn back are counted, on both sides of zero`() {
    let up = stretch([1, 2, 3, 4, 5], [1, 3, 2, .nan, 1.5])
    #expect(up.reversals == 2 && up.firstReversal == 3)
    let down = stretch([-1, -2, -3, -4], [-1, -2, -1.5, -4])
    #expect(down.reversals == 1 && down.firstReversal == -3)
  }

  @Test func `stretches join without a seam`() {
    var above = stretch([0, 1], [0, 1])
    above.append(stretch([2, 3], [0.5, 3]))
    #expect(above.reversals == 1 && above.firstReversal == 2)
    // Below zero the patterns begin again at zero.
    above.append(stretch([-0.0, -1], [-0.0, -1]))
    #expect(above.reversals == 1)
    above.append(stretch([-2], [-0.5]))
    #expect(above.reversals == 2)
    var crossed = stretch([0, 1], [0.25, 1])
    crossed.append(stretch([-0.5], [0.75]))
    #expect(crossed.reversals == 1 && crossed.firstReversal == -0.5)
  }

  @Test func `every NaN has the same bytes`() {
    #expect(
      canonicalBytes([.nan, -.nan, Float(nan: 5, signaling: false)]) == [
        0, 0, 192, 127, 0, 0, 192, 127, 0, 0, 192, 127,
      ])
    #expect(canonicalBytes([1, -0.0]) == [0, 0, 128, 63, 0, 0, 0, 128])
  }
}
