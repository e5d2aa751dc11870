import Archive
import Foundation
import Records
import Testing

/// Programs of the system that read HDF5, without ours.
enum Outside {
  static let dump = "/usr/bin/h5dump"
  static let python = "/usr/bin/python3"
  static let hasDump = FileManager.default.isExecutableFile(atPath: dump)
  static let hasPython = (try? output(of: python, ["-c", "import h5py"]).status) == 0
}

@Suite struct `Other programs` {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(.enabled(if: Outside.hasPython, "needs python3-h5py"))
  func `read a result with h5py: names, shapes, attributes, scales`() throws {
    try ResultFile.write(Sample.result(), to: folder["result.h5"])
    let script = """
      import h5py, sys
      file = h5py.File(sys.argv[1])
      print(sorted(file), file.userblock_size, file.attrs["format"].decode(), file.attrs["format_version"])
      print(file.attrs["run"].decode(), file.attrs["default"].decode(), file.attrs["title"].decode())
      spec = file["spec"].attrs
      print(spec["task.length"], spec["task.kind"].decode(), spec["model.dropout"], spec["task.shuffled"].decode())
      print(file["derived"].attrs["task.segments"], bytes(file["spec/yaml"][:]).decode().strip())
      loss = file["metrics/train/loss"]
      print(loss.shape, loss.dtype, loss[:].tolist(), loss.attrs["units"].decode(), loss.attrs["better"].decode())
      print(loss.dims[0].keys(), loss.dims[0][0].name, loss.dims[0][0][:].tolist(), loss.fletcher32, loss.compression)
      final = file["final/test.accuracy"]
      print(final[()], final.shape, final.attrs["units"].decode(), final.attrs["split"].decode())
      print(file["items/test/correct"].dims[0][0][:].tolist(), file["counters/tokens"][()])
      log = file["memory_log/test"]
      print(list(zip(log["rem_ltm/value"].dims[0][0][:].tolist(), log["rem_ltm/value"][:].tolist())))
      def visit(name, thing):
          if isinstance(thing, h5py.Dataset):
              is_scale = thing.attrs.get("CLASS") == b"DIMENSION_SCALE"
              assert is_scale or all(len(d) for d in thing.dims), name
              assert thing.shape == () or 0 in thing.shape or thing.fletcher32, name
      file.visititems(visit)
      """
    let (text, status) = try output(of: Outside.python, ["-c", script, folder["result.h5"]])
    #expect(status == 0)
    #expect(
      text == """
        ['counters', 'derived', 'final', 'items', 'memory_log', 'metrics', 'spec'] 512 mneme-result 1
        \(Sample.run.hex) metrics task.kind sorting, model.kind memoria, model.memory long-term, seed 1
        55 sorting 0.1 true
        4 seed: 1  # größer
        (3,) float64 [2.5, 1.25, 0.1] nat lower
        ['step'] /metrics/train/step [0, 10, 20] True gzip
        0.559 () 1 test
        [0, 1, 2] 1152921504606846976
        [(0, 4), (0, 7), (2, 4), (2, 8), (2, 9)]

        """)
  }

  @Test(.enabled(if: Outside.hasDump, "needs hdf5-tools"))
  func `show a result with h5dump`() throws {
    try ResultFile.write(Sample.result(), to: folder["result.h5"])
    let (text, status) = try output(of: Outside.dump, ["-H", "-p", folder["result.h5"]])
    #expect(status == 0)
    for line in [
      "GROUP \"metrics\"", "DATASET \"test.accuracy\"", "ATTRIBUTE \"task.length\"", "H5T_IEEE_F64LE",
      "CHECKSUM FLETCHER32", "COMPRESSION DEFLATE { LEVEL 4 }", "ATTRIBUTE \"DIMENSION_LIST\"",
      "ATTRIBUTE \"REFERENCE_LIST\"",
    ] {
      #expect(text.contains(line), "\(line)")
    }
    let superblock = try output(of: Outside.dump, ["-B", "-H", folder["result.h5"]]).text
    #expect(superblock.contains("SUPERBLOCK_VERSION 3") && superblock.contains("USERBLOCK_SIZE 512"))
    let value = try output(of: Outside.dump, ["-d", "/final/test.accuracy", folder["result.h5"]]).text
    #expect(value.contains("(0): 0.559"))
  }

  @Test(.enabled(if: Outside.hasPython, "needs python3-h5py"))
  func `load weights with the example in read_weights.py`() throws {
    _ = try WeightsFile.write(Sample.parameters, run: Sample.run, to: folder["weights.h5"])
    let (text, status) = try output(of: Outside.python, [beside("read_weights.py"), folder["weights.h5"]])
    #expect(status == 0)
    #expect(
      text == """
        mneme-weights of run \(Sample.run.short)
        layers.0.attention.query.weight 2x3 float32 21.0
        embedding 4 float32 3.5
        scale  float32 2.5

        """)
  }

  @Test(.enabled(if: Outside.hasPython, "needs python3-h5py"))
  func `load a checkpoint with h5py`() throws {
    try CheckpointFile.write(Sample.checkpoint(step: 1200), to: folder["c.h5"])
    let script = """
      import h5py, sys
      file = h5py.File(sys.argv[1])
      print(file.attrs["step"], file.attrs["complete"], file["scalars/beta1_product"][()])
      print(file["optimizer/second_moments/embedding"].shape, file["metrics/train/loss"].dims[0][0][:].tolist())
      """
    let (text, status) = try output(of: Outside.python, ["-c", script, folder["c.h5"]])
    #expect(status == 0)
    #expect(text == "1200 1 0.1\n(4,) [0, 10, 20]\n")
  }
}
