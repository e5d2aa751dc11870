import CKernels

/// A function of one number that the kernels compute by arithmetic of their own: no C library decides a bit of it.
package enum ElementFunction: String, Sendable, CaseIterable {
  case exponential = "exp"
  case logarithm = "log"
  case hyperbolicTangent = "tanh"
  case errorFunction = "erf"
  case sigmoid
  case softplus
  case geluTanh = "gelu tanh"
  case geluExact = "gelu exact"

  /// f of every input, by the kernels of here and now.
  package func callAsFunction(_ inputs: [Float]) -> [Float] {
    let count = inputs.count
    return [Float](unsafeUninitializedCapacity: count) { room, initialized in
      initialized = count
      guard let out = room.baseAddress else { return }
      inputs.withUnsafeBufferPointer { inputs in
        guard let x = inputs.baseAddress else { return }
        switch self {
        case .exponential: kernels.exponential(out, x, count)
        case .logarithm: kernels.logarithm(out, x, count)
        case .hyperbolicTangent: kernels.hyperbolic_tangent(out, x, count)
        case .errorFunction: kernels.error_function(out, x, count)
        case .sigmoid: kernels.sigmoid(out, x, count)
        case .softplus: kernels.softplus(out, x, count)
        case .geluTanh: kernels.gelu_tanh(out, x, count)
        case .geluExact: kernels.gelu_exact(out, x, count)
        }
      }
    }
  }
}

/// The bits of numbers, four bytes each, the lowest first; every NaN is 7fc00000, as its payload is promised nowhere.
package func canonicalBytes(_ values: [Float]) -> [UInt8] {
  let bits = values.map { ($0.isNaN ? 0x7fc0_0000 : $0.bitPattern).littleEndian }
  return bits.withUnsafeBytes { Array($0) }
}

/// The floats whose bit patterns are `first`, `first + step` and so on, below `end`.
package func floats(fromPattern first: Int, to end: Int, every step: Int) -> [Float] {
  stride(from: first, to: end, by: step).map { Float(bitPattern: UInt32($0)) }
}
