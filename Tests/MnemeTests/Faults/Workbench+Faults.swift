import Archive
import Foundation
import Harness
import Subprocess
import Testing

/// What the tests of faults have in common.
extension Workbench {
  /// What the first run of a bench as it comes leaves where nothing disturbs it; computed once for all tests.
  static let calm = Task {
    let bench = try Workbench()
    try #require(try await bench.work().status == .exited(0))
    return try bench.published()
  }

  /// What `fsck --deep` calls damage.
  func damage() throws -> [Finding] {
    try opened().check(deep: true).filter { $0.kind != .leftover }
  }

  /// The first file of results or weights that is not that of `other`, byte by byte; nil where all are the same.
  func firstDifference(from other: Workbench) throws -> String? {
    for run in try specifications().map(\.run) {
      for path in [\RunDirectory.resultPath, \.weightsPath] {
        let files = try [self, other].map { try $0.opened().run(run)[keyPath: path] }
        guard FileManager.default.contentsEqual(atPath: files[0], andPath: files[1]) else { return files[0] }
      }
    }
    return nil
  }

  /// Takes over the whole store of another bench, in place of its own.
  func copyStore(of other: Workbench) throws {
    try? FileManager.default.removeItem(atPath: store)
    try FileManager.default.copyItem(atPath: other.store, toPath: store)
  }
}

/// Writes `bytes` in place of a file that may be read-only.
func replace(_ path: String, with bytes: Data) throws {
  try FileManager.default.removeItem(atPath: path)
  try bytes.write(to: URL(fileURLWithPath: path))
}
