import Tensors

/// An operation that does in one kernel what others do one after the other: bit for bit the same (numerics-1, see
/// Sources/Tensors/README.md).
struct FusedKernel: Sendable {
  let name: String
  /// What the operation gives, gradients too, and what the others give.
  let fused, unfused: @Sendable () -> [NumberBytes]
}

/// Every kernel that has a sequence of other operations to be compared with. A new one is a line here, with its two sides.
/// Relative and continuous attention have none; their statements are in Tests/Expectations.
let fusedKernelCatalogue: [FusedKernel] = [
  FusedKernel(
    name: "map with bias = product, then addition of a row",
    fused: { MappedRows().bits { $0.mapped(by: $1, bias: $2) } },
    unfused: { MappedRows().bits { $0.mapped(by: $1).adding(row: $2) } }),
  FusedKernel(
    name: "feed-forward on a branch = map, GELU, dropout, map, dropout, addition",
    fused: { FusedMaps().fused }, unfused: { FusedMaps().unfused }),
  FusedKernel(
    name: "causal self-attention = product, scale, softmax, dropout, product",
    fused: { FusedAttention(queries: 137, keys: 137, isCausal: true).fused },
    unfused: { FusedAttention(queries: 137, keys: 137, isCausal: true).unfused }),
  FusedKernel(
    name: "attention to memories = product, scale, softmax, dropout, product",
    fused: { FusedAttention(queries: 100, keys: 70, isCausal: false).fused },
    unfused: { FusedAttention(queries: 100, keys: 70, isCausal: false).unfused }),
]

/// Every fused kernel beside its sequence, on every instruction set of this machine.
func fusedKernels() -> BitsTable {
  BitsTable(
    "fused kernel", columns: InstructionSet.allCases.map { "\($0)" },
    rows: fusedKernelCatalogue.map { kernel in
      BitsTable.Row(
        kernel.name,
        InstructionSet.allCases.map { instructions in
          guard InstructionSet.available.contains(instructions) else { return .notRun("no \(instructions)") }
          return Processor.$current.withValue(Processor(instructions, threads: 2)) {
            BitsCell(firstDifference(kernel.unfused(), kernel.fused()))
          }
        })
    })
}

/// Numbers between -1 and 1 that `name` looks up.
func noise(_ shape: Shape, _ name: String) -> Tensor {
  let place = Place(seed: 1, purpose: .data, site: siteHash(name), step: 0)
  return Tensor(shape, place.words(first: 0, count: shape.count).map { Float($0 >> 8) * 0x1p-23 - 1 })
}

/// Rows to be mapped: y = x W + b.
private struct MappedRows {
  private let x = noise([300, 33], "x")
  private let weight = noise([33, 65], "weight")
  private let bias = noise([65], "bias")
  private let dy = noise([300, 65], "dy")

  func bits(_ operation: (Tensor, Tensor, Tensor) -> Tensor) -> [NumberBytes] {
    let tape = Tape()
    let inputs = [x, weight, bias].map { tape.watch($0) }
    let y = operation(inputs[0], inputs[1], inputs[2])
    let gradients = tape.gradients(of: y.sum(weightedBy: dy), for: inputs)
    return [NumberBytes("y", y.values)]
      + zip(["dx", "dW", "db"], gradients).map { NumberBytes($0, $1?.values ?? []) }
  }
}
