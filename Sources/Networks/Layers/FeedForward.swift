package import Tensors

/// Two affine maps with an activation, and for some models dropout, between: W₂ dropout(f(W₁ x + b₁)) + b₂.
package struct FeedForward {
  private let input: Linear
  private let output: Linear
  private let activation: Activation
  private let dropout: Dropout?

  /// - dropout: The rate of dropout after the activation; nil for none.
  package init(
    input: Linear, _ activation: Activation, dropout rate: Double? = nil, output: Linear, in scope: Scope
  ) {
    (self.input, self.activation, self.output) = (input, activation, output)
    dropout = rate.map { Dropout($0, in: scope["dropout"]) }
  }

  /// GPT-2's: weights start normal, biases at zero.
  package init(_ D: Int, _ F: Int, _ form: GELU, deviation: Double, outputDeviation: Double, in scope: Scope)
  {
    self.init(
      input: Linear(D, F, deviation: deviation, in: scope["input"]), .gelu(form),
      output: Linear(F, D, deviation: outputDeviation, in: scope["output"]), in: scope)
  }

  /// Of a network without dropout.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      dropout == nil, "a feed-forward network with dropout was called without the moment that addresses it")
    return x.fedForward(input.affine, activation, dropout: nil, output.affine)
  }

  /// - branch: What the result is added to; nil for the result itself.
  package func callAsFunction(_ x_BLD: Tensor, onto branch: ResidualBranch? = nil, at moment: Moment)
    -> Tensor
  {
    x_BLD.fedForward(
      input.affine, activation, dropout: dropout?.mask(at: moment, columns: input.outputs), output.affine,
      onto: branch)
  }
}
