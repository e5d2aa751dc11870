import Models
import Networks
import Tensors

/// `optimizer.h5`: thirty steps of training a small Transformer on real sorting problems.
enum OptimizerOracle: Oracle {
  static func replays(_ file: OracleFile) -> Bool { file.model == Transformer.name && file.has("steps") }

  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison {
    let training = try file.numbers("training")
    func number(_ key: String) throws(OracleError) -> Double {
      guard let value = training[key] else {
        throw .missing(file: file.name, what: "training setting \(key)")
      }
      return value
    }
    let configuration = try TransformerOracle.configuration(file)
    let names = decoderNames(layers: configuration.layers)
    let parameters = Parameters(
      seed: 0, stored: try file.parameters("weights", named: names).mapValues { $0.map { Float($0) } })
    let model = Transformer(configuration, vocabulary: try file.integer("vocab_size"), in: parameters.root)
    var optimizer = Adam(
      beta1: try number("beta_1"), beta2: try number("beta_2"), epsilon: try number("epsilon"),
      for: parameters)
    let (total, warmUp) = (Int(try number("total_steps")), try number("warm_up_steps"))
    let schedule = linearSchedule(
      peak: try number("peak_rate"), warmUp: (warmUp + 0.5) / Double(total), steps: total)
    let shape = try file.shape("steps/input_ids")
    let (steps, batch, length) = (shape[0], shape[1], shape[2])
    let tokens = try file.integers("steps/input_ids").map { Int32($0) }
    let labels = try file.integers("steps/labels").map { Int32($0) }
    let expectedLoss = try file.doubles("steps/loss")
    let expectedNorm = try file.doubles("steps/gradient_norm")
    let expectedRate = try file.doubles("steps/learning_rate")

    var comparison = Comparison()
    for step in 0..<steps {
      let part = step * batch * length..<(step + 1) * batch * length
      let targets = Array(labels[part])
      let weights = targets.indices.map { index -> Float in
        let row = index / length * length..<(index / length + 1) * length
        return 1 / Float(targets[row].count { $0 >= 0 } * batch)
      }
      let moment = Moment(
        seed: 0, step: step, segment: 0, segments: 1, segmentLength: length, examples: Array(0..<batch),
        isTraining: true)
      let (loss, gradients) = parameters.gradients {
        var memory: Void = model.emptyMemory(sequences: batch, keepsLog: false)
        let logits = model.logits(of: model(Array(tokens[part]), memory: &memory, at: moment).hidden_BLD)
        return logits.reshaped([batch * length, logits.shape.columns]).crossEntropy(
          labels: targets, weights: weights)
      }
      let norm = gradientNorm(gradients)
      let place = "step \(step)"
      comparison.compare("loss", [loss.scalar], [expectedLoss[step]], tolerance: 1e-5, at: place)
      comparison.compare(
        "gradient_norm", [Float(norm)], [expectedNorm[step]], tolerance: 1e-5 * expectedNorm[step], at: place)
      comparison.compare(
        "learning_rate", [Float(schedule(step))], [expectedRate[step]], tolerance: 1e-9, at: place)
      optimizer.step(
        parameters, gradients, rate: schedule(step),
        gradientScale: clippingScale(norm: norm, limit: try number("clip_norm")))
      let done = step + 1
      if file.has("weights_after/\(done)") {
        let expected = try file.parameters("weights_after/\(done)", named: names)
        compare(
          "weights", parameters.all.map { $0.value }, expected, parameters, 5e-6, "step \(done)", &comparison)
      }
      if file.has("moments_after/\(done)") {
        for (moments, name) in [(optimizer.first, "first"), (optimizer.second, "second")] {
          let expected = try file.parameters("moments_after/\(done)/\(name)", named: names)
          compare("\(name) moments", moments, expected, parameters, 1e-6, "step \(done)", &comparison)
        }
      }
    }
    return comparison
  }

  /// Compares everything but the key part of fused biases: its true gradient is zero, and Adam turns the rounding
  /// noise of single precision into steps.
  private static func compare(
    _ name: String, _ tensors: [Tensor], _ expected: [String: [Double]], _ parameters: Parameters,
    _ tolerance: Double,
    _ place: String, _ comparison: inout Comparison
  ) {
    for (parameter, tensor) in zip(parameters.all, tensors) {
      var (found, reference) = (tensor.values, expected[parameter.path] ?? [])
      if parameter.path.hasSuffix("attention.input.bias") {
        let width = found.count / 3
        found.removeSubrange(width..<2 * width)
        reference.removeSubrange(width..<2 * width)
      }
      comparison.compare(name, found, reference, tolerance: tolerance, at: "\(place), \(parameter.path)")
    }
  }
}
