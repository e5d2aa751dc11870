/// Where each kernel of the table is compared, bit for bit, with the scalar statement of its order.
///
/// `KernelCatalogueTests` reads the header: a kernel without a line here, a line without a kernel, a statement that is
/// not there or a test that does not call its kernel fails.
struct TestedKernel: Sendable {
  /// What says its bits once more, without vectors.
  enum Origin: Sendable {
    /// A function or a structure of that name in a file of `Tests/Expectations`.
    case statement(String, file: String)
    /// One operation of IEEE 754 for each output, a copy or a count, which the test itself spells.
    case plain(String)
  }

  let name: String
  let origin: Origin
  /// The file of `Tests/CKernelsTests` that compares them.
  let test: String

  private init(_ name: String, _ statement: String, _ file: String, by test: String) {
    (self.name, origin, self.test) = (name, .statement(statement, file: file), test)
  }

  private init(_ name: String, plain: String, by test: String) {
    (self.name, origin, self.test) = (name, .plain(plain), test)
  }

  /// In the order of the header.
  static let all: [TestedKernel] = [
    TestedKernel("matmul", "product", "ProductStatements", by: "MatmulTests"),
    TestedKernel("matmul_finished", "product", "ProductStatements", by: "MatmulTests"),
    TestedKernel("add", plain: "a + b", by: "ElementwiseTests"),
    TestedKernel("subtract", plain: "a - b", by: "ElementwiseTests"),
    TestedKernel("multiply", plain: "a * b", by: "ElementwiseTests"),
    TestedKernel("scale", plain: "s * a", by: "ElementwiseTests"),
    TestedKernel("add_to_rows", plain: "x + row", by: "ElementwiseTests"),
    TestedKernel("exponential", "exponential", "PinnedFunctions", by: "ElementwiseTests"),
    TestedKernel("logarithm", "logarithm", "PinnedFunctions", by: "ElementwiseTests"),
    TestedKernel("logarithm_pullback", plain: "dy / x", by: "ElementwiseTests"),
    TestedKernel("hyperbolic_tangent", "hyperbolicTangent", "PinnedFunctions", by: "ElementwiseTests"),
    TestedKernel("error_function", "errorFunction", "PinnedFunctions", by: "ElementwiseTests"),
    TestedKernel("relu", "relu", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("relu_pullback", "reluPullback", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("at_least", "atLeast", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("at_least_pullback", "atLeastPullback", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("sigmoid", "sigmoid", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("sigmoid_pullback", "sigmoidPullback", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("softplus", "softplus", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("softplus_pullback", "softplusPullback", "ActivationStatements", by: "ElementwiseTests"),
    TestedKernel("gelu_tanh", "geluTanh", "ElementStatements", by: "ElementwiseTests"),
    TestedKernel("gelu_tanh_pullback", "geluTanhPullback", "ElementStatements", by: "ElementwiseTests"),
    TestedKernel("gelu_exact", "geluExact", "ElementStatements", by: "ElementwiseTests"),
    TestedKernel("gelu_exact_pullback", "geluExactPullback", "ElementStatements", by: "ElementwiseTests"),
    TestedKernel("softmax", "softmax", "RowStatements", by: "RowTests"),
    TestedKernel("softmax_pullback", "softmaxPullback", "RowStatements", by: "RowTests"),
    TestedKernel("log_sum_exp", "logSumExp", "RowStatements", by: "RowTests"),
    TestedKernel("row_sum", "sum", "SumStatements", by: "RowTests"),
    TestedKernel("row_dot", "dot", "SumStatements", by: "RowTests"),
    TestedKernel("layer_norm", "layerNorm", "RowStatements", by: "RowTests"),
    TestedKernel("layer_norm_pullback", "layerNormPullback", "RowStatements", by: "RowTests"),
    TestedKernel("layer_norm_gain_sum", "layerNormGainSum", "RowStatements", by: "RowTests"),
    TestedKernel("cross_entropy", "crossEntropy", "RowStatements", by: "RowTests"),
    TestedKernel("cross_entropy_pullback", "crossEntropyPullback", "RowStatements", by: "RowTests"),
    TestedKernel("arg_max", "positionOfLargest", "SumStatements", by: "RowTests"),
    TestedKernel("column_sum", "columnSum", "SumStatements", by: "RowTests"),
    TestedKernel("sum", "sum", "SumStatements", by: "RowTests"),
    TestedKernel("sum_of_squares", "dot", "SumStatements", by: "RowTests"),
    TestedKernel("has_nonfinite", plain: "one of the numbers is NaN or infinite", by: "RowTests"),
    TestedKernel("lookup", plain: "a row of the table", by: "TableTests"),
    TestedKernel("lookup_pullback", "lookupPullback", "ProductStatements", by: "TableTests"),
    TestedKernel("squared_distance", "squaredDistances", "ProductStatements", by: "TableTests"),
    TestedKernel("gaussian_masses", "gaussianMasses", "RowStatements", by: "TableTests"),
    TestedKernel("most_together", "mostTogether", "CompanyStatement", by: "CompanyTests"),
    TestedKernel("random_words", "word", "RandomStatement", by: "RandomTests"),
    TestedKernel("dropout", plain: "word < threshold ? scale * x : 0", by: "RandomTests"),
    TestedKernel("attention", "AttentionStatement", "AttentionStatement", by: "AttentionTests"),
    TestedKernel("attention_pullback", "AttentionStatement", "AttentionStatement", by: "AttentionTests"),
    TestedKernel(
      "relative_attention", "RelativeAttentionStatement", "RelativeAttentionStatement",
      by: "RelativeAttentionTests"),
    TestedKernel(
      "relative_attention_pullback", "RelativeAttentionStatement", "RelativeAttentionStatement",
      by: "RelativeAttentionTests"),
    TestedKernel(
      "continuous_attention", "ContinuousAttentionStatement", "ContinuousAttentionStatement",
      by: "ContinuousAttentionTests"),
    TestedKernel(
      "continuous_attention_pullback", "ContinuousAttentionStatement", "ContinuousAttentionStatement",
      by: "ContinuousAttentionTests"),
    TestedKernel("adam", "adam", "ElementStatements", by: "ElementwiseTests"),
    TestedKernel("fma_rounds", plain: "a count of operations", by: "InstructionSetTests"),
  ]
}
