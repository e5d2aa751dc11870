/// This program's parameter names of a GPT-2 decoder, and those of the public implementation.
func decoderNames(layers: Int) -> [String: String] {
  var names = [
    "embedding.token": "transformer.wte.weight",
    "embedding.position": "transformer.wpe.weight",
    "final_norm.gain": "transformer.ln_f.weight",
    "final_norm.bias": "transformer.ln_f.bias",
  ]
  for layer in 0..<layers {
    let (here, there) = ("layers.\(layer)", "transformer.h.\(layer)")
    for (ours, theirs) in [("attention_norm", "ln_1"), ("feed_forward_norm", "ln_2")] {
      names["\(here).\(ours).gain"] = "\(there).\(theirs).weight"
      names["\(here).\(ours).bias"] = "\(there).\(theirs).bias"
    }
    for (ours, theirs) in [
      ("attention.input", "attn.c_attn"), ("attention.output", "attn.c_proj"),
      ("feed_forward.input", "mlp.c_fc"),
      ("feed_forward.output", "mlp.c_proj"),
    ] {
      for part in ["weight", "bias"] { names["\(here).\(ours).\(part)"] = "\(there).\(theirs).\(part)" }
    }
  }
  return names
}

/// What Memoria adds to a decoder.
func memoriaNames(layers: Int) -> [String: String] {
  var names = decoderNames(layers: layers)
  names["abstractor.queries"] = "transformer.abs.query_embeddings"
  for (ours, theirs) in [
    ("key", "key_transform"), ("value", "value_transform"), ("input", "feedforward"), ("output", "output"),
  ] {
    for part in ["weight", "bias"] {
      names["abstractor.\(ours).\(part)"] = "transformer.abs.\(theirs).\(part)"
    }
  }
  for layer in 0..<layers {
    let (here, there) = ("layers.\(layer)", "transformer.h.\(layer)")
    for (ours, theirs) in [
      ("working_memory_norm", "ln_working_memory_attn"), ("reminded_norm", "ln_memory_attn"),
    ] {
      names["\(here).\(ours).gain"] = "\(there).\(theirs).weight"
      names["\(here).\(ours).bias"] = "\(there).\(theirs).bias"
    }
    for (ours, theirs) in [("query", "q_attn"), ("key_value", "c_attn"), ("output", "c_proj")] {
      for part in ["weight", "bias"] {
        names["\(here).memory_attention.\(ours).\(part)"] = "\(there).memory_attention.\(theirs).\(part)"
      }
    }
  }
  return names
}

/// What ∞-former adds to a decoder.
func infinityFormerNames(layers: Int) -> [String: String] {
  var names = decoderNames(layers: layers)
  for layer in 0..<layers {
    let (here, there) = (
      "layers.\(layer).long_term_memory", "transformer.h.\(layer).attn.long_term_attention"
    )
    for (ours, theirs) in [
      ("key.weight", "proj_key.weight"), ("value.weight", "proj_value.weight"),
      ("output.weight", "attn_out.weight"), ("mean", "mu.weight"), ("variance", "sigma.weight"),
      ("gate.weight", "mask_net.weight"), ("gate.bias", "mask_net.bias"),
    ] {
      names["\(here).\(ours)"] = "\(there).\(theirs)"
    }
  }
  return names
}
