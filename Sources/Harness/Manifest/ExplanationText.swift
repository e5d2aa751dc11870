import Records

extension Explanation {
  /// The explanation for people.
  package var text: String {
    let names = "\(kind)s \(a.short) and \(b.short)"
    let identity = lines.filter(\.isIdentity)
    let others = lines.filter { !$0.isIdentity }
    var text: String
    if isSame {
      text = "\(names) are the same \(kind).\n"
    } else {
      text =
        "\(names) are different: \(counted(identity.count, "part")) of what is hashed \(differ(identity.count)).\n"
      text += table(identity)
    }
    if !others.isEmpty {
      text += "In no hash, or derived from the above:\n" + table(others)
    }
    return text
  }

  /// The explanation for programs.
  package var json: String {
    jsonText(ExplanationJSON(kind: kind, a: a.hex, b: b.hex, same: isSame, differences: lines))
  }

  private func differ(_ count: Int) -> String { count == 1 ? "differs" : "differ" }

  private func table(_ lines: [Line]) -> String {
    let width = lines.map(\.key.count).max() ?? 0
    return lines.map { "  \(padded($0.key, width))  \($0.a) → \($0.b)\n" }.joined()
  }
}

private struct ExplanationJSON: Encodable {
  let kind: String
  let a: String
  let b: String
  let same: Bool
  let differences: [Explanation.Line]
}
