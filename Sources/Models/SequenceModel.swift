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
  /// Raised when the same settings would give other numbers than before.
  static var semantics: Int { get }
  /// Why these settings are impossible; empty when they are not.
  static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint]

  init(_ configuration: Configuration, vocabulary: Int, in scope: Scope)

  /// How many segments back a token can influence an output; nil when there is no bound.
  static func reach(of configuration: Configuration) -> Int?

  /// The memory before the first segment of `sequences` sequences; `keepsLog` asks for a log in `report(of:)`.
  func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory

  /// Hidden states [B, L, D] of one segment, ready for `logits`.
  ///
  /// - tokens_BL: Row by row.
  func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> Tensor

  /// Scores [rows, V] of the next token for rows of hidden states.
  func logits(of hidden: Tensor) -> Tensor

  /// What a memory holds and what it did; nil for models without engrams.
  func report(of memory: Memory) -> EngramReport?
}

extension SequenceModel {
  package func report(of memory: Memory) -> EngramReport? { nil }
}

/// What a memory of engrams holds and what it did.
package struct EngramReport {
  /// By sequence and segment; empty unless a log was asked for.
  package let log: EngramLog
  /// Bytes of everything the memory holds, and of who fired with whom alone.
  package let stateBytes: Int
  package let associationBytes: Int
}

/// Every model a manifest may name. Adding one is adding its type here.
package let modelCatalogue: [any SequenceModel.Type] = [
  Transformer.self,
  Memoria.self,
]
