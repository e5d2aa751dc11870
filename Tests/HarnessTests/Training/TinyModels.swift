import Harness
import Models
import Records
import Testing

/// A model in a size that trains in a blink: what runs are tried on.
///
/// A new model is run by adding a line to `TinyModel.all`.
struct TinyModel: CustomTestStringConvertible, Sendable {
  /// The model's name in the catalogue.
  let kind: String
  /// Its settings, without `model.` before the keys.
  private let values: [String: Value]
  /// Which of its configurations this is; empty where there is one.
  private let words: String

  private init(_ kind: String, _ words: String, _ values: [String: Value]) {
    (self.kind, self.words, self.values) = (kind, words, values)
  }

  var testDescription: String { words.isEmpty ? kind : "\(kind) \(words)" }

  var settings: [String: Value] {
    var settings: [String: Value] = ["model.kind": .text(kind)]
    for (key, value) in values { settings["model.\(key)"] = value }
    return settings
  }

  static let all: [TinyModel] =
    ["none", "working", "short-term", "long-term"].map { memoria($0) } + [
      transformer, transformerXL, compressiveTransformer, infinityFormer,
    ]

  static let transformer = TinyModel("transformer", "", gpt2)

  static let transformerXL = TinyModel(
    "transformer-xl", "",
    common.merging([
      "transformer_xl.memory_length": .integer(6), "transformer_xl.clamp_length": .integer(9),
      "transformer_xl.head_width": .integer(4), "transformer_xl.initial_deviation": .real(0.02),
      "transformer_xl.projection_deviation": .real(0.01),
    ]) { $1 })

  static let compressiveTransformer = TinyModel(
    "compressive-transformer", "",
    common.merging([
      "compressive_transformer.segment_length": .integer(8),
      "compressive_transformer.memory_length": .integer(8),
      "compressive_transformer.compressed_length": .integer(3),
      "compressive_transformer.compression_rate": .integer(4),
      "compressive_transformer.key_value": .text("trainable"),
      "compressive_transformer.auxiliary_weight": .real(0.5),
      "compressive_transformer.auxiliary_target": .text("aligned"),
    ]) { $1 })

  static let infinityFormer = TinyModel(
    "infinity-former", "",
    gpt2.merging([
      "infinity_former.basis_functions": .integer(8), "infinity_former.samples": .integer(4),
      "infinity_former.basis_widths": .list([.real(0.05), .real(0.1)]),
      "infinity_former.ridge_penalty": .real(0.5), "infinity_former.contraction": .real(0.5),
      "infinity_former.variance_floor": .real(1e-4), "infinity_former.sampling": .text("sticky"),
      "infinity_former.sticky_bins": .integer(16), "infinity_former.gate": .text("convolution"),
      "infinity_former.memory_dropout": .real(0.3), "infinity_former.divergence_weight": .real(1e-4),
      "infinity_former.divergence_deviation": .real(0.05), "infinity_former.divergence_mean": .real(-1),
      "infinity_former.divergence_form": .text("mean-and-variance"),
    ]) { $1 })

  static func memoria(_ memory: String) -> TinyModel {
    TinyModel(
      "memoria", memory,
      gpt2.merging([
        "memory": .text(memory), "abstractor_activation": .text("none"),
        "memoria.behaviour": .text("paper"), "memoria.order": .text("text"), "memoria.engrams": .integer(2),
        "memoria.reminded_short_term": .integer(2), "memoria.reminded_long_term": .integer(2),
        "memoria.short_term_capacity": .integer(2), "memoria.search_depth": .integer(2),
        "memoria.initial_lifespan": .real(4), "memoria.lifespan_gain": .real(3),
      ]) { $1 })
  }

  /// What all models have.
  private static let common: [String: Value] = [
    "layers": .integer(2), "heads": .integer(2), "width": .integer(8), "inner_width": .integer(16),
    "dropout": .real(0.1),
  ]

  /// What models of GPT-2's layout have besides.
  private static let gpt2 = common.merging([
    "positions": .integer(8), "residual_initialization": .text("plain"),
  ]) { $1 }
}
