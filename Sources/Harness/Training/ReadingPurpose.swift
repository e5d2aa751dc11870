package import Tasks

/// What one segment of a document is read for.
package enum ReadingPurpose: Equatable {
  /// For nothing that matters: it is not read.
  case nothing
  /// For what it leaves to the next alone.
  case memory
  /// For its labels alone, which lie at these positions: nobody reads on.
  case labels(Range<Int>)
  /// For all that a model makes of it.
  case everything

  /// What the segments of a batch are read for, in their order.
  ///
  /// - reach: Segments back that matter to an output; nil for no bound.
  /// - isLogged: Whether the memory keeps a log, which tells of all segments.
  package static func plan(
    _ segments: [Segment], reach: Int?, isLogged: Bool, omission: Omission
  ) -> [ReadingPurpose] {
    guard omission == .everythingNeedless else { return segments.map { _ in .everything } }
    return segments.map { segment in
      let isReadOn = segments.contains { later in
        later.number > segment.number
          && (isLogged || later.holdsLabels && later.number - segment.number <= reach ?? .max)
      }
      guard let positions = segment.labelledPositions else {
        return isReadOn || isLogged ? .memory : .nothing
      }
      return isReadOn ? .everything : .labels(positions)
    }
  }

  /// Whether the next segment finds what this one leaves.
  var leavesMemory: Bool { self == .memory || self == .everything }
}

extension Segment {
  /// The positions from the first to the last that is labelled in any sequence; nil without labels.
  package var labelledPositions: Range<Int>? {
    let positions = labels.indices.filter { labels[$0] != Example.noLabel }.map { $0 % columns }
    guard let first = positions.min(), let last = positions.max() else { return nil }
    return first..<last + 1
  }

  /// The labels of every sequence in turn, whose they are, and where they are among rows [B·R] of `positions`.
  package func labelled(among positions: Range<Int>) -> (rows: [Int32], sequences: [Int], labels: [Int32]) {
    let places = labels.indices.filter { labels[$0] != Example.noLabel }
    return (
      places.map { Int32($0 / columns * positions.count + $0 % columns - positions.lowerBound) },
      places.map { $0 / columns }, places.map { labels[$0] }
    )
  }
}
