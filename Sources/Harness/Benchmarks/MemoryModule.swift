package import Engrams
import Tensors

/// What a memory of engrams takes by itself, without the network around it: time and bytes, segment by segment.
package struct MemoryModule: Sendable, Encodable {
  package struct Segment: Sendable, Encodable {
    /// Engrams that live after it, in all sequences.
    package let engrams: Int
    package let remindSeconds: Double
    package let memorizeSeconds: Double
    /// Bytes of who fired with whom, and of everything else that is remembered.
    package let associationBytes: Int
    package let engramBytes: Int

    package var seconds: Double { remindSeconds + memorizeSeconds }

    enum CodingKeys: String, CodingKey {
      case engrams
      case remindSeconds = "remind_seconds"
      case memorizeSeconds = "memorize_seconds"
      case associationBytes = "association_bytes"
      case engramBytes = "engram_bytes"
    }
  }

  package let segments: [Segment]

  /// The median: later segments have more to search in than earlier ones.
  package var secondsPerSegment: Double { median(segments.map(\.seconds)) }
  package var secondsPerSequence: Double { segments.reduce(0) { $0 + $1.seconds } }
  package var mostAssociationBytes: Int { segments.map(\.associationBytes).max() ?? 0 }
  package var mostEngramBytes: Int { segments.map(\.engramBytes).max() ?? 0 }

  /// Reads `segments` segments with the processor of here and now.
  ///
  /// Engrams are looked-up random numbers in a cube around a wandering centre, a sequence apart from the other, so that
  /// neighbours in time are neighbours in space; the reminded are looked at unevenly.
  package init(
    _ configuration: EngramConfiguration, level: MemoryLevel, batch B: Int, width D: Int, segments: Int
  ) {
    let clock = ContinuousClock()
    let place = Place(seed: 1, purpose: .data, site: 1, step: 0)
    let N = configuration.engrams
    func numbers(_ segment: Int, _ part: Int, _ count: Int) -> [Float] {
      place.words(first: UInt64(2 * segment + part) << 40, count: count).map { Float($0 >> 8) * 0x1p-24 }
    }
    var memory = EngramMemory(configuration, level: level, rows: B)
    var centre_D = [Float](repeating: 0, count: D)
    var measured: [Segment] = []
    for segment in 0..<segments {
      for (index, step) in numbers(segment, 0, D).enumerated() { centre_D[index] += (step - 0.5) / 4 }
      let working_BND = Tensor(
        [B, N, D], numbers(segment, 1, B * N * D).enumerated().map { $1 - 0.5 + centre_D[$0 % D] })
      let occasion = Occasion(seed: 1, step: 0, segment: segment, examples: Array(0..<B))
      var weight_BN: [Float] = []
      let remind = clock.measure {
        let reminded = memory.remind(working_BND, tieBreak: .addressed(occasion))
        weight_BN = [Float](repeating: 0, count: B * reminded.vectors_BND.shape[1])
      }
      for index in weight_BN.indices { weight_BN[index] = Float(index % 7 + 1) }
      let memorize = clock.measure { memory.memorize(weight_BN: weight_BN) }
      measured.append(
        Segment(
          engrams: memory.count, remindSeconds: remind.inSeconds, memorizeSeconds: memorize.inSeconds,
          associationBytes: memory.associationBytes, engramBytes: memory.stateBytes - memory.associationBytes)
      )
    }
    self.segments = measured
  }
}
