import Tensors

/// Two maps with GELU between and dropout before and after the second, on a branch that is added to `residual`.
struct FusedMaps {
  private let B = 3, L = 41, D = 33, F = 130

  /// As the models compute it: activations, dropouts and the sum while the products are at hand.
  var fused: [NumberBytes] {
    bits {
      $0.x.fedForward(
        AffineMap(weight_DF: $0.W1, bias_F: $0.b1), .gelu(.tanh), dropout: mask("inner", F),
        AffineMap(weight_DF: $0.W2, bias_F: $0.b2),
        onto: ResidualBranch(residual: $0.residual, mask: mask("outer", D)))
    }
  }

  var unfused: [NumberBytes] {
    bits {
      let inner = $0.x.mapped(by: $0.W1).adding(row: $0.b1).gelu(.tanh).dropout(mask("inner", F))
      return $0.residual + inner.mapped(by: $0.W2).adding(row: $0.b2).dropout(mask("outer", D))
    }
  }

  private struct Inputs {
    let x, W1, b1, W2, b2, residual: Tensor
  }

  private func mask(_ name: String, _ columns: Int) -> DropoutMask {
    DropoutMask(
      place: Place(seed: 3, purpose: .dropout, site: siteHash(name), step: 5), rate: 0.2,
      origins: (0..<B).map { UInt64(11 + $0) }, rows: L, columns: columns)
  }

  private func bits(_ operation: (Inputs) -> Tensor) -> [NumberBytes] {
    let tape = Tape()
    let shapes: [(String, Shape)] = [
      ("x", [B, L, D]), ("W1", [D, F]), ("b1", [F]), ("W2", [F, D]), ("b2", [D]), ("residual", [B, L, D]),
    ]
    let inputs = shapes.map { tape.watch(noise($1, $0)) }
    let y = operation(
      Inputs(
        x: inputs[0], W1: inputs[1], b1: inputs[2], W2: inputs[3], b2: inputs[4], residual: inputs[5]))
    let gradients = tape.gradients(of: y.sum(weightedBy: noise([B, L, D], "dy")), for: inputs)
    return [NumberBytes("y", y.values)]
      + zip(shapes, gradients).map { NumberBytes("gradient of \($0.0)", $1?.values ?? []) }
  }
}
