import Archive

/// Findings of one kind that one command line mends, told together where they are many.
struct FindingGroup: Sendable {
  private let kind: Archive.Finding.Kind
  private let sentences: [String]
  private let next: String

  /// How many of a kind are told one by one.
  private static let few = 3

  var text: String {
    guard sentences.count > 1 else {
      return sentences.map { "\(kind.rawValue): \($0)\n  next: \(next)\n" }.joined()
    }
    return "\(kind.rawValue): \(sentences.count) files\n" + sentences.map { "  \($0)\n" }.joined()
      + "  next: \(next)\n"
  }

  /// All findings, in the order of the first of each group.
  static func all(of findings: [Archive.Finding], _ advice: Advice) -> [FindingGroup] {
    var members: [String: [Archive.Finding]] = [:]
    var order: [String] = []
    for (place, finding) in findings.enumerated() {
      let alike = advice.alike(finding).map { "\(finding.kind.rawValue) \($0)" } ?? "\(place)"
      if members[alike] == nil { order.append(alike) }
      members[alike, default: []].append(finding)
    }
    return order.flatMap { key -> [FindingGroup] in
      let some = members[key] ?? []
      guard some.count > few else {
        return some.map {
          FindingGroup(kind: $0.kind, sentences: [$0.sentence], next: advice.next(after: $0))
        }
      }
      return [
        FindingGroup(kind: some[0].kind, sentences: some.map(\.sentence), next: advice.next(after: some))
      ]
    }
  }
}
