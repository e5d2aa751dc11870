import Models
import Tasks
package import Tensors

/// Loss and gradients of some sequences.
package struct Learned {
  /// Sum of the task's losses; what a model adds to learn from is left out.
  package private(set) var loss = 0.0
  /// In the order of the parameters; nil where the loss has no path to one.
  package private(set) var gradients: [Tensor?]
  /// What was carried from segment to segment.
  package internal(set) var memory = MemorySize()

  init(parameters: Int) { gradients = [Tensor?](repeating: nil, count: parameters) }

  mutating func add(_ loss: Double, _ gradients: [Tensor?]) {
    self.loss += loss
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      self.gradients[index] = self.gradients[index].map { $0 + gradient } ?? gradient
    }
  }

  static func += (sum: inout Learned, more: Learned) {
    sum.add(more.loss, more.gradients)
    sum.memory += more.memory
  }
}

/// What a model makes of the labelled positions of a segment.
struct LabelledOutput {
  /// Hidden states of the labels, and whose they are, sequence by sequence.
  let hidden_RD: Tensor
  let labels: [Int32]
  let sequences: [Int]
  let auxiliaryLoss: Tensor?

  /// - positions: Those that the output is of.
  init(_ output: SegmentOutput, of segment: Segment, among positions: Range<Int>) {
    let labelled = segment.labelled(among: positions)
    hidden_RD = output.hidden_BLD.rows(labelled.rows)
    (labels, sequences) = (labelled.labels, labelled.sequences)
    auxiliaryLoss = output.auxiliaryLoss
  }
}
