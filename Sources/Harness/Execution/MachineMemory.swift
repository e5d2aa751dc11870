import Foundation

/// The memory of this machine, as the kernel tells it: how much there is, and how often a process was ended for want
/// of it.
package struct MachineMemory: Sendable {
  private let root: String

  /// - Parameter root: the folder that holds `proc` and `sys`.
  package init(root: String = "") { self.root = root }

  /// Bytes that this process and those it starts may use together: all of the machine's, or less where a control
  /// group says so. Nil where the kernel does not tell.
  package var limit: Int? {
    let total = lines("/proc/meminfo").first { $0.hasPrefix("MemTotal:") }.flatMap(MachineMemory.number)
    let limits = groups.compactMap { group in
      lines("\(group)/memory.max").first.flatMap { Int($0) }
        ?? lines("\(group)/memory.limit_in_bytes").first.flatMap { Int($0) }
    }
    return ([total.map { $0 * 1024 }].compactMap(\.self) + limits).min()
  }

  /// How often the kernel ended a process for want of memory: of this control group, else of the machine. Nil where
  /// it does not count.
  package var kills: Int? {
    for group in groups {
      for file in ["memory.events", "memory.oom_control"] {
        if let count = count(in: "\(group)/\(file)") { return count }
      }
    }
    return count(in: "/proc/vmstat")
  }

  /// The most bytes that a process has held at once; nil for one that is gone.
  package func peak(of process: Int32) -> Int? {
    lines("/proc/\(process)/status").first { $0.hasPrefix("VmHWM:") }.flatMap(MachineMemory.number)
      .map { $0 * 1024 }
  }

  /// The folders of the control groups that hold this process, the innermost first (cgroups(7), both versions).
  private var groups: [String] {
    var found: [String] = []
    for line in lines("/proc/self/cgroup") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let top: String
      if parts[0] == "0" {
        top = "/sys/fs/cgroup"
      } else if parts[1].split(separator: ",").contains("memory") {
        top = "/sys/fs/cgroup/memory"
      } else {
        continue
      }
      // Inside a container the path may be one of the host; the group is mounted at the top then.
      var path = parts[2].split(separator: "/")
      while !path.isEmpty {
        found.append("\(top)/\(path.joined(separator: "/"))")
        path.removeLast()
      }
      found.append(top)
    }
    return found
  }

  private func count(in path: String) -> Int? {
    lines(path).first { $0.hasPrefix("oom_kill ") }.flatMap(MachineMemory.number)
  }

  /// The number that is the second word of a line.
  private static func number(_ line: Substring) -> Int? {
    line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
  }

  private func lines(_ path: String) -> [Substring] {
    guard let data = FileManager.default.contents(atPath: root + path) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }
}
