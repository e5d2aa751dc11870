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
      run: "dd827e8fa6f50b7b20f5952f1cbeb5257be1f4ffc83667c0f5e51fc74af6e620",
      result: "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99"),
    GoldenRun(
      "model.kind=memoria model.memory=none",
      run: "c5e20dbc711033886d4043d4aa68435128c7a9a64f7975490724de709994cb99",
      result: "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99"),
    GoldenRun(
      "model.kind=memoria model.memory=working",
      run: "f15cacac097371a981d7a551a4b1ba420db92a2c3b4a57beb3a1b49aa1dccbef",
      result: "8b94e0a1e7b6fa9b8c6a5ad215d66eb06468e832a9c5e7a5cf1d389eba2dccac"),
    GoldenRun(
      "model.kind=memoria model.memory=short-term",
      run: "d56e438e374b3a434e255bb1268483d5793a33605da355d813116bcb3e6f9fc4",
      result: "787ae15b79cac3f85b2fc274e925cb00f1be8186215cfccabd614fb8c2a1c6cf"),
    GoldenRun(
      "model.kind=memoria model.memory=long-term",
      run: "48af1df25a9d15d2dfaeea3c93f5b880f3bf9915046b9380c679fd0c712a000f",
      result: "ad1b54cad07367675ca11618db8d0b6e8fa3e6927e73eee5c3e2ca22f8a06f69"),
    GoldenRun(
      "model.kind=transformer-xl",
      run: "e1a6e7ad8515996a3c099e63450aedebad44e2729c341a421bfba8271ceb02da",
      result: "c2dc641f5450544e773238b34f047ae2c9badd5372185c5ff4d0af548363ad3f"),
    GoldenRun(
      "model.kind=compressive-transformer",
      run: "a9f55087a8c512bb94adf49ad2e6974819e0963f2bca03a914dc391d7b62d96f",
      result: "e06f445dcad370b83c7eaa93585a6798d27db314ebda9fafb773a023df7b1bdd"),
    GoldenRun(
      "model.kind=infinity-former",
      run: "ebc2515a2c9634696e446bb9f53a4c765f399cdf3fc0b0d2cdb9a55ee34834ea",
      result: "725dd460c12bf9e076ec088ca59eeb74270aa5bc219b25989caece4d57ecdf9b"),
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
