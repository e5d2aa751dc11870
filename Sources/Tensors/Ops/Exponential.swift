import CKernels

/// eˣ of every number, recording nothing: the polynomial that all kernels share, never a system's own function.
package func exponential(_ x: [Float]) -> [Float] {
  let y = Tensor([x.count], x)
  return Tensor([x.count]) { kernels.exponential($0, y.pointer, x.count) }.values
}
