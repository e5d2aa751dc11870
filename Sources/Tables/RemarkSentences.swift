extension Table {
  /// The remarks as sentences, one a line, the first of them a heading; empty where none are asked for.
  var remarkLines: [String] {
    guard let remarks else { return [] }
    let sentences = RemarkSentences(self, remarks)
    return [sentences.heading] + remarks.places.flatMap(sentences.sentences(of:)) + sentences.overAll
  }
}

extension Remarks.Place {
  /// Whether every side has series that have something to lose, so that losses can be compared.
  fileprivate var haveLosers: Bool { !measured.leastLost.isEmpty && published?.leastLost.isEmpty != true }
}

/// Puts remarks into words.
private struct RemarkSentences {
  private let table: Table
  private let remarks: Remarks
  private let along: String
  private let about: String?

  init(_ table: Table, _ remarks: Remarks) {
    self.table = table
    self.remarks = remarks
    along = remarks.specification.along
    about = remarks.specification.about
  }

  private var tier: String { table.heading.tier }
  private var isCompared: Bool { remarks.places.contains { $0.published != nil } }

  var heading: String {
    let sides = isCompared ? ", by the same rule for \(tier) and published" : ""
    return "What these numbers show\(sides) (losses in \(table.unit.shownDifference)):"
  }

  /// Who loses least, who is best where, and from where on.
  func sentences(of place: Remarks.Place) -> [String] {
    let complete = place.complete.count
    let sides = place.published == nil ? "" : " on both sides"
    let count = "\(complete) of \(place.planned.count) series complete\(sides)"
    guard complete > 1, place.along.count > 1 else {
      return ["\(prefix(place))\(count): nothing to compare yet."]
    }
    let few = complete < place.planned.count ? " (\(count))" : ""
    var sentences = floored(place)
    sentences += [
      "\(prefix(place))least lost from \(place.along[0]) to \(place.along[place.along.count - 1]) \(along)\(few): "
        + beside(place, least)
        + (place.haveLosers ? verdict(place) { $0.leastLost } : "."),
      "\(prefix(place))best\(few): " + beside(place) { winners($0, place.along) }
        + bestVerdict(place),
    ]
    if let about, place.complete.contains(about) {
      sentences.append(
        "\(prefix(place))\(about) is best\(few): "
          + beside(place) { side in
            side.leadsFrom.map { "from \($0) \(along) on" } ?? "not at the last \(along)"
          } + verdict(place) { $0.leadsFrom })
    }
    return sentences
  }

  /// Who has nothing to lose, a sentence for each side that has such series.
  private func floored(_ place: Remarks.Place) -> [String] {
    let sides = [(tier, place.measured)] + (place.published.map { [("published", $0)] } ?? [])
    return sides.filter { !$0.1.atFloor.isEmpty }.map { name, side in
      "\(prefix(place))at the chance floor (less than \(number(Remarks.margin)) above it) at \(place.along[0]) \(along) "
        + "already, so in no comparison of losses (\(name)): \(side.atFloor.joined(separator: ", "))."
    }
  }

  /// `memoria 17.00, from 66.00`
  private func least(_ side: Remarks.Side) -> String {
    let parts = side.leastLost.map { name in
      let loss = side.losses[name].map(number) ?? ""
      return "\(name) \(loss)" + (side.values[name]?.first.map { ", from \(number($0))" } ?? "")
    }
    return parts.isEmpty ? "nobody, for all are at the chance floor" : parts.joined(separator: "; ")
  }

  /// What counts over all places, and what one seed is worth.
  var overAll: [String] {
    let places = remarks.places.filter { !$0.complete.isEmpty && $0.along.count > 1 }
    var lines: [String] = []
    if !places.isEmpty {
      let planned = remarks.places.reduce(0) { $0 + $1.planned.count }
      let complete = places.reduce(0) { $0 + $1.complete.count }
      let some = complete < planned ? " (\(complete) of \(planned) complete)" : ""
      lines.append(
        "\(table.specification.cell) \(table.specification.better == .lower ? "rises" : "falls") with every step of "
          + "\(along)\(some): " + worsening(places, tier) { $0.measured }
          + (isCompared ? "; " + worsening(places, "published") { $0.published } : "") + ".")
    }
    if let agreement { lines.append(agreement) }
    if let significance { lines.append(significance) }
    return lines
  }

  private func worsening(
    _ places: [Remarks.Place], _ name: String, _ side: (Remarks.Place) -> Remarks.Side?
  ) -> String {
    var holds = 0
    var exceptions: [String] = []
    for place in places {
      guard let side = side(place) else { continue }
      for member in place.complete where !side.atFloor.contains(member) {
        if side.worsening.contains(member) {
          holds += 1
        } else {
          exceptions.append(member + (place.labels.isEmpty ? "" : " at \(described(place))"))
        }
      }
    }
    let not = exceptions.isEmpty ? "" : ", not \(exceptions.joined(separator: ", "))"
    return "in \(holds) of \(holds + exceptions.count) series (\(name))\(not)"
  }

  /// How much of what was published the measured numbers show too.
  private var agreement: String? {
    let comparable = remarks.places.filter {
      $0.published != nil && $0.along.count > 1 && ($0.isWhole ? $0.complete : $0.planned).count > 1
    }
    guard !comparable.isEmpty else { return nil }
    let places = comparable.filter(\.isWhole)
    let title = "Agreement of \(tier) with published"
    guard !places.isEmpty else { return "\(title): not said before all series of a place are complete." }
    func count(_ isSame: (Remarks.Side, Remarks.Side) -> Bool) -> Int {
      places.count { place in place.published.map { isSame(place.measured, $0) } ?? false }
    }
    var parts = [
      "who loses least, \(count { $0.leastLost == $1.leastLost && !$0.leastLost.isEmpty }) of "
        + "\(places.count(where: \.haveLosers))",
      "who is best, \(places.reduce(0) { $0 + agreeing($1) }) of \(places.reduce(0) { $0 + $1.along.count })",
    ]
    if let about {
      let asked = places.filter { $0.complete.contains(about) }
      let same = asked.count { $0.measured.leadsFrom == $0.published?.leadsFrom }
      parts.append("from where on \(about) is best, \(same) of \(asked.count)")
    }
    let which =
      places.count < comparable.count
      ? " (only the \(places.count) of \(comparable.count) places whose series are all complete)" : ""
    return "\(title)\(which): \(parts.joined(separator: "; "))."
  }

  /// Nobody shall take one run for evidence.
  private var significance: String? {
    let counts = Set(table.groups.flatMap(\.measured).map(\.planned).filter { $0 > 0 })
    let word = table.specification.over == ["seed"] ? "seed" : "run"
    guard let most = counts.max() else { return nil }
    return most == 1
      ? "One \(word) a cell carries no significance: a difference may be the \(word)'s."
      : "Means are compared as they are; whether they differ by more than chance is not tested here."
  }

  // MARK: Parts of sentences

  private func beside(_ place: Remarks.Place, _ words: (Remarks.Side) -> String) -> String {
    let measured = "\(words(place.measured)) (\(tier))"
    return place.published.map { "\(measured) · \(words($0)) (published)" } ?? measured
  }

  private func verdict<T: Equatable>(_ place: Remarks.Place, _ part: (Remarks.Side) -> T) -> String {
    guard place.isWhole, let published = place.published else { return "." }
    return part(place.measured) == part(published) ? ": agrees." : ": differs."
  }

  private func agreeing(_ place: Remarks.Place) -> Int {
    guard let published = place.published else { return 0 }
    return zip(place.measured.best, published.best).count { $0 == $1 }
  }

  private func bestVerdict(_ place: Remarks.Place) -> String {
    place.published == nil || !place.isWhole ? "." : ": agree at \(agreeing(place)) of \(place.along.count)."
  }

  /// `infinity-former at 4, 8; memoria at 16, 32`.
  private func winners(_ side: Remarks.Side, _ along: [String]) -> String {
    var runs: [(names: [String], steps: [String])] = []
    for (names, step) in zip(side.best, along) {
      if runs.last?.names == names {
        runs[runs.count - 1].steps.append(step)
      } else {
        runs.append((names, [step]))
      }
    }
    return runs.map { "\(named($0.names)) at \($0.steps.joined(separator: ", "))" }.joined(separator: "; ")
  }

  private func named(_ names: [String]) -> String { names.joined(separator: " and ") }

  private func prefix(_ place: Remarks.Place) -> String {
    place.labels.isEmpty ? "" : described(place) + ": "
  }

  private func described(_ place: Remarks.Place) -> String {
    zip(remarks.keys, place.labels).map { key, label in
      "\(key) \(isCompared ? table.specification.publishedAs.described(label, of: key) : label)"
    }.joined(separator: ", ")
  }

  private func number(_ loss: Double) -> String {
    DecimalText(loss, scaledByTenTo: table.unit.power).fixed(decimals: table.unit.isFraction ? 2 : 4)
  }
}
