import CKernels

/// What is done with every output of a product while it is at hand: the bits are those of one operation after another.
struct Finish {
  var bias: Tensor?
  /// An activation, or the pullback of one.
  var activation = Int32(0)
  /// Where the activation goes, or what its pullback takes the slope of; nil for the product itself.
  var activated: Storage?
  var mask: DropoutMask?
  var residual: Tensor?

  fileprivate var isNothing: Bool { bias == nil && activation == 0 && mask == nil && residual == nil }

  /// Calls `body` with the same for the kernels, for a product whose rows and columns make `shape`.
  fileprivate func withKernelFinish(_ shape: Shape, _ body: (UnsafePointer<product_finish>?) -> Void) {
    guard !isNothing else { return body(nil) }
    require(
      residual.map { $0.shape == shape } ?? true,
      "a product of shape \(shape) cannot be added to \(residual?.shape ?? [])")
    mask?.requireFit(shape)
    let elements = mask.map { mask in mask.origins.indices.map { mask.firstElement($0) } } ?? [0]
    elements.withUnsafeBufferPointer { elements in
      withUnsafePointer(to: mask?.place.address ?? random_place()) { place in
        var finish = product_finish(
          bias: bias.map { UnsafePointer($0.pointer) }, activation: activation, activated: activated?.pointer,
          mask: dropout_mask(
            place: mask == nil ? nil : place, first_element: 0, threshold: mask?.threshold ?? 0,
            scale: mask?.scale ?? 1),
          first_elements: elements.baseAddress, rows_each: max(1, shape.rows / elements.count),
          mask_row: shape.columns, residual: residual.map { UnsafePointer($0.pointer) },
          beside_row: shape.columns)
        body(&finish)
      }
    }
  }
}

/// a b of matrices [M, K], [K, N], every axis of `a` but its last taken together.
func product(_ a: Tensor, _ b: Tensor, _ shape: Shape, finish: Finish = Finish()) -> Tensor {
  product(a, (a.shape.columns, 1), b, (b.shape.columns, 1), K: a.shape.columns, shape, finish)
}

/// a bᵀ of [M, K], [N, K].
func product(_ a: Tensor, transposed b: Tensor, _ shape: Shape, finish: Finish = Finish()) -> Tensor {
  product(a, (a.shape.columns, 1), b, (1, b.shape.columns), K: a.shape.columns, shape, finish)
}

/// aᵀ b of [K, M], [K, N], every axis but the last taken together.
func product(transposed a: Tensor, _ b: Tensor, _ shape: Shape) -> Tensor {
  product(a, (1, a.shape.columns), b, (b.shape.columns, 1), K: a.shape.rows, shape, Finish())
}

/// Either factor is read with any (row, column) strides.
private func product(
  _ a: Tensor, _ aStrides: (Int, Int), _ b: Tensor, _ bStrides: (Int, Int), K: Int, _ shape: Shape,
  _ finish: Finish
) -> Tensor {
  let (M, N) = (shape.rows, shape.columns)
  UsefulOperations.add(product: M, N, K)
  return Tensor(shape) { out in
    finish.withKernelFinish(shape) { finish in
      shareProduct(M, N, K) { rows, columns in
        let (row, column) = (rows.lowerBound, columns.lowerBound)
        let (c, left) = (out + row * N + column, a.pointer + row * aStrides.0)
        let right = b.pointer + column * bStrides.1
        if let finish {
          kernels.matmul_finished(
            c, N, left, aStrides.0, aStrides.1, right, bStrides.0, bStrides.1, rows.count, columns.count, K,
            row, column, finish)
        } else {
          kernels.matmul(
            c, N, left, aStrides.0, aStrides.1, right, bStrides.0, bStrides.1, rows.count, columns.count, K, 0
          )
        }
      }
    }
  }
}

/// Shares out a product by rows, or by columns where there are many: the right factor is copied by everyone who needs
/// it, so that who has his own columns copies less.
private func shareProduct(
  _ M: Int, _ N: Int, _ K: Int, _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
) {
  let workers = Processor.current.workers
  let together = 32
  guard N >= 1024 || N > 2 * M else {
    workers.share(M, cost: 2 * N * K) { body($0, 0..<N) }
    return
  }
  workers.share((N + together - 1) / together, cost: 2 * together * M * K) {
    body(0..<M, $0.lowerBound * together..<min(N, $0.upperBound * together))
  }
}
