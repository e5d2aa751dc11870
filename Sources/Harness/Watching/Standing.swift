package import Archive
package import Records

/// How one run stands, as the store has it at one moment: what `mneme status` and `mneme watch` show.
package struct Standing: Sendable {
  /// A run to look at.
  package struct Subject: Sendable {
    package let run: Digest
    package let label: String
    /// The canonical bytes of its settings, where they are known without the store.
    package let known: [UInt8]?

    package init(run: Digest, label: String, known: [UInt8]? = nil) {
      (self.run, self.label, self.known) = (run, label, known)
    }
  }

  package let run: Digest
  package let label: String
  package let state: RunState
  /// The newest step: of a checkpoint, or of the live log while the run goes on.
  package var step: Int?
  /// What the live log says of a run that goes on.
  package var live: LivePosition?
  /// How the last attempt failed, in a sentence.
  package var message: String?
  /// When the last attempt failed, in UTC; seconds since 1970 when the result was published.
  package var failed: String?
  package var published: Double?
  /// The loss by step, as far as the live logs tell, of a run that goes on.
  package var curve: Curve = Curve(metric: "train.loss", points: [])

  package init(_ subject: Subject, _ state: RunState, step: Int? = nil) {
    (run, label, self.state, self.step) = (subject.run, subject.label, state, step)
  }
}

/// Where a run is that goes on, by its own account.
package struct LivePosition: Sendable, Equatable {
  /// `training`, `evaluating test`.
  package var phase: String
  package var step: Int
  package var steps: Int
  package var loss: Double?
  /// Over the last minute; nil while there is no telling.
  package var stepsPerSecond: Double?
  /// Seconds since it last said anything.
  package var silence: Double?

  package init(phase: String, step: Int, steps: Int, loss: Double? = nil) {
    (self.phase, self.step, self.steps, self.loss) = (phase, step, steps, loss)
  }

  /// Seconds until its last step at this pace; nil while there is no telling, and when only evaluations are left.
  package var remaining: Double? {
    guard let stepsPerSecond, stepsPerSecond > 0, step < steps else { return nil }
    return Double(steps - step) / stepsPerSecond
  }

  /// From 0 to 1.
  var fraction: Double { steps > 0 ? min(1, max(0, Double(step) / Double(steps))) : 0 }
}

/// What was measured by step: one line of a drawing.
package struct Curve: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package let step: Int
    package let value: Double

    package init(step: Int, value: Double) { (self.step, self.value) = (step, value) }
  }

  /// `train.loss`.
  package let metric: String
  /// By ascending step.
  package var points: [Point]

  package init(metric: String, points: [Point]) { (self.metric, self.points) = (metric, points) }

  /// These points, or the means of equally many steps where there are more than `count`: what a drawing has room for.
  func thinned(to count: Int) -> Curve {
    guard points.count > count, count > 0, let first = points.first?.step, let last = points.last?.step,
      first < last
    else { return self }
    var thin: [Point] = []
    var (sum, steps, members) = (0.0, 0.0, 0)
    var bin = 0
    func flush(_ thin: inout [Point]) {
      if members > 0 {
        thin.append(Point(step: Int((steps / Double(members)).rounded()), value: sum / Double(members)))
      }
    }
    for point in points {
      let place = min(count - 1, (point.step - first) * count / (last - first))
      if place != bin {
        flush(&thin)
        (bin, sum, steps, members) = (place, 0, 0, 0)
      }
      (sum, steps, members) = (sum + point.value, steps + Double(point.step), members + 1)
    }
    flush(&thin)
    return Curve(metric: metric, points: thin)
  }

  /// Adds a point; what was measured of this step and later ones before is what a resumed run forgot.
  mutating func add(_ point: Point) {
    while let last = points.last, last.step >= point.step { points.removeLast() }
    points.append(point)
  }
}
