import Foundation
import Glibc
import Testing

/// A control group with a limit of memory, in which the kernel itself ends processes (cgroups(7), both versions); gone
/// when nobody needs it.
final class MemoryGroup: Sendable {
  /// What a process writes its number to, to come under the limit.
  var processes: String { "\(path)/cgroup.procs" }
  private let path: String
  private let isUnified: Bool

  /// Whether this user may make one here.
  static let isPossible = (try? MemoryGroup(mebibytes: 64)) != nil

  /// - Parameter mebibytes: for all processes of the group together, the pages of files they write included; none are
  ///   swapped out.
  init(mebibytes: Int) throws {
    let name = "mneme-\(UUID().uuidString)"
    let tops = [("/sys/fs/cgroup/memory", false), ("/sys/fs/cgroup/unified", true), ("/sys/fs/cgroup", true)]
    for (top, isUnified) in tops where mkdir("\(top)/\(name)", 0o755) == 0 {
      // A hierarchy without the controller takes the folder, and has no such file in it.
      let limit = "\(top)/\(name)/\(MemoryGroup.limit(isUnified))"
      guard access(limit, W_OK) == 0 else {
        rmdir("\(top)/\(name)")
        continue
      }
      (path, self.isUnified) = ("\(top)/\(name)", isUnified)
      try? MemoryGroup.write(
        isUnified ? "0" : "0", to: "\(path)/memory.\(isUnified ? "swap.max" : "swappiness")")
      try change(mebibytes: mebibytes)
      return
    }
    throw Unexpected(what: "no control group for memory could be made")
  }

  func change(mebibytes: Int) throws {
    try MemoryGroup.write("\(mebibytes << 20)", to: "\(path)/\(MemoryGroup.limit(isUnified))")
  }

  /// How many processes of the group the kernel ended for want of memory.
  func kills() throws -> Int {
    let file = "\(path)/memory.\(isUnified ? "events" : "oom_control")"
    let line = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first {
      $0.hasPrefix("oom_kill ")
    }
    return try #require(line.flatMap { Int($0.dropFirst("oom_kill ".count)) })
  }

  private static func limit(_ isUnified: Bool) -> String {
    isUnified ? "memory.max" : "memory.limit_in_bytes"
  }

  /// In place: these files cannot be replaced.
  private static func write(_ text: String, to path: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  deinit {
    // The last process may still be going.
    for _ in 0..<100 where rmdir(path) != 0 && errno == EBUSY { usleep(20_000) }
  }
}
