import Networks
package import Tensors

/// How far attention is from a narrow prior: the ∞-former's Kullback–Leibler term, which keeps it from being vague.
///
///     KL = w mean over layers, sequences, positions, heads of ½ (v / σ₀² - log(v / σ₀²) - 1 + (μ - μ₀)² / σ₀²)
///
/// In the form `variance` without its last part.
///
/// The first authors take the mean of the layers' sum, which is the number of layers times this. For their loss, `w` is
/// their weight times the number of layers: with 3 layers 3e-6 for their 1e-6.
package struct Divergence {
  private let weight, variance, mean: Double
  private let form: DivergenceForm

  /// Nil where the weight is 0.
  package init?(_ configuration: LongTermConfiguration) {
    guard configuration.divergenceWeight > 0 else { return nil }
    weight = configuration.divergenceWeight
    variance = configuration.divergenceDeviation * configuration.divergenceDeviation
    mean = configuration.divergenceMean
    form = configuration.divergenceForm
  }

  /// Of the attention of every layer, tensors of one shape.
  package func callAsFunction(_ layers: [(mean: Tensor, variance: Tensor)]) -> Tensor {
    var total = Tensor([], [0])
    var count = 0
    for layer in layers {
      count += layer.variance.shape.count
      total = total + layer.variance.sum() * Float(1 / variance) - layer.variance.logarithm().sum()
      if form == .meanAndVariance {
        let distance = layer.mean - Tensor(layer.mean.shape, repeating: Float(mean))
        total = total + (distance * distance).sum() * Float(1 / variance)
      }
    }
    let constant = Tensor([], [Float(Double(count) * (naturalLogarithm(variance) - 1))])
    return (total + constant) * Float(weight / 2 / Double(count))
  }
}
