import Archive
import Foundation
import Records
import Testing

@Suite struct `Weights and checkpoints` {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `weights come back by name, shape and bit`() throws {
    let digest = try WeightsFile.write(Sample.parameters, run: Sample.run, to: folder["weights.h5"])
    #expect(digest == weightsDigest(Sample.parameters))
    #expect(try WeightsFile.read(folder["weights.h5"], run: Sample.run, digest: digest) == Sample.parameters)
  }

  @Test func `weights other than those asked for are refused`() throws {
    _ = try WeightsFile.write(Sample.parameters, run: Sample.run, to: folder["weights.h5"])
    let error = #expect(throws: ArchiveError.self) {
      try WeightsFile.read(folder["weights.h5"], run: Sample.run, digest: Digest.sha256([1]))
    }
    #expect(error?.description.contains("parameters is weights with the digest") == true)
  }

  @Test func `the digest of weights sees names, shapes and bits, and no order`() {
    let digest = weightsDigest(Sample.parameters)
    #expect(weightsDigest(Sample.parameters.reversed()) == digest)
    var other = Sample.parameters
    other[1] = NamedArray(name: "embedding", shape: [4], values: [0.5, 0.0, .leastNonzeroMagnitude, 3])
    #expect(weightsDigest(other) != digest, "the sign of a zero")
    other[1] = NamedArray(name: "embedding", shape: [2, 2], values: Sample.parameters[1].values)
    #expect(weightsDigest(other) != digest, "a shape")
    other[1] = NamedArray(name: "embedded", shape: [4], values: Sample.parameters[1].values)
    #expect(weightsDigest(other) != digest, "a name")
    // Computed apart, with hashlib over the same description.
    #expect(
      weightsDigest([NamedArray(name: "w", shape: [2], values: [1, -2])]).hex
        == "ae244a4692151282f19e11f56968f5e96efc65a5e2dcae540f2a4590ee40a313")
  }

  /// Without compression the bytes are libhdf5's alone; those of 1.10.8 are pinned, in every build of ours.
  @Test(.enabled(if: (try? HDF5.version()) == "1.10.8", "other versions may write other bytes"))
  func `the bytes of a weights file are pinned`() throws {
    _ = try WeightsFile.write(Sample.parameters, run: Sample.run, to: folder["weights.h5"])
    #expect(
      Digest.sha256(try bytes(folder["weights.h5"])).hex
        == "e502fe30e879bb5fb980f69815caf6efa053890ff6d6d4270fb0b0e6a23f7ee1")
  }

  @Test func `a checkpoint comes back whole`() throws {
    try CheckpointFile.write(Sample.checkpoint(step: 1200), to: folder["c.h5"])
    #expect(try CheckpointFile.read(folder["c.h5"], run: Sample.run) == Sample.checkpoint(step: 1200))
  }

  @Test func `a checkpoint of other settings is refused with a sentence`() throws {
    try CheckpointFile.write(Sample.checkpoint(step: 1200), to: folder["c.h5"])
    let error = #expect(throws: ArchiveError.self) {
      try CheckpointFile.read(folder["c.h5"], run: Digest.sha256([1]))
    }
    #expect(error?.description.hasSuffix("its settings are others.") == true)
  }

  @Test(arguments: [
    (0, "checkpoint-00000000.h5"), (1200, "checkpoint-00001200.h5"), (123_456_789, "checkpoint-123456789.h5"),
  ])
  func `the name of a checkpoint tells its step`(step: UInt64, name: String) {
    #expect(CheckpointFile.name(step: step) == name)
    #expect(CheckpointFile.step(ofName: name) == step)
    #expect(CheckpointFile.step(ofName: "." + name) == nil)
    #expect(CheckpointFile.step(ofName: name.replacingOccurrences(of: "-", with: "-0")) == nil)
  }
}
