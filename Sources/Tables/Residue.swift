import Records

/// Refuses what no table may hold: keys that no run has, runs given twice, and mixtures of tiers or numerics.
func refuseUnlikeRuns(
  _ observations: [Observation], heading: Heading, specification: TableSpecification
) throws(TablesError) {
  guard !observations.isEmpty else { return }
  var known: Set<String> = []
  var runs: Set<Digest> = []
  var tiers: Set<String> = [heading.tier]
  var numerics: Set<String> = []
  var last: Observation?
  for observation in observations {
    if !(last.map { observation.hasSameKeys(as: $0) } ?? false) { known.formUnion(observation.keys) }
    last = observation
    tiers.insert(observation.tier)
    numerics.insert(label(observation.value("numerics")))
    guard runs.insert(observation.run).inserted else {
      throw .runTwice(table: specification.name, run: observation.run)
    }
  }
  for key in specification.axes + specification.over where !known.contains(key) {
    throw .unknownKey(table: specification.name, key: key, known: known.sorted())
  }
  guard tiers.count == 1 else {
    throw .mixture(table: specification.name, of: "tier", values: tiers.sorted())
  }
  if numerics.count > 1, !specification.axes.contains("numerics") {
    throw .mixture(table: specification.name, of: "numerics", values: numerics.sorted())
  }
}

/// Refuses to average runs that differ in anything but the keys averaged over.
///
/// Runs of one cell agree on its axes by construction. Whatever else varies among them is the residue: an
/// average over it would be a number about nothing. Runs that wait or failed are held to the same, so that
/// a wrong table is refused before an hour of computing and not after.
func refuseResidue(
  _ runs: [Observation], at place: [String], specification: TableSpecification
) throws(TablesError) {
  guard let first = runs.first else { return }
  let allowed = Set(specification.axes + specification.over)
  for run in runs.dropFirst() {
    let residue = run.settings.differences(from: first.settings).filter { !allowed.contains($0.key) }
    guard residue.isEmpty else {
      throw .residue(
        table: specification.name, place: described(specification.axes, place),
        differences: residue.map { (key: $0.key, a: label($0.old), b: label($0.new)) }, a: first.run,
        b: run.run)
    }
  }
}
