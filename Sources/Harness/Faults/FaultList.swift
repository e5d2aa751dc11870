import Archive

/// What `MNEME_FAULT` knows, for people and for programs.
package struct FaultList: Sendable {
  package init() {}

  /// A point a line, then the deeds.
  package var text: String {
    Fault.points.map { "\($0)\n" }.joined() + "\nEach with one of: \(Fault.deeds.joined(separator: ", "))\n"
  }

  package var json: String { jsonText(["points": Fault.points, "deeds": Fault.deeds]) }
}
