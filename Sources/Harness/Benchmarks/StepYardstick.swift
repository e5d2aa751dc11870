import Foundation

/// Another program that does the same training steps, to be measured beside this one.
///
/// It is called with `arguments` behind its command and prints one line of JSON: `YardstickStep`.
package struct StepYardstick: Sendable {
  let command: String
  private let sizes: StepSizes

  package init(command: String, sizes: StepSizes) { (self.command, self.sizes) = (command, sizes) }

  /// What the program calls our models.
  static let names = [
    "transformer": "transformer", "transformer-xl": "xl", "compressive-transformer": "compressive",
    "infinity-former": "infinity", "memoria": "memoria",
  ]

  /// Sizes by the program's options, which are also the keys of its answer.
  var numbers: [(option: String, value: Int)] {
    [
      ("segment-length", sizes.segmentLength), ("segments", sizes.segments), ("batch", sizes.batch),
      ("layers", sizes.layers), ("width", sizes.width), ("heads", sizes.heads), ("ffn", sizes.innerWidth),
      ("vocabulary", sizes.vocabulary), ("memory-length", sizes.memoryLength),
    ]
  }

  func arguments(_ model: String, _ conditions: StepBenchmark.Conditions) -> [String] {
    ["--model", StepYardstick.names[model] ?? model]
      + (numbers + [("threads", conditions.threads), ("steps", conditions.times)]).flatMap {
        ["--\($0.option)", "\($0.value)"]
      }
      + ["--dropout", "\(sizes.dropout)", "--json"] + (conditions.omission == .nothing ? [] : ["--lean"])
  }

  func measure(_ model: String, _ conditions: StepBenchmark.Conditions) async throws -> YardstickStep {
    let child = MeasuringProcess(command: command, arguments(model, conditions))
    let expected = "a line of JSON with `median`, an object of seconds, and `peak_rss_mib`,"
    let answer = try await child.answers(YardstickStep.self, expected: expected)[0]
    for (option, asked) in numbers + [("threads", conditions.threads)] {
      let key = String(option.map { $0 == "-" ? "_" : $0 })
      guard let found = answer.sizes[key], found != asked else { continue }
      throw BenchmarkError.otherWork(what: child.name, size: key, found: "\(found)", asked: "\(asked)")
    }
    return answer
  }
}

/// What a yardstick program prints, on one line:
///
///     {"median": {"first": s, "middle": s, "last": s, "optimizer": s, "step": s}, "peak_rss_mib": MiB}
///
/// in seconds: the first segment, one after it, the last one forward and backward, clipping and optimizer, a whole step.
/// `memory_module` may stand among them. Sizes that it repeats under the names of its options are checked.
struct YardstickStep: Decodable, Sendable {
  let median: [String: Double]
  let peakMebibytes: Double
  let sizes: [String: Int]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SavedKey.self)
    let parts = try container.decode(
      [String: BenchmarkTable.Cell].self, forKey: SavedKey(stringValue: "median"))
    median = parts.compactMapValues { if case .number(let seconds) = $0 { seconds } else { nil } }
    peakMebibytes = try container.decode(Double.self, forKey: SavedKey(stringValue: "peak_rss_mib"))
    sizes = container.allKeys.reduce(into: [:]) { sizes, key in
      sizes[key.stringValue] = try? container.decode(Int.self, forKey: key)
    }
    for key in ["last", "step"] where median[key] == nil {
      throw DecodingError.keyNotFound(
        SavedKey(stringValue: key), .init(codingPath: [], debugDescription: "no seconds for \(key)"))
    }
  }

  private static let pieces = [
    ("first", StepMeasurement.first), ("middle", StepMeasurement.middle), ("last", StepMeasurement.last),
    ("optimizer", StepMeasurement.optimizer), ("step", StepMeasurement.step),
    ("memory_module", StepMeasurement.memory),
  ]

  /// The middle of several answers, as rows of the table of steps.
  static func rows(_ model: String, medianOf several: [YardstickStep]) -> [[String: BenchmarkTable.Cell]] {
    pieces.map { key, piece in
      let seconds = several.compactMap { $0.median[key] }
      var row: [String: BenchmarkTable.Cell] = ["model": .text(model), "piece": .text(piece)]
      if !seconds.isEmpty { row["seconds"] = .number(Harness.median(seconds)) }
      if key == "step" {
        row["peak_memory_bytes"] = .number(Harness.median(several.map(\.peakMebibytes)) * 1_048_576)
      }
      return row
    }
  }
}
