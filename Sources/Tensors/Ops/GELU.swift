import CKernels

/// The two forms of GELU (Hendrycks & Gimpel, 2016) that the compared models use.
package enum GELU: Sendable {
  /// x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))): the GPT-2 family.
  case tanh
  /// x/2 (1 + erf(x/√2)): Compressive Transformer, BERT.
  case exact
}

extension Tensor {
  /// Gaussian error linear unit.
  ///
  ///      y = x Φ(x), exactly or by tanh
  ///     dx = dy (Φ(x) + x Φ′(x)), of the same form
  package func gelu(_ form: GELU) -> Tensor {
    let forward = form == .tanh ? kernels.gelu_tanh : kernels.gelu_exact
    let y = Tensor(shape) { out in
      Processor.current.workers.share(shape.count, cost: 16) { range in
        forward(out + range.lowerBound, pointer + range.lowerBound, range.count)
      }
    }
    let x = detached
    return y.recorded(from: self) { dy in
      let backward = form == .tanh ? kernels.gelu_tanh_pullback : kernels.gelu_exact_pullback
      return [
        Tensor(x.shape) { dx in
          Processor.current.workers.share(x.shape.count, cost: 24) { range in
            let start = range.lowerBound
            backward(dx + start, x.pointer + start, dy.pointer + start, range.count)
          }
        }
      ]
    }
  }
}
