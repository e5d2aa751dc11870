import Records

/// Random numbers that every run of the tests sees alike (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

/// Entries without conflicts, some in groups up to three deep.
func randomEntries(_ numbers: inout SeededNumbers) -> [String: Value] {
  var settings = Settings()
  var entries: [String: Value] = [:]
  for _ in 0..<Int.random(in: 0...20, using: &numbers) {
    let words = (0..<Int.random(in: 1...4, using: &numbers)).map { _ in randomWord(&numbers) }
    let key = words.joined(separator: ".")
    guard settings.conflict(with: key) == nil else { continue }
    let value = randomValue(&numbers, depth: 2)
    settings[key] = value
    entries[key] = value
  }
  return entries
}

/// A value of any type, often at the edge of a width.
func randomValue(_ numbers: inout SeededNumbers, depth: Int) -> Value {
  switch Int.random(in: 0..<(depth > 0 ? 5 : 4), using: &numbers) {
  case 0: return .boolean(.random(using: &numbers))
  case 1: return .integer(Int(truncatingIfNeeded: numbers.next()) >> Int.random(in: 0..<64, using: &numbers))
  case 2: return .real(randomReal(&numbers))
  case 3:
    let letters = ["a", "é", "e\u{301}", "水", "𐅑", "\u{0}", "z"]
    return .text(
      (0..<Int.random(in: 0...30, using: &numbers)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &numbers)]
      }.joined())
  default:
    return .list(
      (0..<Int.random(in: 0...4, using: &numbers)).map { _ in randomValue(&numbers, depth: depth - 1) })
  }
}

/// Finite, of each of the three widths about equally often.
private func randomReal(_ numbers: inout SeededNumbers) -> Double {
  let word = numbers.next()
  let number =
    switch word % 3 {
    case 0: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: word >> 16)))
    case 1: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word >> 16)))
    default: Double(bitPattern: numbers.next())
    }
  return number.isFinite ? number : 0.5
}

private func randomWord(_ numbers: inout SeededNumbers) -> String {
  let letters = ["a", "b", "z", "0", "9", "_"]
  return (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
    letters[Int.random(in: 0..<letters.count, using: &numbers)]
  }.joined()
}
