package import Engrams
import Models
import Networks
import Tasks
import Tensors

/// The sizes that a training step is timed at.
package struct StepSizes: Sendable, Encodable, CustomStringConvertible {
  package var width: Int
  package var layers: Int
  package var heads: Int
  package var innerWidth: Int
  package var segmentLength: Int
  package var segments: Int
  package var batch: Int
  package var symbols: Int
  package var memory: EngramConfiguration

  /// Of `common/sorting-quick.yaml`, 16 segments.
  package static let quick = StepSizes(
    width: 64, layers: 2, heads: 2, innerWidth: 256, segmentLength: 16, segments: 16, batch: 32, symbols: 8,
    memory: EngramConfiguration(
      behaviour: .paper, order: .text, engrams: 8, remindedShortTerm: 16, remindedLongTerm: 16,
      shortTermCapacity: 32,
      searchDepth: 5, initialLifespan: 5, lifespanGain: 4))

  /// Of `common/sorting-paper.yaml`, 4 segments.
  package static let paper = StepSizes(
    width: 512, layers: 5, heads: 4, innerWidth: 2048, segmentLength: 1024, segments: 4, batch: 32,
    symbols: 20,
    memory: EngramConfiguration(
      behaviour: .paper, order: .text, engrams: 128, remindedShortTerm: 256, remindedLongTerm: 640,
      shortTermCapacity: 512, searchDepth: 10, initialLifespan: 5, lifespanGain: 8))

  /// The same with segments of another length, and a memory in proportion.
  package func with(segmentLength length: Int) -> StepSizes {
    var sizes = self
    func scaled(_ size: Int) -> Int { max(1, size * length / segmentLength) }
    sizes.segmentLength = length
    sizes.memory = EngramConfiguration(
      behaviour: memory.behaviour, order: memory.order, engrams: scaled(memory.engrams),
      remindedShortTerm: scaled(memory.remindedShortTerm), remindedLongTerm: scaled(memory.remindedLongTerm),
      shortTermCapacity: scaled(memory.shortTermCapacity), searchDepth: memory.searchDepth,
      initialLifespan: memory.initialLifespan, lifespanGain: memory.lifespanGain)
    return sizes
  }

  /// Why nothing can be timed at these sizes; nil when it can.
  package var complaint: String? {
    for (name, value) in [
      ("width", width), ("layers", layers), ("heads", heads), ("inner width", innerWidth),
      ("segments", segments),
      ("batch", batch),
    ] where !(1...1 << 20).contains(value) { return "the \(name) is \(value); expected 1 to \(1 << 20)." }
    guard (symbols + 2...1 << 20).contains(segmentLength) else {
      return "the segment length is \(segmentLength); expected \(symbols + 2) to \(1 << 20)."
    }
    let complaints =
      Memoria.complaints(about: memoria(.longTerm), vocabulary: symbols + 1, segmentLength: segmentLength)
      + Sorting.complaints(about: taskConfiguration(steps: 1))
    return complaints.first.map { "\($0.key) \($0.sentence)." }
  }

  package var description: String {
    "width \(width), \(layers) layers, \(heads) heads, inner width \(innerWidth), batch \(batch), \(segments) segments "
      + "of \(segmentLength)"
  }

  var transformer: Transformer.Configuration {
    Transformer.Configuration(
      layers: layers, heads: heads, width: width, innerWidth: innerWidth, positions: segmentLength,
      dropout: 0.1,
      residualInitialization: .plain)
  }

  func memoria(_ level: MemoryLevel) -> Memoria.Configuration {
    Memoria.Configuration(
      layers: layers, heads: heads, width: width, innerWidth: innerWidth, positions: segmentLength,
      dropout: 0.1,
      residualInitialization: .plain, memory: level, abstractorActivation: .none, memoria: memory)
  }

  var training: TrainingConfiguration {
    TrainingConfiguration(
      batch: batch, epochs: 1, rate: 2e-3, warmUp: 0.06, clip: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  }

  func task(steps: Int) -> Sorting { Sorting(taskConfiguration(steps: steps)) }

  /// The labels end one token before the last segment does, as in the quick manifest.
  private func taskConfiguration(steps: Int) -> Sorting.Configuration {
    Sorting.Configuration(
      symbols: symbols, length: segments * segmentLength - symbols - 1, segmentLength: segmentLength,
      examples: steps * batch, validationExamples: 1, testExamples: 1, dataSeed: 1)
  }

  /// Under the keys of a manifest.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (key, value) in [
      ("width", width), ("layers", layers), ("heads", heads), ("inner_width", innerWidth),
      ("segment_length", segmentLength), ("segments", segments), ("batch", batch), ("symbols", symbols),
      ("memoria.engrams", memory.engrams), ("memoria.reminded_short_term", memory.remindedShortTerm),
      ("memoria.reminded_long_term", memory.remindedLongTerm),
      ("memoria.short_term_capacity", memory.shortTermCapacity), ("memoria.search_depth", memory.searchDepth),
    ] { try container.encode(value, forKey: Key(stringValue: key)) }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
