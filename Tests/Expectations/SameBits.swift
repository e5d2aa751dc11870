package import Testing

/// Expects two arrays to be equal bit for bit, and names the first element that is not.
///
/// All NaN are one: no instruction set promises their payload.
package func expectSameBits(
  _ found: [Float], _ expected: [Float], _ what: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record(
      "\(what()): \(found.count) elements, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for i in found.indices where found[i].bitPattern != expected[i].bitPattern {
    if found[i].isNaN && expected[i].isNaN { continue }
    Issue.record(
      "\(what()): element \(i) of \(found.count) is \(found[i]), expected \(expected[i])",
      sourceLocation: sourceLocation)
    return
  }
}
