import Models

/// `transformer.h5`: GPT-2 without memory; every segment stands alone.
enum TransformerOracle: Oracle {
  static func replays(_ file: OracleFile) -> Bool { file.model == Transformer.name && file.has("segments") }

  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison {
    try SegmentReplay<Transformer>(
      file, try configuration(file), names: decoderNames(layers: try file.integer("n_layer"))
    ).run()
  }

  static func configuration(_ file: OracleFile) throws(OracleError) -> Transformer.Configuration {
    Transformer.Configuration(
      layers: try file.integer("n_layer"), heads: try file.integer("n_head"),
      width: try file.integer("n_embd"),
      innerWidth: try file.integer("n_inner"), positions: try file.integer("n_positions"), dropout: 0,
      residualInitialization: .plain)
  }
}
