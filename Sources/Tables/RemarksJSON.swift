extension Remarks {
  /// The remarks as data, numbers in the stored unit.
  func json(pairing: PublishedAs) -> JSON {
    .object([
      ("along", .string(specification.along)),
      ("of", .string(specification.of)),
      ("about", .optional(specification.about)),
      (
        "places",
        .array(
          places.map { place in
            .object([
              ("at", Tables.place(keys, place.labels)),
              (
                "published_at",
                Tables.place(keys, zip(keys, place.labels).map { pairing.published($1, of: $0) })
              ),
              ("along", .array(place.along.map { .label($0) })),
              ("planned", .array(place.planned.map { .label($0) })),
              ("complete", .array(place.complete.map { .label($0) })),
              ("is_whole", .boolean(place.isWhole)),
              ("measured", json(place.measured, place)),
              ("published", place.published.map { json($0, place) } ?? .null),
            ])
          })
      ),
    ])
  }

  private func json(_ side: Side, _ place: Place) -> JSON {
    .object([
      ("losses", .object(place.complete.map { ($0, .optional(side.losses[$0])) })),
      ("at_floor", .array(side.atFloor.map { .label($0) })),
      ("least_lost", .array(side.leastLost.map { .label($0) })),
      ("best", .array(side.best.map { .array($0.map { .label($0) }) })),
      ("leads_from", side.leadsFrom.map { .label($0) } ?? .null),
      ("worsening", .array(side.worsening.map { .label($0) })),
    ])
  }
}
