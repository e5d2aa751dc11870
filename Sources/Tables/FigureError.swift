package import Records

/// Why a figure cannot be made.
package enum FigureError: Error, CustomStringConvertible {
  case repeatedKey(figure: String, key: String)
  case needlessPairs(figure: String)
  case unpublished(figure: String, value: String, key: String, known: [String])
  case pairOffAxis(figure: String, key: String)
  case noNumber(figure: String, key: String, value: String)
  case unknownKey(figure: String, key: String, known: [String])
  case mixture(figure: String, of: String, values: [String])
  case unlikeRuns(
    figure: String, place: String, differences: [(key: String, a: String, b: String)], a: Digest, b: Digest)
  /// What is wrong with the numbers, whether they are drawn or printed.
  case numbers(TablesError)

  /// What a table refuses, in the words of a figure.
  init(_ error: TablesError, of figure: String) {
    switch error {
    case .repeatedKey(_, let key): self = .repeatedKey(figure: figure, key: key)
    case .unknownKey(_, let key, let known): self = .unknownKey(figure: figure, key: key, known: known)
    case .mixture(_, let what, let values): self = .mixture(figure: figure, of: what, values: values)
    case .residue(_, let place, let differences, let a, let b):
      self = .unlikeRuns(figure: figure, place: place, differences: differences, a: a, b: b)
    case .pairOffAxis(_, let key, _): self = .pairOffAxis(figure: figure, key: key)
    default: self = .numbers(error)
    }
  }

  package var description: String {
    switch self {
    case .repeatedKey(let figure, let key):
      "figure \(figure) names \(key) twice among x, y, lines, panels and over; each key has one place."
    case .needlessPairs(let figure):
      "figure \(figure) pairs published values, and has no reference; give it one, or remove published_as."
    case .unpublished(let figure, let value, let key, let known):
      "figure \(figure) pairs with the published \(key)=\(value), and nothing was published for it; known are "
        + "\(known.joined(separator: ", "))."
    case .pairOffAxis(let figure, let key):
      "figure \(figure) pairs published values of \(key), which is none of x, lines and panels."
    case .noNumber(let figure, let key, let value):
      "figure \(figure) has \(key) along x, which is \(value.isEmpty ? "absent" : "“\(value)”") in a run; expected "
        + "numbers: put it in lines or panels."
    case .unknownKey(let figure, let key, let known):
      "figure \(figure) asks for \(key), which no run has"
        + (nearest(key, among: known).map { "; did you mean \($0)?" }
          ?? "; known are \(known.joined(separator: ", ")).")
    case .mixture(let figure, let what, let values):
      "figure \(figure) would mix \(what) \(values.joined(separator: " and ")); one figure holds one \(what)."
    case .unlikeRuns(let figure, let place, let differences, let a, let b):
      "figure \(figure), point \(place): runs \(a.short) and \(b.short) differ in "
        + differences.map { "\($0.key) (\(shown($0.a)) and \(shown($0.b)))" }.joined(separator: ", ")
        + ", which is in none of x, lines, panels and over; name it in one of them, or exclude one of the runs."
    case .numbers(let error): error.description
    }
  }
}

private func shown(_ label: String) -> String { label.isEmpty ? "absent" : label }
