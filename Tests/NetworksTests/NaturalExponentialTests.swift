import Expectations
import Networks
import Testing

@Suite struct NaturalExponentialTests {
  @Test func `exponentials are within two roundings of the truth`() {
    var worst = 0.0
    for step in -70_800...70_900 {
      let x = Double(step) / 100 + 0.00123 * Double(step % 7)
      guard x >= -708 && x <= 709 else { continue }
      let truth = Double.exponential(x)
      worst = max(worst, abs(naturalExponential(x) - truth) / truth)
    }
    #expect(worst < 4.5e-16, "\(worst)")
  }

  @Test func `logarithms lead back`() {
    for step in 1...4000 {
      let x = Double(step) / 40
      #expect(abs(naturalExponential(naturalLogarithm(x)) / x - 1) < 2e-15)
    }
  }

  @Test func `small, large and special numbers have exponentials`() {
    #expect(naturalExponential(0) == 1)
    #expect(naturalExponential(1e-300) == 1)
    #expect(naturalExponential(-708.5) == 0 && naturalExponential(-.infinity) == 0)
    #expect(naturalExponential(709.5) == .infinity && naturalExponential(.infinity) == .infinity)
    #expect(naturalExponential(.nan).isNaN)
  }
}
