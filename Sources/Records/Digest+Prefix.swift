/// What the beginning of a hash may stand for.
package enum Resolution: Sendable, Hashable {
  /// Exactly one begins so.
  case one(Digest)
  /// None does.
  case none
  /// Several do; sorted.
  case ambiguous([Digest])
}

extension Digest {
  /// Which of `candidates` begins with the hexadecimal digits `prefix`, by git's rules: at least 4 digits, in
  /// either case, and only one candidate may fit. A candidate that is given twice counts once.
  ///
  /// Throws `malformedPrefix` for fewer than 4 or more than 64 digits and for other characters.
  package static func resolve(
    prefix: String, among candidates: some Sequence<Digest>
  ) throws(RecordsError) -> Resolution {
    let digits = prefix.lowercased().utf8.compactMap(Digest.value(ofDigit:))
    guard digits.count == prefix.utf8.count, 4...64 ~= digits.count else { throw .malformedPrefix(prefix) }
    var found: Set<Digest> = []
    for candidate in candidates where candidate.begins(with: digits) { found.insert(candidate) }
    guard let first = found.first else { return .none }
    return found.count == 1 ? .one(first) : .ambiguous(found.sorted())
  }

  private func begins(with digits: [UInt8]) -> Bool {
    for (place, digit) in digits.enumerated() {
      let byte = bytes[place / 2]
      if (place % 2 == 0 ? byte >> 4 : byte & 15) != digit { return false }
    }
    return true
  }
}
