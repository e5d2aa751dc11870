import Models
import Networks
import Tasks
import Tensors

/// What one process measured of the training steps of one run: what `mneme bench steps` asks its children for.
package struct StepMeasurement: Codable, Sendable, Equatable {
  package struct Piece: Codable, Sendable, Equatable {
    /// As tables have it: `middle segment`.
    package let name: String
    package var seconds: Double
    /// Floating-point operations of matrix products that the shapes ask for; nil where nobody counts them.
    package let operations: Double?
    /// Engrams that one row of the memory holds.
    package var engrams: Int? = nil
  }

  package var pieces: [Piece]
  /// The most that the process held until its first two steps were done.
  package var peakBytes: Int
  package let parameters: Int
  /// Floating-point operations a second of the fastest of this run's matrix products: the median of its rates between
  /// the steps, so that whatever else the machine does meets both alike.
  package var bestRate: Double
  /// Of who fired with whom, for the whole batch; nil for models without engrams.
  package var associationBytes: Int?

  package static let first = "first segment"
  package static let middle = "middle segment"
  package static let last = "last segment"
  package static let optimizer = "optimizer"
  package static let step = "whole step"
  package static let memory = "memory module"

  package subscript(_ name: String) -> Piece? { pieces.first { $0.name == name } }

  /// Seconds that the operations of a piece would take at the rate of the fastest product.
  package func bound(of piece: Piece) -> Double? { piece.operations.map { $0 / bestRate } }

  /// Measures with the processor of here and now. Each piece is the median of `times` steps, after one that warms up
  /// and counts operations; a middle segment is the mean of a step's segments between the first and the last.
  package init(of specification: Specification, times: Int, omission: Omission, module: Bool) {
    func measure<M: SequenceModel>(_ model: M.Type) -> StepMeasurement {
      func measure<T: LearningTask>(on task: T.Type) -> StepMeasurement {
        var trainee = Trainee<M, T>(
          specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
          specification.training, seed: specification.seed)
        trainee.omission = omission
        return StepMeasurement(
          &trainee, times: times, beside: ProductShape.steps(of: specification))
      }
      let task = specification.task
      return measure(on: task)
    }
    let model = specification.model
    self = measure(model)
    guard module, let memory = EngramTimes(of: specification, times: times) else { return }
    associationBytes = memory.associationBytes
    pieces += memory.pieces
  }

  private init<M: SequenceModel, T: LearningTask>(
    _ trainee: inout Trainee<M, T>, times: Int, beside shapes: [ProductShape]
  ) {
    func step(counts: Bool) -> StepWatch {
      let watch = StepWatch(counts: counts)
      watch.train(&trainee)
      return watch
    }
    let count = step(counts: true)
    var watches = [step(counts: false)]
    // Before the factors of other products lie in it.
    peakBytes = peakMemory()
    let fastest = Products.fastest(of: shapes)
    var rates = [fastest.rate(tries: 3)]
    while watches.count < times {
      watches.append(step(counts: false))
      rates.append(fastest.rate(tries: 3))
    }
    var pieces: [Piece] = []
    func add(_ name: String, _ segments: [Int], _ seconds: (StepWatch) -> Double) {
      let operations = segments.compactMap { count.operations[$0] }
      pieces.append(
        Piece(
          name: name, seconds: median(watches.map(seconds)),
          operations: operations.isEmpty ? nil : mean(operations)))
    }
    if let first = count.first { add(Self.first, [first]) { $0.early[first] ?? 0 } }
    if !count.middle.isEmpty { add(Self.middle, Array(count.middle.keys)) { mean(Array($0.middle.values)) } }
    if let last = count.last { add(Self.last, [last]) { $0.labelled[last] ?? 0 } }
    add(Self.optimizer, []) { $0.optimizer }
    pieces.append(
      Piece(
        name: Self.step, seconds: median(watches.map(\.step)),
        operations: count.operations.values.reduce(0, +)))
    self.pieces = pieces
    parameters = trainee.parameters.count
    (bestRate, associationBytes) = (median(rates), nil)
  }

  /// The middle of several processes' measurements, piece by piece; their parameters and operations are the same.
  package init(medianOf several: [StepMeasurement]) {
    self = several[0]
    for index in pieces.indices { pieces[index].seconds = median(several.map { $0.pieces[index].seconds }) }
    peakBytes = Int(median(several.map { Double($0.peakBytes) }))
    bestRate = median(several.map(\.bestRate))
  }
}

private func mean(_ numbers: [Double]) -> Double {
  numbers.isEmpty ? 0 : numbers.reduce(0, +) / Double(numbers.count)
}
