import Records

@testable import Archive

/// A file of HDF5, alone and as each kind of stored file: its user block says that it is whole, as a forged one would.
func readResults(_ bytes: [UInt8]) {
  guard bytes.count <= 1 << 20 else { return }
  let plain = "\(FuzzFolder.path)/plain.h5"
  FuzzFolder.write(bytes, to: plain)
  if let root = result({ try HDF5.read(plain, varying: false) }) { requireBounded(root, file: bytes.count) }
  guard bytes.count > UserBlock.size else { return }
  let content = Array(bytes.dropFirst(UserBlock.size))
  let digest = Digest.sha256(content)
  // The run that the file names, in its block, is the one that is looked for.
  let named = (try? UserBlock(Array(bytes.prefix(UserBlock.size)), path: plain))?.run ?? FuzzFolder.run
  for kind in [FileKind.result, .weights, .checkpoint] {
    let path = "\(FuzzFolder.path)/stored.h5"
    FuzzFolder.write(UserBlock(kind: kind, run: named, content: digest).bytes + content, to: path)
    switch kind {
    case .result:
      if let whole = result({ try ResultFile.read(path, run: named) }) {
        require(whole.run == named, "a result is of another run")
        _ = whole.digest
      }
      _ = result { try ResultFile.readFinal(path, run: named) }
      _ = result { try ResultFile.readSeries(path, run: named) }
    case .weights: _ = result { try WeightsFile.read(path, run: named) }
    case .checkpoint: _ = result { try CheckpointFile.read(path, run: named) }
    }
  }
}

/// Stops the program where a file gave more than it can hold.
private func requireBounded(_ root: Group, file bytes: Int) {
  let count = root.datasets.reduce(0) { $0 + $1.dataset.elements.count }
  require(count <= 256 << 20, "\(count) elements came out of \(bytes) bytes")
}
