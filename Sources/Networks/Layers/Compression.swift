package import Tensors

/// Several rows into one: a convolution over positions whose window is its stride (Rae et al., 2020).
///
///     y_w = W [x_rw; x_rw+1; …; x_rw+r-1] + b        r the rate, the weight [r D, D] with the earliest row first
///
/// M rows get M mod r rows of zeros in front, as the released code has it; rows at the end that then fill no window
/// are lost. Nothing of both happens where r divides M.
package struct Compression {
  package let rate: Int
  private let map: Linear

  package init(_ D: Int, rate: Int, in scope: Scope) {
    let start = Initialization.uniform(fanIn: rate * D)
    map = Linear(rate * D, D, weight: start, bias: start, in: scope)
    self.rate = rate
  }

  /// Rows [B, W, D] for the constants [B, M, D], oldest first.
  ///
  /// - learns: Whether a gradient shall reach the weight.
  package func callAsFunction(_ rows_BMD: Tensor, learns: Bool) -> Tensor {
    let (B, M, D) = rows_BMD.extents3
    let padding = M % rate
    let windows = (M + padding) / rate
    let padded_BMD =
      padding == 0
      ? rows_BMD.detached : joined([Tensor([B, padding, D], repeating: 0), rows_BMD.detached])
    let window_BWE = padded_BMD.positions(0..<windows * rate).reshaped([B, windows, rate * D])
    return learns ? map(window_BWE) : map.frozen(window_BWE)
  }
}
