/// A run whose result is pinned.
package struct GoldenRun: Sendable {
  package let label: String
  /// The hash of its settings, and that of what came out.
  package let run, result: String

  private init(_ label: String, run: String, result: String) {
    (self.label, self.run, self.result) = (label, run, result)
  }
}

/// The bits of whole runs, pinned once: the tests and `mneme selftest bits` compare with these lines.
///
/// Two machines whose processors differ check each other by them, and two builds of the program. A digest that changes
/// means that results changed: then `semantics` of the component, or the name of the numerics, has to change with it, and
/// these lines last.
extension GoldenRun {
  /// In the order of the manifest. A new model is a line more here and in the manifest, and changes none.
  package static let all = [
    GoldenRun(
      "model.kind=transformer",
      run: "e6cd4ff249cc70c7c0dfc1ed0f12f5f58fd4b1ef0cb27be16f8688cfe2b5cd6d",
      result: "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99"),
    GoldenRun(
      "model.kind=memoria model.memory=none",
      run: "3d4e6ecb4d1e9b61fc4405e47a5e59ac42b32157356f499a08f329fd2d0e8a63",
      result: "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99"),
    GoldenRun(
      "model.kind=memoria model.memory=working",
      run: "315e91e02cbc4cf6634c7a2b817aeb9ef870f0cff19f00232a8504a3ded4e37a",
      result: "8b94e0a1e7b6fa9b8c6a5ad215d66eb06468e832a9c5e7a5cf1d389eba2dccac"),
    GoldenRun(
      "model.kind=memoria model.memory=short-term",
      run: "d5b3ca331e6c206d8cd659556af0f777667f98668bc848bf7ae97fa963147cdb",
      result: "787ae15b79cac3f85b2fc274e925cb00f1be8186215cfccabd614fb8c2a1c6cf"),
    GoldenRun(
      "model.kind=memoria model.memory=long-term",
      run: "491c6d52b0bfa52f6ec71d47e70a0559502d48bf8b84695ce117cc50f236bb4b",
      result: "ad1b54cad07367675ca11618db8d0b6e8fa3e6927e73eee5c3e2ca22f8a06f69"),
    GoldenRun(
      "model.kind=transformer-xl",
      run: "5287a2e87f7a51547265305f72a1531f21ecd6977f9b93227e000be5fa976676",
      result: "b3d8b60e970809a7b13707e5f3a2ca1fa2300ed55b8ad88a7988038f4c2c07ae"),
    GoldenRun(
      "model.kind=compressive-transformer",
      run: "4b4782e8df52563bcacc6b0c23e552598a761a732bad291123b3504246501420",
      result: "47292e96ecd90841726be316de2cf4c42c15327f3c1483af9f6a884571513f9c"),
    GoldenRun(
      "model.kind=infinity-former",
      run: "dc8e45aa39a950e7a27b8d142b3ac6ca6b7347615805f64b4f9952bb50826d06",
      result: "519d50a7aa76399165caa3c423341a36592e53f88c486efd92f24ae58a88990c"),
  ]

  /// The manifest of these runs, with other settings where some are given (`key=value`): then they are other runs.
  package static func manifest(settings: [String] = []) throws(ManifestError) -> Manifest {
    try Manifest(text: text, named: "golden.yaml", settings: settings)
  }

  private static let text = """
    # Fixed runs whose results are pinned, bit for bit, by GoldenRunTests. Not to be edited: other settings are other runs.
    mneme: 1
    name: golden
    tier: quick

    task:
      kind: sorting
      symbols: 4
      length: 35
      segment_length: 8        # 5 segments: engrams get old enough to reach long-term memory
      examples: 64
      validation_examples: 8
      test_examples: 32
      data_seed: 1

    model:                     # what all models have
      layers: 1
      heads: 2
      width: 16
      inner_width: 32
      positions: 8
      dropout: 0.1
      residual_initialization: plain
      memoria:                 # read by runs of memoria alone
        behaviour: paper
        order: text
        engrams: 2
        short_term_capacity: 4
        reminded_short_term: 2
        reminded_long_term: 2
        search_depth: 2
        initial_lifespan: 4
        lifespan_gain: 4
      transformer_xl:
        memory_length: 8
        clamp_length: 12
        head_width: 8
        initial_deviation: 0.02
        projection_deviation: 0.01
      compressive_transformer:
        segment_length: 8
        memory_length: 4
        compressed_length: 4
        compression_rate: 2
        key_value: trainable
        auxiliary_weight: 1.0
        auxiliary_target: aligned
      infinity_former:
        basis_functions: 8
        samples: 8
        basis_widths: [0.05, 0.1]
        ridge_penalty: 0.5
        contraction: 0.5
        variance_floor: 1e-4
        sampling: sticky
        sticky_bins: 16
        gate: convolution
        memory_dropout: 0.1
        divergence_weight: 1e-3
        divergence_deviation: 0.05
        divergence_mean: -1.0
        divergence_form: mean-and-variance

    training:
      batch: 8
      epochs: 2
      rate: 2e-3
      warm_up: 0.1
      clip: 1.0
      beta1: 0.9
      beta2: 0.999
      epsilon: 1e-8

    seed: 1

    include:                   # the others have no memory to choose, so this is no product of lists
      - model.kind: transformer
      - model.kind: memoria
        model.abstractor_activation: none
        model.memory: [none, working, short-term, long-term]
      - model.kind: [transformer-xl, compressive-transformer, infinity-former]

    tables:
      smoke:
        rows: [model.kind, model.memory]
        columns: task.segments
        cell: test.accuracy
        over: seed
        show: mean±std
        better: higher

    resources: {threads: 1, timeout: 5m, checkpoint_seconds: 1}   # in no hash

    """
}
