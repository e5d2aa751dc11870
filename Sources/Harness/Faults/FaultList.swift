import Archive

/// What `MNEME_FAULT` knows, for people and for programs.
package struct FaultList: Sendable {
  package init() {}

  /// A point a line, with who passes it where not every run does, then the deeds.
  package var text: String {
    FaultPoint.allCases.map { point in
      point.rawValue + (point.passers.map { "  (\($0))" } ?? "") + "\n"
    }.joined() + "\nEach with one of: \(Fault.deeds.joined(separator: ", "))\n"
  }

  package var json: String { jsonText(["points": Fault.points, "deeds": Fault.deeds]) }
}
