/// Numbers of single precision in a shape, which know how they came to be when a tape is running.
///
/// A tensor is a value: it never changes after it is made, and copying it copies no numbers. It is not `Sendable` on
/// purpose: one run is one process, and its tensors are born and die inside.
///
/// A tensor without a trace is a constant; operations on constants record nothing.
package struct Tensor {
  package let shape: Shape
  let storage: Storage
  let trace: Trace?

  init(_ shape: Shape, _ storage: Storage, _ trace: Trace? = nil) {
    self.shape = shape
    self.storage = storage
    self.trace = trace
  }

  /// A constant of `shape`, written by `fill`; where from tells scrutiny what it is.
  init(
    _ shape: Shape, file: StaticString = #fileID, function: StaticString = #function,
    fill: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let storage = Storage(count: shape.count)
    fill(storage.pointer)
    self.init(shape, storage)
    Scrutiny.current?.filled(self, in: file, function)
  }

  /// A shape whose numbers nobody has written and nobody may read. Memory that is never touched costs nothing.
  package init(unwritten shape: Shape) { self.init(shape, Storage(count: shape.count)) }

  /// A constant with the given numbers in row-major order.
  package init(_ shape: Shape, _ values: [Float]) {
    require(values.count == shape.count, "\(values.count) numbers do not fill a tensor of shape \(shape)")
    self.init(shape) { pointer in
      values.withUnsafeBufferPointer { pointer.update(from: $0.baseAddress!, count: $0.count) }
    }
  }

  /// A constant with the same number everywhere.
  package init(_ shape: Shape, repeating value: Float) {
    self.init(shape) { $0.initialize(repeating: value, count: shape.count) }
  }

  /// A copy of the numbers, in row-major order: the only way to read elements above this floor.
  package var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: shape.count)) }

  /// The only number of a tensor that has one.
  package var scalar: Float {
    require(shape.count == 1, "a tensor of shape \(shape) is not a single number")
    return pointer[0]
  }

  /// The same numbers as a constant: no gradient flows through it.
  package var detached: Tensor { Tensor(shape, storage) }

  /// Whether a gradient can flow back from here.
  package var isTraced: Bool { trace != nil }

  var pointer: UnsafeMutablePointer<Float> { storage.pointer }

  /// The extents of a tensor of three axes, to be named by their letters.
  package var extents3: (Int, Int, Int) {
    require(shape.rank == 3, "a tensor of shape \(shape) does not have three axes")
    return (shape[0], shape[1], shape[2])
  }
}
