import Models
import Tensors

/// What a batch carries from segment to segment: whole, or in parts that threads read side by side.
///
/// Sequences are strangers, so a thread can read its share of them from segment to segment without waiting for the others
/// in every operation: at small widths an operation takes little longer than such a wait. Only gradients need the batch
/// together, for they are sums over it.
struct CarriedMemory<M: SequenceModel> {
  private var parts: [Part]

  private struct Part {
    let sequences: Range<Int>
    var memory: M.Memory
  }

  /// Before the first segment.
  ///
  /// - inParts: Whether the batch may be read in parts; then it is where that pays.
  init(_ model: M, sequences: Int, keepsLog: Bool, inParts: Bool) {
    let processor = Processor.current
    func empty(_ sequences: Range<Int>) -> Part {
      Part(
        sequences: sequences, memory: model.emptyMemory(sequences: sequences.count, keepsLog: keepsLog))
    }
    parts = [empty(0..<sequences)]
    let count = processor.separateParts
    // With few sequences more than threads, some threads would have twice as many as others.
    guard inParts, count > 1, sequences % count == 0 || sequences >= 8 * count else { return }
    let several = (0..<count).map { empty(sequences * $0 / count..<sequences * ($0 + 1) / count) }
    if M.joined(several.map(\.memory)) != nil { parts = several }
  }

  var isWhole: Bool { parts.count == 1 }

  func size(of model: M) -> MemorySize {
    parts.reduce(into: MemorySize()) { $0 += MemorySize($1.memory, of: model) }
  }

  /// Calls `body` with sequences and their memory: with all, or with those of every thread on that thread.
  mutating func read(_ body: (_ sequences: Range<Int>, _ memory: inout M.Memory) -> Void) {
    Processor.current.separately(&parts) { body($0.sequences, &$0.memory) }
  }

  /// Makes the batch whole. False where a number is not finite: who meets one whole may stop for all its sequences, so
  /// the batch must be read again that way, from its beginning.
  mutating func join(for model: M) -> Bool {
    guard !isWhole else { return true }
    guard let memory = M.joined(parts.map(\.memory)), model.nonFinitePart(of: memory) == nil else {
      return false
    }
    parts = [Part(sequences: 0..<(parts.last?.sequences.upperBound ?? 0), memory: memory)]
    return true
  }

  /// What a whole batch carries.
  var memory: M.Memory { parts[0].memory }

  /// Calls `body` with the memory of a whole batch.
  mutating func change<Result>(_ body: (inout M.Memory) -> Result) -> Result { body(&parts[0].memory) }
}
