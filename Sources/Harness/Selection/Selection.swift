import Records

/// Which runs are meant, in the one language of keys:
///
///     model.kind=memoria task.segments>=8 status=failed
///     model.memory=(none working) seed!=3 not failure=diverged test.accuracy>0.5
///
/// Terms stand beside each other, with spaces or commas between, and all must hold. A term is a key, one of
/// `= != < <= > >=`, and a value; `=` and `!=` take several, `(a b)` or `a,b`, of which one is enough. `not` before a term
/// and `!=` turn it into its opposite, so a run without the key meets them; it meets no other term. Values are read by the
/// type of the key; quotes hold what has spaces. Keys are settings, what follows from them (`task.segments`), `status`,
/// `failure`, `tier`, `manifest` and `run` (a name or the beginning of a hash), `tag`, final metrics and `cost.*`; `note~`
/// looks for a part of a note, whatever its capitals. A run has the tags and notes of the manifests that ask for it, too.
package struct Selection: Sendable, Equatable {
  enum Relation: String, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="
    case holding = "~"

    var isOrder: Bool { ![.equal, .unequal, .holding].contains(self) }
  }

  struct Term: Sendable, Equatable {
    let key: SelectionKey
    let relation: Relation
    /// Whether `not` stands before it.
    let isDenied: Bool
    /// One, or several of which one is enough.
    let values: [Value]
    /// Where the term stands in the text, for errors; letters from zero.
    let place: Range<Int>
  }

  /// As it was written; empty for every run.
  package let text: String
  /// Those that are cheap to answer first.
  let terms: [Term]

  init(text: String, terms: [Term]) {
    self.text = text
    self.terms = terms.enumerated().sorted {
      ($0.element.key.holder.rawValue, $0.offset) < ($1.element.key.holder.rawValue, $1.offset)
    }.map(\.element)
  }

  /// Every run.
  package static let everything = Selection(text: "", terms: [])

  package var isEverything: Bool { terms.isEmpty }
}

extension Selection.Term {
  /// - Parameter facts: the values that a run has under the key: none, one, or several of which one is enough.
  func holds(_ facts: [Value]) -> Bool {
    let isMet = facts.contains { fact in
      values.contains { value in meets(fact, value) }
    }
    return isMet != (isDenied != (relation == .unequal))
  }

  private func meets(_ fact: Value, _ value: Value) -> Bool {
    if case .list(let elements) = fact { return elements.contains { meets($0, value) } }
    switch relation {
    case .equal, .unequal:
      if key.name == "run" || key.name == "manifest" { return isNamed(fact, value) }
      return order(fact, value) == .same
    case .below: return order(fact, value) == .less
    case .atMost: return [.less, .same].contains(order(fact, value))
    case .above: return order(fact, value) == .more
    case .atLeast: return [.more, .same].contains(order(fact, value))
    case .holding: return fact.description.lowercased().contains(value.description.lowercased())
    }
  }

  /// A name as it is, a hash by its beginning.
  private func isNamed(_ fact: Value, _ value: Value) -> Bool {
    let (name, word) = (fact.description, value.description)
    guard let digest = Digest(hex: name) else { return fact == value }
    return word.utf8.count >= 4 && digest.hex.hasPrefix(word.lowercased())
  }

  private enum Order { case less, same, more, none }

  private func order(_ fact: Value, _ value: Value) -> Order {
    switch (fact, value) {
    case (.integer(let a), .integer(let b)): a < b ? .less : a == b ? .same : .more
    default:
      // A metric that is no number is neither less nor more than anything, nor equal to it.
      if let a = fact.number, let b = value.number {
        a < b ? .less : a == b ? .same : a > b ? .more : .none
      } else {
        fact == value ? .same : .none
      }
    }
  }
}

extension Value {
  fileprivate var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .boolean, .text, .list: nil
    }
  }
}
