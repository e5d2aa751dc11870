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
    ["none", "working", "short-term", "long-term"].map { memoria($0) } + [transformer]

  static let transformer = TinyModel("transformer", "", gpt2)

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
