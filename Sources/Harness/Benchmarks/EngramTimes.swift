import Engrams
import Models
import Networks
import Tasks
import Tensors

/// What Memoria's memory takes by itself, without a network: reminding and memorizing, segment by segment.
struct EngramTimes {
  /// The whole document's, then those of single segments with the engrams held before them.
  let pieces: [StepMeasurement.Piece]
  /// Of who fired with whom, for the whole batch, at the end of a document.
  let associationBytes: Int

  /// Nil for a run without engrams.
  ///
  /// Working memories are random, and all that is reminded is used alike. The first segment has no working memory.
  init?(of specification: Specification, times: Int) {
    guard specification.model == Memoria.self else { return nil }
    let configuration = specification.configuration(of: Memoria.self)
    let level = configuration.memory
    guard level == .shortTerm || level == .longTerm else { return nil }
    func segments<T: LearningTask>(on task: T.Type) -> Int {
      T(specification.configuration(of: T.self)).segments
    }
    let task = specification.task
    let count = max(segments(on: task) - 1, 1)
    let documents = (0..<max(times, 1)).map {
      Document(configuration, level, rows: specification.training.batch, segments: count, number: $0)
    }
    func seconds(_ segment: Int) -> Double { median(documents.map { $0.seconds[segment] }) }
    let whole = StepMeasurement.Piece(
      name: StepMeasurement.memory, seconds: median(documents.map { $0.seconds.reduce(0, +) }),
      operations: nil)
    // Twice as far each time, and the end.
    let stops = Set((0..<30).map { 1 << $0 }.filter { $0 < count } + [count]).sorted()
    pieces =
      [whole]
      + stops.map { stop in
        StepMeasurement.Piece(
          name: "memory, segment \(stop + 1)", seconds: seconds(stop - 1), operations: nil,
          engrams: documents[0].engrams[stop - 1])
      }
    associationBytes = documents.map(\.associationBytes).max() ?? 0
  }

  /// One batch of documents, remembered to its end.
  private struct Document {
    var seconds: [Double] = []
    /// In the first row, once a segment's own are among them.
    var engrams: [Int] = []
    let associationBytes: Int

    init(
      _ configuration: Memoria.Configuration, _ level: MemoryLevel, rows B: Int, segments: Int, number: Int
    ) {
      let (N, D) = (configuration.memoria.engrams, configuration.width)
      let place = Place(seed: 1, purpose: .data, site: 1, step: 0)
      var memory = EngramMemory(configuration.memoria, level: level, rows: B)
      for segment in 0..<segments {
        let words = place.words(first: UInt64((number * segments + segment) * B * N * D), count: B * N * D)
        let working_BND = Tensor([B, N, D], words.map { Float($0 >> 8) * 0x1p-23 - 1 })
        let occasion = Occasion(seed: 1, step: UInt32(number), segment: segment, examples: Array(0..<B))
        let start = ContinuousClock.now
        let reminded = memory.remind(working_BND, tieBreak: .addressed(occasion))
        let width = reminded.vectors_BND.shape[1]
        memory.memorize(weight_BN: [Float](repeating: 1 / Float(max(width, 1)), count: B * width))
        seconds.append(start.duration(to: .now).inSeconds)
        // A table of all pairs, so only where it is printed: of the first document.
        engrams.append(number == 0 ? memory.snapshot(ofRow: 0).identifiers.count { $0 >= 0 } : 0)
      }
      associationBytes = memory.associationBytes
    }
  }
}
