import Models
import Networks
import Tensors

/// `transformer-xl*.h5`: memories as long as a segment and longer, with what every layer remembered after every segment.
enum TransformerXLOracle: Oracle {
  static func replays(_ file: OracleFile) -> Bool { file.model == TransformerXL.name }

  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison {
    let layers = try file.integer("n_layer")
    var divided = file
    for layer in 0..<layers {
      // Queries are computed of the segment alone, so their map is a parameter of its own here.
      divided = try divided.divided(
        "transformer.layers.\(layer).dec_attn.qkv_net.weight", into: [("query", 1), ("key_value", 2)])
    }
    let replay = try SegmentReplay<TransformerXL>(
      divided, try configuration(file, layers: layers), names: names(layers: layers))
    return try replay.run(after: { segment, memory, comparison throws(OracleError) in
      for (layer, inputs_BMD) in memory.inputs_BMD.enumerated() {
        comparison.compare(
          "memory", inputs_BMD.values, try file.doubles("segments/\(segment)/memory/layer_\(layer)"),
          tolerance: 1e-4, at: "segment \(segment), layer \(layer)")
      }
    })
  }

  private static func configuration(
    _ file: OracleFile, layers: Int
  ) throws(OracleError) -> TransformerXL.Configuration {
    TransformerXL.Configuration(
      layers: layers, heads: try file.integer("n_head"), width: try file.integer("d_model"),
      innerWidth: try file.integer("d_inner"), dropout: 0,
      transformerXl: .init(
        memoryLength: try file.integer("mem_len"), clampLength: try file.integer("clamp_len"),
        headWidth: try file.integer("d_head"), initialDeviation: 0.02, projectionDeviation: 0.01))
  }

  /// This program's parameter names, and those of the public implementation.
  private static func names(layers: Int) -> [String: String] {
    var names = [
      "embedding.token": "transformer.word_emb.emb_layers.0.weight",
      "embedding.projection.weight": "transformer.word_emb.emb_projs.0",
      "output.projection.weight": "crit.out_projs.0",
      "output.bias": "crit.out_layers.0.bias",
    ]
    for layer in 0..<layers {
      for (ours, theirs) in [
        ("attention.query.weight", "dec_attn.qkv_net.weight.query"),
        ("attention.key_value.weight", "dec_attn.qkv_net.weight.key_value"),
        ("attention.position.weight", "dec_attn.r_net.weight"),
        ("attention.content_bias", "dec_attn.r_w_bias"), ("attention.position_bias", "dec_attn.r_r_bias"),
        ("attention.output.weight", "dec_attn.o_net.weight"),
        ("attention_norm.gain", "dec_attn.layer_norm.weight"),
        ("attention_norm.bias", "dec_attn.layer_norm.bias"),
        ("feed_forward.input.weight", "pos_ff.CoreNet.0.weight"),
        ("feed_forward.input.bias", "pos_ff.CoreNet.0.bias"),
        ("feed_forward.output.weight", "pos_ff.CoreNet.3.weight"),
        ("feed_forward.output.bias", "pos_ff.CoreNet.3.bias"),
        ("feed_forward_norm.gain", "pos_ff.layer_norm.weight"),
        ("feed_forward_norm.bias", "pos_ff.layer_norm.bias"),
      ] {
        names["layers.\(layer).\(ours)"] = "transformer.layers.\(layer).\(theirs)"
      }
    }
    return names
  }
}
