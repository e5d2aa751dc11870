import Models
import Tensors

extension Specimen {
  /// The example of `Sources/Models/README.md`.
  static let runningMean = Specimen(
    RunningMean.self, "",
    RunningMean.Configuration(width: 8, dropout: 0.3, runningMean: .init(decay: 0.9)),
    remembers: true,
    state: { memory, row in [Array((memory.sum_BD?.values ?? [])[row * 8..<(row + 1) * 8]), [memory.weight]] }
  )
}
