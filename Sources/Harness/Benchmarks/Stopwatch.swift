/// How long something took, in seconds, of several tries.
struct Timing {
  let median: Double
  let fastest: Double

  init(_ seconds: [Double]) { (median, fastest) = (Harness.median(seconds), seconds.min() ?? 0) }
}

/// Times `body`, which uses up what `prepare` makes for it each time; a try has as many calls as last `least` seconds.
func timing<Material>(
  tries: Int = 9, least: Double = 0.01, prepare: () -> Material, _ body: (Material) -> Void
) -> Timing {
  let clock = ContinuousClock()
  func seconds(calls: Int) -> Double {
    let materials = (0..<calls).map { _ in prepare() }
    return clock.measure { for material in materials { body(material) } } / .seconds(1) / Double(calls)
  }
  // What is prepared takes memory, so it is never much.
  let calls = min(100, max(1, Int((least / max(seconds(calls: 1), 1e-7)).rounded(.up))))
  return Timing((0..<tries).map { _ in seconds(calls: calls) })
}

/// The middle one of an odd number of numbers, the lower middle one of an even number.
func median(_ numbers: [Double]) -> Double { numbers.sorted()[(numbers.count - 1) / 2] }
