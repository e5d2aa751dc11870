import CKernels

extension Tensor {
  /// Σ w_r · cross-entropy of row r of logits [rows, V] with its label; a negative label is ignored.
  ///
  ///      y = Σ_r w_r (log Σ_v exp x_rv - x_r,label)
  ///     dx_r = dy w_r (softmax(x_r) - onehot(label_r))
  ///
  /// Weights carry the averaging (1 / labels of the example / examples), so the caller says what is a mean of what.
  package func crossEntropy(labels: [Int32], weights: [Float]) -> Tensor {
    let (rows, V) = (shape.rows, shape.columns)
    require(
      labels.count == rows && weights.count == rows,
      "\(labels.count) labels and \(weights.count) weights for logits of \(shape)")
    require(labels.allSatisfy { $0 < V }, "a label is not below the \(V) classes")
    let loss = Tensor([rows]) { out in
      labels.withUnsafeBufferPointer { kernels.cross_entropy(out, pointer, $0.baseAddress!, rows, V) }
    }
    let (x, weight) = (detached, Tensor([rows], weights))
    return (loss * weight).sum().recorded(from: self) { dy in
      let scaled = weight.times(dy.scalar)
      return [
        Tensor(x.shape) { dx in
          labels.withUnsafeBufferPointer {
            kernels.cross_entropy_pullback(dx, x.pointer, $0.baseAddress!, scaled.pointer, rows, V)
          }
        }
      ]
    }
  }

  /// Cross-entropy of every row with its label, recording nothing; 0 where the label is negative.
  package func crossEntropies(labels: [Int32]) -> [Float] {
    require(labels.count == shape.rows, "\(labels.count) labels for logits of \(shape)")
    require(labels.allSatisfy { $0 < shape.columns }, "a label is not below the \(shape.columns) classes")
    return Tensor([shape.rows]) { out in
      labels.withUnsafeBufferPointer {
        kernels.cross_entropy(out, pointer, $0.baseAddress!, shape.rows, shape.columns)
      }
    }.values
  }
}
