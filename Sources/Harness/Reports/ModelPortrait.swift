import Models
import Records

/// What a run's model is: its name in words, its sizes, its parameters, how far it remembers.
struct ModelPortrait: Sendable {
  let run: Specification
  let work: Workload
  let census: ParameterCensus

  init(_ run: Specification, _ work: Workload) {
    (self.run, self.work) = (run, work)
    census = ParameterCensus(run)
  }

  var sections: [FactSection] { [model, ModelPortrait.parameters(census)] }

  private var model: FactSection {
    FactSection(
      title: "model",
      facts: [
        Fact("kind", "\(run.model.name): \(run.model.words)", .text(run.model.name)),
        ModelPortrait.reach(work.reach, segmentLength: work.segmentLength),
      ])
  }

  /// How far back a token can matter, in segments and in tokens.
  static func reach(_ reach: Reach, segmentLength L: Int) -> Fact {
    let (words, value): (String, FactValue)
    switch reach {
    case .unbounded:
      words = "no bound is promised: no segment is left out for being too far back"
      value = .object(["unit": .text("unbounded")])
    case .segments(0):
      words = "its own segment alone, at most \((L - 1).grouped) tokens back: nothing is remembered"
      value = .object(["unit": .text("segments"), "count": .integer(0)])
    case .segments(let count):
      words =
        "its own segment and \(counted(count, "segment")) before it, at most \(count.grouped) × \(L.grouped) + "
        + "\((L - 1).grouped) = \((count * L + L - 1).grouped) tokens back"
      value = .object(["unit": .text("segments"), "count": .integer(count)])
    case .tokens(let count):
      let segments = reach.segments(ofLength: L) ?? 0
      words =
        "\(counted(count, "token")) back, which is ⌈\(count.grouped) / \(L.grouped)⌉ = "
        + "\(counted(segments, "segment")) before its own at most"
      value = .object([
        "unit": .text("tokens"), "count": .integer(count), "segments": .integer(segments),
      ])
    }
    return Fact("reach", words, value)
  }

  /// Groups of parameters with their sums, and what the published implementation has besides.
  static func parameters(_ census: ParameterCensus) -> FactSection {
    var facts = census.groups.map { group in
      Fact(
        group.name, label: group.name, arithmetic(of: group),
        .object([
          "count": .integer(group.count), "each": .integer(group.each), "layers": .integer(group.layers),
          "shapes": .object(
            Dictionary(
              uniqueKeysWithValues: group.shapes.map { ($0.name, .list($0.extents.map { .integer($0) })) })),
        ]))
    }
    let counts = census.groups.map(\.count.grouped).joined(separator: " + ")
    facts.append(Fact("in_all", "\(counts) = \(census.count.grouped)", .integer(census.count)))
    guard !census.unused.isEmpty else { return FactSection(title: "parameters", facts: facts) }
    facts.append(
      Fact(
        "unused",
        "The reference implementation allocates besides, and never uses:\n"
          + census.unused.map { "\($0.name), \($0.count.grouped): \($0.reason)" }.joined(separator: "\n"),
        .list(
          census.unused.map {
            .object(["name": .text($0.name), "count": .integer($0.count), "reason": .text($0.reason)])
          })))
    let allocated = census.count + census.unusedCount
    let terms = ([census.count] + census.unused.map(\.count)).map(\.grouped).joined(separator: " + ")
    facts.append(
      Fact(
        "reference", "with these settings it would have \(terms) = \(allocated.grouped)",
        .integer(allocated)))
    return FactSection(title: "parameters", facts: facts)
  }

  /// `512 × 1,536 + 1,536 = 787,968; × 5 layers = 3,939,840`
  private static func arithmetic(of group: ParameterCensus.Group) -> String {
    let terms = group.shapes.map {
      $0.extents.isEmpty ? "1" : $0.extents.map(\.grouped).joined(separator: " × ")
    }
    var words = terms.joined(separator: " + ")
    if terms.count > 1 || terms[0].contains("×") { words += " = \(group.each.grouped)" }
    if group.layers > 1 { words += "; × \(group.layers) layers = \(group.count.grouped)" }
    return words
  }
}
