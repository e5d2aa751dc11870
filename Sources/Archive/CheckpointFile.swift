package import Records

/// All that a run needs to go on from a step to the same bits.
package struct Checkpoint: Sendable, Equatable {
  package let run: Digest
  /// Steps done.
  package let step: UInt64
  package let parameters: [NamedArray]
  package let firstMoments: [NamedArray]
  package let secondMoments: [NamedArray]
  /// What is kept in double precision, such as Adam's running products.
  package let scalars: [Scalar]
  /// The history of all metrics up to this step: one file, one transaction.
  package let series: [Series]

  /// A named number, kept to the last bit.
  package struct Scalar: Sendable, Equatable {
    package let name: String
    package let value: Double

    package init(name: String, value: Double) { (self.name, self.value) = (name, value) }
  }

  package init(
    run: Digest, step: UInt64, parameters: [NamedArray], firstMoments: [NamedArray],
    secondMoments: [NamedArray],
    scalars: [Scalar], series: [Series]
  ) {
    (self.run, self.step, self.parameters) = (run, step, parameters)
    (self.firstMoments, self.secondMoments) = (firstMoments, secondMoments)
    (self.scalars, self.series) = (scalars, series)
  }
}

/// `checkpoint-00001200.h5`: a checkpoint as a file.
///
///     /                            attributes: format, format_version, run, step, weights_digest, complete=1
///     /parameters/<dotted name>    f32[...]
///     /optimizer/first_moments/…   f32[...]   /optimizer/second_moments/…
///     /scalars/<name>              f64
///     /metrics/<series>/…          the history so far, as in a result
package enum CheckpointFile {
  /// The file's name, with the step in eight digits, so that names sort as steps do.
  package static func name(step: UInt64) -> String {
    let digits = String(step)
    return "checkpoint-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).h5"
  }

  /// The step a file's name tells; nil if it is no checkpoint's name.
  package static func step(ofName name: String) -> UInt64? {
    guard name.hasPrefix("checkpoint-"), name.hasSuffix(".h5"),
      let step = UInt64(name.dropFirst("checkpoint-".count).dropLast(3)), self.name(step: step) == name
    else { return nil }
    return step
  }

  /// Publishes a checkpoint.
  package static func write(_ checkpoint: Checkpoint, to path: String) throws(ArchiveError) {
    var root = Group(attributes: Layout.head(.checkpoint, run: checkpoint.run))
    root.attributes += [
      Attribute("step", .unsigned64(checkpoint.step)),
      Attribute("weights_digest", .text(weightsDigest(checkpoint.parameters).hex)),
      Attribute("complete", .unsigned32(1)),
    ]
    root.set(.group(NamedArray.tree(of: checkpoint.parameters)), at: "parameters")
    root.set(.group(NamedArray.tree(of: checkpoint.firstMoments)), at: "optimizer/first_moments")
    root.set(.group(NamedArray.tree(of: checkpoint.secondMoments)), at: "optimizer/second_moments")
    root.set(.group(Group()), at: "scalars")
    for scalar in checkpoint.scalars {
      root.set(.dataset(Dataset(shape: [], .float64([scalar.value]))), at: "scalars/\(scalar.name)")
    }
    root.set(.group(Series.tree(of: checkpoint.series)), at: "metrics")
    try publish(root, kind: .checkpoint, run: checkpoint.run, at: path)
  }

  /// Reads a checkpoint of a run: intact, complete, and of that run's settings.
  package static func read(_ path: String, run: Digest) throws(ArchiveError) -> Checkpoint {
    let layout = Layout(file: path, root: try readStored(path, kind: .checkpoint, run: run))
    try layout.checkVersion()
    guard case .unsigned64(let step)? = layout.root.attribute("step")?.value,
      case .unsigned32(1)? = layout.root.attribute("complete")?.value
    else { throw layout.malformed("the checkpoint", "not complete", "attributes step and complete=1") }
    let parameters = try NamedArray.read("parameters", from: layout)
    let (found, expected) = (weightsDigest(parameters), try layout.digest("weights_digest"))
    guard found == expected else {
      throw layout.malformed("parameters", "weights with the digest \(found.short)", expected.short)
    }
    var scalars: [Checkpoint.Scalar] = []
    for name in try layout.group("scalars").names {
      scalars.append(Checkpoint.Scalar(name: name, value: try layout.doubles("scalars/\(name)", count: 1)[0]))
    }
    return Checkpoint(
      run: run, step: step, parameters: parameters,
      firstMoments: try NamedArray.read("optimizer/first_moments", from: layout),
      secondMoments: try NamedArray.read("optimizer/second_moments", from: layout),
      scalars: scalars, series: try Series.read(from: layout))
  }
}
