import Models
import Networks
import Tensors

/// A bag of words that fades: what a token means, and the mean of what earlier segments held.
///
///     x_t = dropout(E[token_t])                     within a segment every token stands alone
///     h_t = LN(x_t + m W + b),  m = S / n           what earlier segments leave; nothing before the first
///     S ← γ S + Σ_t E[token_t],  n ← γ n + L        γ = decay, 0 < γ ≤ 1
///     logits = h Eᵀ
struct RunningMean: SequenceModel {
  struct Configuration: Codable, Sendable {
    var width: Int
    var dropout: Double
    var runningMean: Fading

    /// The keys that no other model has: `model.running_mean.decay`.
    struct Fading: Codable, Sendable {
      var decay: Double
    }
  }

  /// A sum of embeddings [B, D], a constant, and the weight of all tokens in it; empty before the first segment.
  struct Memory {
    fileprivate(set) var sum_BD: Tensor?
    fileprivate(set) var weight: Float = 0
  }

  static let name = "running-mean"
  static let words = "fading bag of words: the mean of what earlier segments held, added to every token"
  static let semantics = 1

  static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint] {
    var complaints: [Complaint] = []
    if !(1...100_000).contains(configuration.width) {
      complaints.append(Complaint("width", "is \(configuration.width); it must be from 1 to 100000"))
    }
    if !(0..<1).contains(configuration.dropout) {
      complaints.append(
        Complaint("dropout", "is \(configuration.dropout); it must be at least 0 and below 1"))
    }
    let decay = configuration.runningMean.decay
    if !(decay > 0 && decay <= 1) {
      complaints.append(
        Complaint("running_mean.decay", "is \(decay); it must be above 0 and at most 1"))
    }
    return complaints
  }

  private let decay: Float
  private let token_VD: Parameter
  private let dropout: Dropout
  private let map: Linear
  private let norm: LayerNorm

  init(_ configuration: Configuration, vocabulary: Int, in scope: Scope) {
    let D = configuration.width
    decay = Float(configuration.runningMean.decay)
    token_VD = scope["embedding"].parameter("token", [vocabulary, D], .normal(deviation: 0.1))
    dropout = Dropout(configuration.dropout, in: scope["embedding"]["dropout"])
    map = Linear(D, D, deviation: 0.1, in: scope["mean"])
    norm = LayerNorm(D, in: scope["final_norm"])
  }

  /// With any decay above 0 the oldest token keeps a share.
  static func reach(of configuration: Configuration) -> Reach { .unbounded }

  func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory { Memory() }

  func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> SegmentOutput {
    let B = moment.examples.count
    let L = tokens_BL.count / B
    let embedded_BLD = token_VD.tensor.lookup(tokens_BL, leading: [B, L])
    var x_BLD = dropout(embedded_BLD, at: moment)
    if let sum_BD = memory.sum_BD {
      // One mean a sequence, repeated over its tokens.
      let rows = (0..<B).flatMap { [Int32](repeating: Int32($0), count: L) }
      x_BLD = x_BLD + map(sum_BD * (1 / memory.weight)).lookup(rows, leading: [B, L])
    }
    // Sums over a segment record nothing, so no gradient crosses into the next.
    let sum_BD = embedded_BLD.sumsOfSequences()
    memory.sum_BD = memory.sum_BD.map { $0 * decay + sum_BD } ?? sum_BD
    memory.weight = memory.weight * decay + Float(L)
    return SegmentOutput(hidden_BLD: norm(x_BLD))
  }

  func logits(of hidden: Tensor) -> Tensor { hidden.scored(against: token_VD.tensor) }
}
