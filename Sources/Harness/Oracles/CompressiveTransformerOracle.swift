import Models
import Networks
import Tensors

/// `compressive-*.h5`: the Compressive Transformer with what every layer left after every segment, its key and value
/// projection frozen or learning, and the loss of reconstruction with either way of finding its target.
enum CompressiveTransformerOracle: Oracle {
  static func replays(_ file: OracleFile) -> Bool { file.model == CompressiveTransformer.name }

  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison {
    let layers = try file.integer("depth")
    let names = names(layers: layers)
    var comparison = try SegmentReplay<CompressiveTransformer>(
      file, try configuration(file, auxiliaryWeight: 0, .aligned), names: names
    ).run(after: { segment, memory, comparison throws(OracleError) in
      for layer in 0..<layers {
        let (path, place) = ("segments/\(segment)/memory", "segment \(segment), layer \(layer)")
        for (name, found) in [
          ("recent", memory.layers[layer].recent_BMD), ("compressed", memory.layers[layer].compressed_BMD),
        ] {
          comparison.compare(
            "\(name) memory", found.values, try file.doubles("\(path)/\(name)/layer_\(layer)"),
            tolerance: 1e-4, at: place)
        }
      }
    })
    for target in ReconstructionTarget.allCases {
      try compareAuxiliary(file, target, names, &comparison)
    }
    return comparison
  }

  /// The loss of reconstruction: in full segments both ways of finding its target find the same.
  private static func compareAuxiliary(
    _ file: OracleFile, _ target: ReconstructionTarget, _ names: [String: String],
    _ comparison: inout Comparison
  ) throws(OracleError) {
    let weight = try file.setting("reconstruction_loss_weight")
    let replay = try SegmentReplay<CompressiveTransformer>(
      file, try configuration(file, auxiliaryWeight: weight, target), names: names)
    let path = "auxiliary/\(target.rawValue)"
    try replay.runAuxiliary { segment, loss, gradients throws(OracleError) in
      let isLast = segment == replay.segments - 1
      if target == .reference || !isLast {
        compare(
          "auxiliary_loss", loss, try file.doubles("segments/\(segment)/auxiliary_loss"),
          at: "segment \(segment), \(target)", &comparison)
      }
      guard isLast else { return }
      compare(path, loss, try file.doubles("\(path)/value"), at: "segment \(segment)", &comparison)
      try replay.compare(gradients, "\(path)/gradients", as: "\(path) gradients", &comparison)
    }
  }

  /// A loss of the size of some units, to what is asked of losses below one.
  private static func compare(
    _ name: String, _ loss: Tensor, _ expected: [Double], at place: String, _ comparison: inout Comparison
  ) {
    let tolerance = 1e-5 * expected.reduce(1) { max($0, abs($1)) }
    comparison.compare(name, [loss.scalar], expected, tolerance: tolerance, at: place)
  }

  private static func configuration(
    _ file: OracleFile, auxiliaryWeight: Double, _ target: ReconstructionTarget
  ) throws(OracleError) -> CompressiveTransformer.Configuration {
    let width = try file.integer("dim")
    return CompressiveTransformer.Configuration(
      layers: try file.integer("depth"), heads: try file.integer("heads"), width: width,
      innerWidth: 4 * width,
      dropout: 0,
      compressiveTransformer: CompressiveConfiguration(
        segmentLength: try file.integer("seq_len"), memoryLength: try file.integer("mem_len"),
        compressedLength: try file.integer("cmem_len"), compressionRate: try file.integer("cmem_ratio"),
        keyValue: file.text("variant")?.hasPrefix("reference") == true ? .frozen : .trainable,
        auxiliaryWeight: auxiliaryWeight, auxiliaryTarget: target))
  }

  /// This program's parameter names, and those of the public implementation.
  private static func names(layers: Int) -> [String: String] {
    let root = "compressive_transformer"
    var names = [
      "embedding.token": "\(root).token_emb.weight", "embedding.relative_position": "\(root).pos_emb",
      "head.weight": "to_logits.1.weight", "head.bias": "to_logits.1.bias",
    ]
    for layer in 0..<layers {
      let here = "layers.\(layer)"
      let (attention, feedForward) = ("\(root).attn_layers.\(layer).fn", "\(root).ff_layers.\(layer).fn")
      for (ours, theirs) in [("attention_norm", attention), ("feed_forward_norm", feedForward)] {
        names["\(here).\(ours).gain"] = "\(theirs).norm.weight"
        names["\(here).\(ours).bias"] = "\(theirs).norm.bias"
      }
      names["\(here).attention.query.weight"] = "\(attention).fn.to_q.weight"
      names["\(here).attention.key_value.weight"] = "\(attention).fn.to_kv.weight"
      for (ours, theirs) in [
        ("attention.output", "\(attention).fn.to_out"),
        ("attention.compression", "\(attention).fn.compress_mem_fn.conv"),
        ("feed_forward.input", "\(feedForward).fn.w1"), ("feed_forward.output", "\(feedForward).fn.w2"),
      ] {
        for part in ["weight", "bias"] { names["\(here).\(ours).\(part)"] = "\(theirs).\(part)" }
      }
    }
    return names
  }
}
