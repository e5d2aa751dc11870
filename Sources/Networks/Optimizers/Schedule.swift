/// From a step, counted from 0, to its learning rate.
package typealias Schedule = @Sendable (_ step: Int) -> Double

/// Linear warm-up from 0 and linear decay to 0, per optimizer step:
///
///     rate(s) = peak s / W for s < W,   peak (T - s) / (T - W) from there on,   W = ⌊warmUp T⌋
///
/// The first step therefore has rate 0 unless there is no warm-up.
package func linearSchedule(peak: Double, warmUp: Double, steps T: Int) -> Schedule {
  let W = Int(warmUp * Double(T))
  return { step in
    step < W ? peak * Double(step) / Double(W) : peak * Double(T - step) / Double(T - W)
  }
}
