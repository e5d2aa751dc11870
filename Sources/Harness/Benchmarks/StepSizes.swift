import Models
import Records
import Tasks

/// The sizes that training steps on the sorting task are timed at: the settings of a run of every model.
package struct StepSizes: Sendable, Equatable {
  package var width: Int
  package var layers: Int
  package var heads: Int
  package var innerWidth: Int
  package var segmentLength: Int
  package var segments: Int
  package var batch: Int
  /// What every memory is measured by; the memories' own sizes are in proportion (`memories`).
  package var memoryLength: Int
  package var vocabulary: Int
  package var dropout: Double

  /// Names a person may choose by.
  package enum Preset: String, Sendable, CaseIterable {
    case quick64 = "quick-64"
    case quick128 = "quick-128"
    case paper256 = "paper-256"
    case paper1024 = "paper-1024"
  }

  /// Four heads everywhere, feed-forward of four widths, and the paper's 20 symbols and a separator.
  package init(_ preset: Preset) {
    switch preset {
    case .quick64: self.init(width: 64, layers: 2, segmentLength: 32, segments: 8, batch: 32)
    case .quick128: self.init(width: 128, layers: 2, segmentLength: 64, segments: 16, batch: 32)
    case .paper256: self.init(width: 512, layers: 5, segmentLength: 256, segments: 4, batch: 8)
    case .paper1024: self.init(width: 512, layers: 5, segmentLength: 1024, segments: 4, batch: 8)
    }
  }

  private init(width: Int, layers: Int, segmentLength: Int, segments: Int, batch: Int) {
    (self.width, self.layers, self.segmentLength) = (width, layers, segmentLength)
    (self.segments, self.batch) = (segments, batch)
    (heads, innerWidth, memoryLength, vocabulary, dropout) = (4, 4 * width, segmentLength, 21, 0.1)
  }

  /// In one line, as it stands above tables.
  package var words: String {
    "width \(width), \(counted(layers, "layer")), \(counted(heads, "head")), inner width \(innerWidth), "
      + "\(counted(segments, "segment")) of \(segmentLength), batch \(batch), memory length \(memoryLength), "
      + "vocabulary \(vocabulary), dropout \(dropout)"
  }

  /// The models that can be timed, by their names in the catalogue.
  package static var models: [String] { modelCatalogue.map { $0.name } }

  /// The run of a model, checked as every run is. Throws where no such run can be.
  package func specification(of model: String) throws -> Specification {
    guard let type = modelCatalogue.first(where: { $0.name == model }) else {
      throw BenchmarkError.unknownModel(model, known: StepSizes.models)
    }
    for (name, value) in numbers where !(1...1 << 20).contains(value) {
      throw BenchmarkError.impossibleSize("--\(name) is \(value); expected 1 to \(1 << 20)")
    }
    let schema = RunSchema.schema(of: type).prefixed("model")
    var settings = Specification.meaning(model: type, task: Sorting.self).merging(task)
    settings["model.kind"] = .text(model)
    for (key, value) in modelSettings where schema[key] != nil { settings[key] = value }
    do throws(ManifestError) {
      return try Specification(canonicalBytes: settings.canonicalBytes)
    } catch {
      if case .impossible(_, let sentence) = error.fact { throw BenchmarkError.impossibleSize(sentence) }
      throw error
    }
  }

  /// What must be at least 1, by option.
  private var numbers: [(String, Int)] {
    [
      ("width", width), ("layers", layers), ("heads", heads), ("inner-width", innerWidth),
      ("segment-length", segmentLength), ("segments", segments), ("batch", batch),
      ("memory-length", memoryLength), ("vocabulary", vocabulary),
    ]
  }

  /// The labels are the last tokens of the last segment, which is a whole one.
  private var task: Settings {
    let symbols = vocabulary - 1
    return Settings([
      "task.kind": .text(Sorting.name), "task.symbols": .integer(symbols),
      "task.length": .integer(segments * segmentLength - symbols),
      "task.segment_length": .integer(segmentLength),
      // More steps than anybody times.
      "task.examples": .integer(1024 * batch), "task.validation_examples": .integer(1),
      "task.test_examples": .integer(1), "task.data_seed": .integer(1),
      "training.batch": .integer(batch), "training.epochs": .integer(1), "training.rate": .real(2e-4),
      "training.warm_up": .real(0.06), "training.clip": .real(1), "training.beta1": .real(0.9),
      "training.beta2": .real(0.999), "training.epsilon": .real(1e-8), "seed": .integer(1),
    ])
  }

  /// Settings of all models; each takes those it knows.
  private var modelSettings: [String: Value] {
    var settings: [String: Value] = [
      "layers": .integer(layers), "heads": .integer(heads), "width": .integer(width),
      "inner_width": .integer(innerWidth), "positions": .integer(segmentLength), "dropout": .real(dropout),
      "residual_initialization": .text("plain"), "memory": .text("long-term"),
      "abstractor_activation": .text("none"),
    ]
    for (key, value) in memories { settings[key] = value }
    return Dictionary(uniqueKeysWithValues: settings.map { ("model.\($0.key)", $0.value) })
  }

  /// Of M = `memoryLength`: Transformer-XL keeps M rows; the Compressive Transformer M/2 as they were and M/2
  /// compressed; the ∞-former has M basis functions and samples; Memoria M/8 engrams, M/4 and 5M/8 reminded, and a
  /// short-term memory of M/2. The rest is as published.
  private var memories: [String: Value] {
    func part(_ numerator: Int, of denominator: Int) -> Value {
      .integer(max(1, memoryLength * numerator / denominator))
    }
    return [
      "transformer_xl.memory_length": part(1, of: 1), "transformer_xl.clamp_length": .integer(1000),
      "transformer_xl.head_width": .integer(max(1, width / heads)),
      "transformer_xl.initial_deviation": .real(0.02), "transformer_xl.projection_deviation": .real(0.01),
      "compressive_transformer.segment_length": .integer(segmentLength),
      "compressive_transformer.memory_length": part(1, of: 2),
      "compressive_transformer.compressed_length": part(1, of: 2),
      "compressive_transformer.compression_rate": .integer(4),
      "compressive_transformer.key_value": .text("trainable"),
      "compressive_transformer.auxiliary_weight": .real(0),
      "compressive_transformer.auxiliary_target": .text("aligned"),
      "infinity_former.basis_functions": part(1, of: 1), "infinity_former.samples": part(1, of: 1),
      "infinity_former.basis_widths": .list([.real(0.005), .real(0.01)]),
      "infinity_former.ridge_penalty": .real(0.5), "infinity_former.contraction": .real(0.5),
      "infinity_former.variance_floor": .real(1e-4), "infinity_former.sampling": .text("sticky"),
      "infinity_former.sticky_bins": .integer(128), "infinity_former.gate": .text("convolution"),
      "infinity_former.memory_dropout": .real(dropout), "infinity_former.divergence_weight": .real(0),
      "infinity_former.divergence_deviation": .real(0.05), "infinity_former.divergence_mean": .real(-1),
      "infinity_former.divergence_form": .text("mean-and-variance"),
      "memoria.behaviour": .text("paper"), "memoria.order": .text("text"), "memoria.engrams": part(1, of: 8),
      "memoria.reminded_short_term": part(1, of: 4), "memoria.reminded_long_term": part(5, of: 8),
      "memoria.short_term_capacity": part(1, of: 2), "memoria.search_depth": .integer(10),
      "memoria.initial_lifespan": .real(5), "memoria.lifespan_gain": .real(8),
    ]
  }
}
