import Models
import Networks
import Tasks
import Tensors

/// Why numbers left the finite ones: what was seen, and what had gone wrong first, found by computing once more with
/// every operation looked at.
extension Trainee {
  /// Of a step that gave `metrics`; unless its update did it, nothing has moved.
  func diagnosis(of metrics: StepMetrics) -> String {
    let seen =
      if !metrics.loss.isFinite {
        "the loss is \(Scrutiny.words(metrics.loss))"
      } else if !metrics.gradientNorm.isFinite {
        "the norm of all gradients is \(Scrutiny.words(metrics.gradientNorm))"
      } else {
        metrics.nonFinite ?? "every number is finite"
      }
    if let parameter = nonFiniteParameter {
      return seen.hasPrefix(parameter) ? seen : "\(seen); first not finite: \(parameter)"
    }
    var again = self
    var replayed: (metrics: StepMetrics, gradients: [Tensor?])?
    let finding = Scrutiny.firstNonFinite(parameters: parameters.all.map { ($0.path, $0.value) }) {
      replayed = again.trainStep()
    }
    guard let replayed, replayed.metrics.hasSameBits(as: metrics) else {
      return "\(seen); computed again, the step came out otherwise: this machine is not to be trusted"
    }
    return "\(seen); \(finding.map { "first not finite: \($0)" } ?? overflow(in: replayed.gradients))"
  }

  /// Of an evaluation that went wrong after the latest step.
  func diagnosis(of evaluation: Evaluation, on split: Split) -> String {
    let seen =
      if evaluation.loss.isFinite {
        "\(evaluation.memory.nonFinite ?? "every number is finite") of a document of the \(split.rawValue)"
      } else {
        "the loss of the \(split.rawValue) is \(Scrutiny.words(evaluation.loss))"
      }
    if let parameter = nonFiniteParameter { return "\(seen); first not finite: \(parameter)" }
    let finding = Scrutiny.firstNonFinite(parameters: parameters.all.map { ($0.path, $0.value) }) {
      _ = evaluate(split, keepsLog: false)
    }
    return "\(seen); \(finding.map { "first not finite: \($0)" } ?? "every operation gave finite numbers")"
  }

  /// A parameter that is not finite, and where; nil as it should be.
  var nonFiniteParameter: String? {
    for parameter in parameters.all {
      guard let (element, value) = parameter.value.firstNonFinite else { continue }
      return "the parameter \(parameter.path), \(parameter.value.shape), element \(element) = "
        + Scrutiny.words(value)
    }
    return nil
  }

  /// Where every operation gave finite numbers, what was added up of them did not fit.
  private func overflow(in gradients: [Tensor?]) -> String {
    for (parameter, gradient) in zip(parameters.all, gradients) {
      guard let gradient, !gradient.sumOfSquares.isFinite else { continue }
      let largest = gradient.values.reduce(0) { max($0, abs($1)) }
      return "every operation gave finite numbers; the squares of the gradient of \(parameter.path), up to "
        + "\(largest), do not fit single precision"
    }
    return "every operation gave finite numbers"
  }
}

extension StepMetrics {
  fileprivate func hasSameBits(as other: StepMetrics) -> Bool {
    loss.bitPattern == other.loss.bitPattern && gradientNorm.bitPattern == other.gradientNorm.bitPattern
      && nonFinite == other.nonFinite
  }
}
