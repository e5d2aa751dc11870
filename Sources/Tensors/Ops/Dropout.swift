import CKernels

/// Which elements dropout keeps, as an address: nothing is stored, the way back looks the same numbers up again.
///
/// The element of (sequence, head, row, column) is (((origin · heads + head) · rows + row) · columns + column), where
/// origin = example · segments + segment is the sequence's place in the data, not in the batch. `rows` and `columns`
/// are the largest possible, so that neither the batch nor padding moves a mask.
package struct DropoutMask {
  package let place: Place
  /// Probability of dropping, below 1.
  package let rate: Double
  /// example · segments + segment for every sequence of the batch.
  package let origins: [UInt64]
  package let heads: Int
  package let rows: Int
  package let columns: Int
  /// The row that the first of a tensor is.
  fileprivate var firstRow = 0

  package init(place: Place, rate: Double, origins: [UInt64], heads: Int = 1, rows: Int, columns: Int) {
    require(rate > 0 && rate < 1, "a dropout rate of \(rate) is not between 0 and 1")
    self.place = place
    self.rate = rate
    self.origins = origins
    self.heads = heads
    self.rows = rows
    self.columns = columns
  }

  /// floor((1 - p) 2³²): an element is kept when its random word is below.
  ///
  /// A rate below 2⁻³³ rounds to none; the largest word is then dropped all the same.
  var threshold: UInt32 { UInt32(min((1 - rate) * 0x1p32, 0x1p32 - 1)) }
  var scale: Float { Float(1 / (1 - rate)) }

  /// The same mask for tensors that hold the rows from `row` on.
  package func from(row: Int) -> DropoutMask {
    var mask = self
    mask.firstRow += row
    return mask
  }

  func firstElement(_ sequence: Int, head: Int = 0, row: Int = 0) -> UInt64 {
    let rowsBefore = (origins[sequence] * UInt64(heads) + UInt64(head)) * UInt64(rows)
    return (rowsBefore + UInt64(firstRow + row)) * UInt64(columns)
  }
}

extension DropoutMask {
  /// Stops unless this is a mask for hidden states of a shape.
  func requireFit(_ shape: Shape) {
    require(
      shape.rank == 3 && origins.count == shape[0] && heads == 1 && firstRow + shape[1] <= rows
        && columns == shape[2],
      "a dropout mask for \(origins.count) sequences of \(rows) by \(columns) does not fit \(shape)")
  }
}

extension Tensor {
  /// Inverted dropout of hidden states [B, L, D].
  ///
  ///      y = x / (1 - p) where kept, 0 elsewhere
  ///     dx = the same of dy
  package func dropout(_ mask: DropoutMask?) -> Tensor {
    guard let mask else { return self }
    return dropped(mask).recorded(from: self) { dy in [dy.dropped(mask)] }
  }

  /// The same, recording nothing.
  func dropped(_ mask: DropoutMask) -> Tensor {
    let (B, L, D) = extents3
    mask.requireFit(shape)
    return Tensor(shape) { out in
      withUnsafePointer(to: mask.place.address) { place in
        Processor.current.workers.share(B, cost: 8 * L * D) { sequences in
          for b in sequences {
            var part = dropout_mask(
              place: place, first_element: mask.firstElement(b), threshold: mask.threshold, scale: mask.scale)
            kernels.dropout(out + b * L * D, pointer + b * L * D, &part, L * D)
          }
        }
      }
    }
  }

  /// Attention probabilities [B, H, L, M] as they are after dropout, recording nothing.
  package func droppedProbabilities(_ mask: DropoutMask?) -> Tensor {
    guard let mask else { return self }
    require(
      shape.rank == 4 && mask.origins.count == shape[0] && mask.heads == shape[1]
        && mask.firstRow + shape[2] <= mask.rows
        && shape[3] <= mask.columns,
      "a dropout mask of \(mask.heads) heads for \(mask.origins.count) sequences does not fit \(shape)")
    let (B, H, L, M) = (shape[0], shape[1], shape[2], shape[3])
    return Tensor(shape) { out in
      withUnsafePointer(to: mask.place.address) { place in
        for b in 0..<B {
          for h in 0..<H {
            for l in 0..<L {
              var part = dropout_mask(
                place: place, first_element: mask.firstElement(b, head: h) + UInt64(l * mask.columns),
                threshold: mask.threshold, scale: mask.scale)
              let start = ((b * H + h) * L + l) * M
              kernels.dropout(out + start, pointer + start, &part, M)
            }
          }
        }
      }
    }
  }
}
