package import Tensors

/// How a model learns: Adam with warm-up and linear decay, clipped. The settings under `training.`
///
/// With B examples in a batch, every epoch has ⌈examples / B⌉ steps, the last batch as large as is left.
/// T = steps of all epochs, W = ⌊warm-up · T⌋:
///
///     rate of step s = rate · s / W                where s < W
///                      rate · (T − s) / (T − W)    elsewhere
package struct TrainingConfiguration: Codable, Sendable, Hashable {
  /// B: examples in a batch.
  package let batch: Int
  /// How often every example is seen.
  package let epochs: Int
  /// The highest learning rate.
  package let rate: Double
  /// The part of all steps in which the rate rises.
  package let warmUp: Double
  /// The largest norm of all gradients together.
  package let clip: Double
  /// β₁ of Adam: how slowly the mean of gradients changes.
  package let beta1: Double
  /// β₂ of Adam: how slowly the mean of their squares changes.
  package let beta2: Double
  /// ε of Adam, added to the root.
  package let epsilon: Double

  package init(
    batch: Int, epochs: Int, rate: Double, warmUp: Double, clip: Double, beta1: Double, beta2: Double,
    epsilon: Double
  ) {
    self.batch = batch
    self.epochs = epochs
    self.rate = rate
    self.warmUp = warmUp
    self.clip = clip
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Raised when the same settings come to train differently.
  package static let semantics = 1

  /// Everything impossible about these settings, by key; empty when there is nothing.
  package static func complaints(about configuration: TrainingConfiguration) -> [Complaint] {
    var complaints: [Complaint] = []
    func check(_ isPossible: Bool, _ key: String, _ value: Any, _ expected: String) {
      if !isPossible { complaints.append(Complaint(key, "is \(value); it must be \(expected)")) }
    }
    check((1...1 << 20).contains(configuration.batch), "batch", configuration.batch, "from 1 to \(1 << 20)")
    check(
      (1...1 << 20).contains(configuration.epochs), "epochs", configuration.epochs, "from 1 to \(1 << 20)")
    check(configuration.rate >= 0, "rate", configuration.rate, "at least 0")
    check((0..<1).contains(configuration.warmUp), "warm_up", configuration.warmUp, "at least 0 and below 1")
    check(configuration.clip > 0, "clip", configuration.clip, "above 0")
    check((0..<1).contains(configuration.beta1), "beta1", configuration.beta1, "at least 0 and below 1")
    check((0..<1).contains(configuration.beta2), "beta2", configuration.beta2, "at least 0 and below 1")
    check(configuration.epsilon > 0, "epsilon", configuration.epsilon, "above 0")
    return complaints
  }

  /// Steps of one epoch over this many examples.
  package func stepsPerEpoch(examples: Int) -> Int { (examples + batch - 1) / batch }

  /// T: steps of the whole training.
  package func steps(examples: Int) -> Int { stepsPerEpoch(examples: examples) * epochs }

  /// W: steps in which the rate rises.
  package func warmUpSteps(examples: Int) -> Int { Int(warmUp * Double(steps(examples: examples))) }
}
