package import Engrams
package import Networks
package import Tensors

/// A model that reads long sequences segment by segment, carrying a memory between segments.
///
/// Letters of the whole project, in names, messages and comments:
///
///     B  sequences in a batch        H  attention heads
///     L  tokens in a segment         K  width of one head
///     M  positions attended to       F  width inside a feed-forward
///     D  width of the model          V  symbols of the vocabulary
///     N  engrams                     S  segments of a sequence
///
/// A new model is one file and one line in `modelCatalogue`; its configuration's properties are its manifest keys.
package protocol SequenceModel: SendableMetatype {
  associatedtype Configuration: Codable, Sendable
  /// What is carried from one segment to the next. Always constants: no gradient crosses a segment.
  associatedtype Memory

  /// The word by which manifests choose this model.
  static var name: String { get }
  /// What it is, in a few words with its source: `Memoria Transformer (Park & Bak, 2024)`.
  static var words: String { get }
  /// Raised when the same settings would give other numbers than before.
  static var semantics: Int { get }
  /// Why these settings are impossible; empty when they are not.
  static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint]

  init(_ configuration: Configuration, vocabulary: Int, in scope: Scope)

  /// Whether sequences of one batch look at each other, as some published reference has it. Those of all other models
  /// may be read apart, with the same bits.
  static func mixesSequences(under configuration: Configuration) -> Bool

  /// How far back a token can influence an output.
  static func reach(of configuration: Configuration) -> Reach

  /// What the published implementation allocates for these settings and never uses, so that this one does not.
  static func unusedParameters(of configuration: Configuration, vocabulary: Int) -> [UnusedParameter]

  /// The memory before the first segment of `sequences` sequences; `keepsLog` asks for a log in `report(of:)`.
  func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory

  /// What several batches of sequences carry, as one batch of all of them in order; nil where a model cannot tell, and its
  /// batches are then never read in parts.
  static func joined(_ memories: [Memory]) -> Memory?

  /// One segment.
  ///
  /// - tokens_BL: Row by row. Threads may call this side by side, each with a memory of its own.
  func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> SegmentOutput

  /// One segment for what it leaves in `memory` alone, without gradients: nobody wants its hidden states, so a model may
  /// leave out whatever its memory does not keep.
  func remember(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment)

  /// One segment behind which nobody reads on: hidden states [B, R, D] of `positions` alone.
  ///
  /// What is left in `memory` is read by no segment, so a model may leave that out too; `report(of:)` must be what it
  /// would be behind a whole call.
  func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, at moment: Moment
  ) -> SegmentOutput

  /// Scores [rows, V] of the next token for rows of hidden states.
  func logits(of hidden: Tensor) -> Tensor

  /// What a memory of engrams did, and what its graph takes; nil for models without engrams.
  func report(of memory: Memory) -> EngramReport?
}

/// What a model makes of one segment.
package struct SegmentOutput {
  /// Hidden states [B, L, D], ready for `logits`; of the positions that were asked for, if not of all.
  package let hidden_BLD: Tensor
  /// A scalar, already weighted, that training adds to the task's loss; nil for models that have none.
  package let auxiliaryLoss: Tensor?

  package init(hidden_BLD: Tensor, auxiliaryLoss: Tensor? = nil) {
    self.hidden_BLD = hidden_BLD
    self.auxiliaryLoss = auxiliaryLoss
  }
}

/// How far back a token can influence an output.
package enum Reach: Sendable, Equatable {
  /// The segment itself and so many whole segments before it.
  case segments(Int)
  /// So many tokens before the one that is read.
  case tokens(Int)
  case unbounded

  /// Segments before an output's own that can hold such a token; nil for no bound.
  package func segments(ofLength length: Int) -> Int? {
    switch self {
    case .segments(let count): count
    case .tokens(let count): (count + length - 1) / length
    case .unbounded: nil
    }
  }
}

/// Numbers that a published implementation allocates without using them.
package struct UnusedParameter: Sendable, Equatable {
  /// In words: `second embedding projection`.
  package let name: String
  package let count: Int
  /// Why nothing depends on it.
  package let reason: String

  package init(_ name: String, count: Int, reason: String) {
    (self.name, self.count, self.reason) = (name, count, reason)
  }
}

extension SequenceModel {
  package static func unusedParameters(of configuration: Configuration, vocabulary: Int) -> [UnusedParameter]
  {
    []
  }

  package static func mixesSequences(under configuration: Configuration) -> Bool { false }

  package static func joined(_ memories: [Memory]) -> Memory? { nil }

  package func remember(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) {
    _ = self(tokens_BL, memory: &memory, at: moment)
  }

  package func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, at moment: Moment
  ) -> SegmentOutput {
    let output = self(tokens_BL, memory: &memory, at: moment)
    return SegmentOutput(
      hidden_BLD: output.hidden_BLD.positions(positions), auxiliaryLoss: output.auxiliaryLoss)
  }

  package func report(of memory: Memory) -> EngramReport? { nil }
}

/// What a memory of engrams did, and what its graph takes.
package struct EngramReport {
  /// By sequence and segment; empty unless a log was asked for.
  package let log: EngramLog
  /// Bytes of who fired with whom; `carriedBytes(of:)` counts everything.
  package let associationBytes: Int
}

/// Every model a manifest may name. Adding one is adding its type here.
package let modelCatalogue: [any SequenceModel.Type] = [
  Transformer.self,
  Memoria.self,
  InfinityFormer.self,
  TransformerXL.self,
  CompressiveTransformer.self,
]
