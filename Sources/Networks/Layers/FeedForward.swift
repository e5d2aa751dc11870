package import Tensors

/// Two linear maps with GELU between: W₂ gelu(W₁ x + b₁) + b₂.
package struct FeedForward {
  private let input: Linear
  private let output: Linear
  private let form: GELU

  package init(_ D: Int, _ F: Int, _ form: GELU, deviation: Double, outputDeviation: Double, in scope: Scope)
  {
    input = Linear(D, F, deviation: deviation, in: scope["input"])
    output = Linear(F, D, deviation: outputDeviation, in: scope["output"])
    self.form = form
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { output(input(x).gelu(form)) }
}
