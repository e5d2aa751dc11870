/// What was computed while gradients are wanted, in the order of computing.
///
/// Every recorded operation leaves a pullback: from the gradient of its output to those of its inputs. Sweeping backward
/// calls them in reverse order; contributions to one tensor are therefore added in reverse order of recording, which is
/// part of the numerics. Entries are let go of one by one, so a long tape is never released recursively.
package final class Tape {
  /// From the gradient of an output to the gradients of the inputs, in their order; nil where none was asked for.
  typealias Pullback = (_ dy: Tensor) -> [Tensor?]

  private struct Entry {
    let inputs: [Int?]
    let pullback: Pullback?
  }

  private var entries: [Entry] = []

  package init() {}

  /// A tensor of the same numbers whose gradient this tape will know.
  package func watch(_ tensor: Tensor) -> Tensor {
    entries.append(Entry(inputs: [], pullback: nil))
    return Tensor(tensor.shape, tensor.storage, Trace(tape: self, index: entries.count - 1))
  }

  fileprivate func record(_ inputs: [Int?], _ pullback: @escaping Pullback) -> Trace {
    entries.append(Entry(inputs: inputs, pullback: pullback))
    return Trace(tape: self, index: entries.count - 1)
  }

  /// The gradients of `output`, a single number, with respect to `watched` tensors; nil where there is no path.
  ///
  /// The tape is empty afterwards.
  package func gradients(of output: Tensor, for watched: [Tensor]) -> [Tensor?] {
    require(
      output.shape.count == 1,
      "the gradient of a tensor of shape \(output.shape) was asked for; only a single number has one")
    return gradients(of: output, whoseOwnIs: Tensor(output.shape, repeating: 1), for: watched)
  }

  /// The same from the middle of a sweep on, where the gradient of `output` is `dy`: one operation's way back, alone.
  package func gradients(of output: Tensor, whoseOwnIs dy: Tensor, for watched: [Tensor]) -> [Tensor?] {
    require(dy.shape == output.shape, "a tensor of \(output.shape) has no gradient of \(dy.shape)")
    var gradients = [Tensor?](repeating: nil, count: entries.count)
    let wanted = watched.map { tensor in
      guard let trace = tensor.trace, trace.tape === self else {
        fatalError(
          "the gradient for a tensor of shape \(tensor.shape) was asked for, which this tape does not watch")
      }
      require(trace.index < entries.count, "this tape was swept already: what it knew is gone")
      return trace.index
    }
    if let trace = output.trace {
      require(trace.tape === self, "the output was computed on another tape")
      gradients[trace.index] = dy
      sweep(from: trace.index, &gradients)
    }
    entries = []
    return wanted.map { gradients[$0] }
  }

  private func sweep(from last: Int, _ gradients: inout [Tensor?]) {
    let scrutiny = Scrutiny.current
    defer { scrutiny?.endSweep() }
    for index in stride(from: last, through: 0, by: -1) {
      let entry = entries[index]
      entries[index] = Entry(inputs: [], pullback: nil)
      guard let pullback = entry.pullback, let dy = gradients[index] else { continue }
      gradients[index] = nil
      scrutiny?.pullsBack(index)
      let contributions = pullback(dy)
      scrutiny?.pulledBack(contributions)
      for (input, contribution) in zip(entry.inputs, contributions) {
        guard let input, let contribution else { continue }
        gradients[input] = gradients[input].map { $0.plus(contribution) } ?? contribution
      }
    }
  }
}

/// Where on a tape a tensor was made.
struct Trace {
  let tape: Tape
  let index: Int
}

extension Tensor {
  /// This tensor, just computed from `inputs`, with the way back for gradients.
  ///
  /// `pullback` must hold constants only (`detached`); what it returns stands in the order of `inputs`.
  func recorded(
    from inputs: Tensor..., file: StaticString = #fileID, function: StaticString = #function,
    pullback: @escaping Tape.Pullback
  ) -> Tensor {
    recorded(from: inputs, file: file, function: function, pullback: pullback)
  }

  /// The same of any number of inputs.
  func recorded(
    from inputs: [Tensor], file: StaticString = #fileID, function: StaticString = #function,
    pullback: @escaping Tape.Pullback
  ) -> Tensor {
    let tape = inputs.lazy.compactMap({ $0.trace?.tape }).first
    require(
      inputs.allSatisfy { $0.trace == nil || $0.trace?.tape === tape },
      "an operation joins tensors of two tapes")
    let trace = tape?.record(inputs.map { $0.trace?.index }, pullback)
    Scrutiny.current?.made(self, of: inputs, place: trace?.index, in: file, function)
    return trace.map { Tensor(shape, storage, $0) } ?? self
  }
}
