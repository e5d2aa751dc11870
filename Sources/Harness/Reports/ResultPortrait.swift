import Archive
import Records

/// How well a finished run did, and how sure one can be of it.
struct ResultPortrait: Sendable {
  let result: RunResult
  /// What predictors that learn nothing score; nil where that is not known, or would take long to count.
  let baselines: [(name: String, accuracy: Double)]?

  var section: FactSection {
    var facts = result.metrics.map { metric in
      metric.name == "test.accuracy" ? accuracy(metric) : plain(metric)
    }
    if let baselines, !baselines.isEmpty {
      facts.append(
        Fact(
          "beside",
          baselines.map { "\(words($0.name)) \(NumberText.fixed($0.accuracy, digits: 4))" }.joined(
            separator: ", "),
          .object(
            Dictionary(
              baselines.map { ($0.name, .real($0.accuracy)) }, uniquingKeysWith: { first, _ in first })
          )))
    } else if baselines == nil {
      facts.append(Fact("beside", "what oracles score is not counted yet: `mneme table` does it", .none))
    }
    facts += result.series.compactMap { series in
      guard let last = series.steps.last, let column = series.columns.first, let value = column.values.last
      else { return nil }
      let (first, count) = (column.values.first ?? value, series.steps.count)
      let start =
        count > 1 ? "\(NumberText.fixed(first, digits: 4)) at step \(series.steps[0]), " : ""
      return Fact(
        "\(series.name)_\(column.name)",
        start
          + "\(NumberText.fixed(value, digits: 4)) at step \(last): \(count.grouped) \(count == 1 ? "entry" : "entries")",
        .object([
          "first": .real(first), "last": .real(value), "entries": .integer(count),
        ]))
    }
    return FactSection(title: "result", facts: facts)
  }

  private func words(_ name: String) -> String { name.split(separator: "-").joined(separator: " ") }

  private func plain(_ metric: FinalMetric) -> Fact {
    let unit = metric.unit == "1" ? "" : metric.unit == "nat" ? " nats a scored token" : " \(metric.unit)"
    let label = String(metric.name.map { $0 == "." ? "_" : $0 })
    return Fact(
      label, NumberText.fixed(metric.value, digits: 4) + unit, .object(["value": .real(metric.value)]))
  }

  /// A fraction p of n tokens. If each were right or wrong by itself its standard error would be √(p (1 − p) / n); those
  /// of one example are not, so the error by whole examples stands beside it:
  ///
  ///     √(m / (m − 1) Σ (right_i − p labels_i)²) / n,   m examples
  private func accuracy(_ metric: FinalMetric) -> Fact {
    let p = metric.value
    guard let items = result.items.first(where: { $0.split == metric.split }) else {
      return Fact(
        "test_accuracy",
        "\(NumberText.fixed(p, digits: 4)); which tokens were right is not recorded, so no error can be told",
        .object(["value": .real(p)]))
    }
    let (right, n) = (items.correct.reduce(0) { $0 + Int($1) }, items.labels.reduce(0) { $0 + Int($1) })
    let m = items.ids.count
    let error = (p * (1 - p) / Double(max(n, 1))).squareRoot()
    var words =
      "\(NumberText.fixed(p, digits: 4)) ± \(NumberText.fixed(error, digits: 4)): \(right.grouped) of \(n.grouped) "
      + "scored tokens right; one standard error, √(p (1 − p) / \(n.grouped))"
    var members: [String: FactValue] = [
      "value": .real(p), "standard_error": .real(error), "right": .integer(right), "scored": .integer(n),
    ]
    if m > 1 {
      let squares = zip(items.correct, items.labels).reduce(0.0) {
        let rest = Double($1.0) - p * Double($1.1)
        return $0 + rest * rest
      }
      let byExample = (Double(m) / Double(m - 1) * squares).squareRoot() / Double(max(n, 1))
      words +=
        ". Tokens of one example go together: by its \(m.grouped) examples it is "
        + NumberText.fixed(byExample, digits: 4)
      members["standard_error_by_example"] = .real(byExample)
      members["examples"] = .integer(m)
    }
    return Fact("test_accuracy", words, .object(members))
  }
}
