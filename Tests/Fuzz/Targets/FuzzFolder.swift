import Foundation
import Glibc
import Records

@testable import Archive

/// Where files lie that are read again and again: in memory, one folder a process.
enum FuzzFolder {
  static let path: String = {
    let path = "/dev/shm/mneme-fuzz-\(getpid())"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: FuzzFolder.path) }
    return path
  }()

  static let run = Identity.run(settings)

  /// A store with one run that somebody began.
  static let store: Store = {
    do {
      let store = try Store(at: "\(path)/store", creating: true)
      let run = try store.add(settings)
      try Folder.make(run.attemptPath(1))
      try Folder.make("\(store.root)/\(ResultIndex.folderName)")
      return store
    } catch {
      fatalError("no store in \(path): \(error)")
    }
  }()

  private static let settings = Settings(["seed": .integer(1), "task.kind": .text("sorting")])

  static func write(_ bytes: [UInt8], to path: String) {
    do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
      fatalError("cannot write \(path): \(error)")
    }
  }
}
