import Records

/// The text under which a value is an axis label and joins with other tables.
///
/// Equal numbers have equal labels however they are written, so `1024` of a CSV file, `.integer(1024)`
/// and `.real(1024)` meet. An absent value is the empty label.
func label(_ value: Value?) -> String {
  guard let value else { return "" }
  return label(text: value.description)
}

func label(text: String) -> String {
  guard let number = JSONNumber(text)?.value, number.isFinite else { return printable(text) }
  // Beyond 2^53 a Double no longer tells neighbouring integers apart; such text is its own label.
  guard number.magnitude <= 9_007_199_254_740_992 else { return text }
  if number == number.rounded() { return String(Int64(number)) }
  return "\(number)"
}

/// Order of labels without a given order: nothing, numbers by size, then text by bytes.
func precedes(_ a: String, _ b: String) -> Bool {
  switch (JSONNumber(a)?.value, JSONNumber(b)?.value) {
  case (let x?, let y?): x == y ? a.utf8.lexicographicallyPrecedes(b.utf8) : x < y
  case (_?, nil): !b.isEmpty
  case (nil, _?): a.isEmpty
  case (nil, nil): a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}

/// The order of coordinates along some keys: a manifest's order where it gives one, `precedes` elsewhere.
struct AxisOrder {
  private let ranks: [[String: Int]]

  init(keys: [String], given: [String: [Value]]) {
    ranks = keys.map { key in
      var rank: [String: Int] = [:]
      for value in given[key] ?? [] where rank[label(value)] == nil { rank[label(value)] = rank.count }
      return rank
    }
  }

  /// The order in which labels of each key first appear, unless all of them are numbers: those go by size.
  init(appearance: [[String]], keys: Int) {
    ranks = (0..<keys).map { key in
      var rank: [String: Int] = [:]
      for labels in appearance where rank[labels[key]] == nil { rank[labels[key]] = rank.count }
      return rank.keys.allSatisfy { JSONNumber($0) != nil } ? [:] : rank
    }
  }

  func sorted(_ coordinates: some Sequence<[String]>) -> [[String]] { coordinates.sorted(by: precedes) }

  private func precedes(_ a: [String], _ b: [String]) -> Bool {
    for (index, rank) in ranks.enumerated() where a[index] != b[index] {
      switch (rank[a[index]], rank[b[index]]) {
      case (let x?, let y?): return x < y
      case (_?, nil): return true
      case (nil, _?): return false
      case (nil, nil): return Tables.precedes(a[index], b[index])
      }
    }
    return false
  }
}

/// A number spelled as JSON spells it: no leading zeros, no `+`, no `inf`, no hexadecimal.
struct JSONNumber {
  let value: Double

  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func digits() -> Int {
      let start = rest.count
      rest = rest.drop { $0 >= 0x30 && $0 <= 0x39 }
      return start - rest.count
    }
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let leadsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, whole == 1 || !leadsWithZero else { return nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard digits() > 0 else { return nil }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard digits() > 0 else { return nil }
    }
    guard rest.isEmpty, let value = Double(text) else { return nil }
    self.value = value
  }
}
