import Engrams
import Networks
import Tensors

/// What one block of Memoria adds for memory, between self-attention and feed-forward.
///
///     x += dropout(memory attention(LN_w x, WM))
///     x += dropout(memory attention(LN_m x, reminded))      the same weights, another norm
struct MemoriaLayer {
  private let workingNorm: LayerNorm
  private let remindedNorm: LayerNorm
  private let attention: MemoryAttention
  private let workingDropout, remindedDropout: Branch
  private let memoria: EngramConfiguration

  /// Dropout of the probabilities and of what the branch adds.
  private struct Branch {
    let probability, sum: Dropout

    init(_ rate: Double, in scope: Scope) {
      probability = Dropout(rate, in: scope["probability_dropout"])
      sum = Dropout(rate, in: scope["dropout"])
    }
  }

  init(_ configuration: Memoria.Configuration, in scope: Scope) {
    let (D, rate) = (configuration.width, configuration.dropout)
    workingNorm = LayerNorm(D, in: scope["working_memory_norm"])
    remindedNorm = LayerNorm(D, in: scope["reminded_norm"])
    attention = MemoryAttention(
      D, heads: configuration.heads, deviation: Decoder.deviation, in: scope["memory_attention"])
    workingDropout = Branch(rate, in: scope["working_memory"])
    remindedDropout = Branch(rate, in: scope["reminded"])
    memoria = configuration.memoria
  }

  /// x [B, L, D] with what working memory adds.
  func attend(_ x_BLD: Tensor, toWorking working_BND: Tensor, at moment: Moment) -> Tensor {
    let attended = attention(
      workingNorm(x_BLD), memories_BND: working_BND, visible: nil, capacity: memoria.engrams,
      dropout: workingDropout.probability, at: moment)
    return x_BLD + workingDropout.sum(attended.sum_BLD, at: moment)
  }

  /// x [B, L, D] with what the reminded add, and the probabilities [B, H, L, N] that they are credited with.
  func attend(_ x_BLD: Tensor, to reminded: Reminded, at moment: Moment) -> (
    sum_BLD: Tensor, credited_BHLM: () -> Tensor
  ) {
    // The widest that any batch can be padded to. The reference may count one empty place more.
    let capacity = memoria.remindedShortTerm + memoria.remindedLongTerm + 1
    let attended = attention(
      remindedNorm(x_BLD), memories_BND: reminded.vectors_BND, visible: reminded.visible, capacity: capacity,
      dropout: remindedDropout.probability, at: moment)
    let branch_BLD = remindedDropout.sum(attended.sum_BLD, at: moment)
    let sum_BLD =
      reminded.addsNothing.contains(true)
      ? x_BLD.adding(branch_BLD, where: reminded.addsNothing.map { !$0 }) : x_BLD + branch_BLD
    return (
      sum_BLD,
      {
        memoria.behaviour == .paper
          ? attended.probability_BHLM : attended.probability_BHLM.droppedProbabilities(attended.mask)
      }
    )
  }
}
