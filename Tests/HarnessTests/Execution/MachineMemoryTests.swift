import Foundation
import Glibc
import Harness
import Testing

@Suite struct MachineMemoryTests {
  /// A folder that looks like the machine: files by path.
  private final class Pretence: Sendable {
    let root: String

    init(_ files: [String: String]) throws {
      root = NSTemporaryDirectory() + "mneme-memory-\(UUID().uuidString)"
      for (path, text) in files {
        let url = URL(fileURLWithPath: root + path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }
  }

  private static let meminfo = "MemTotal:        8388608 kB\nMemFree:          100 kB\n"

  @Test func `without control groups there is all that the machine has`() throws {
    let machine = try Pretence(["/proc/meminfo": Self.meminfo, "/proc/vmstat": "pgfault 7\noom_kill 3\n"])
    #expect(MachineMemory(root: machine.root).limit == 8 << 30)
    #expect(MachineMemory(root: machine.root).kills == 3)
  }

  @Test func `the tightest control group around counts, of version 2`() throws {
    let machine = try Pretence([
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "0::/user/session\n",
      "/sys/fs/cgroup/user/session/memory.max": "max\n",
      "/sys/fs/cgroup/user/session/memory.events": "low 0\noom 2\noom_kill 1\n",
      "/sys/fs/cgroup/user/memory.max": "\(2 << 30)\n", "/proc/vmstat": "oom_kill 30\n",
    ])
    #expect(MachineMemory(root: machine.root).limit == 2 << 30)
    #expect(MachineMemory(root: machine.root).kills == 1)
  }

  @Test func `and of version 1, mounted at the top as in a container`() throws {
    let machine = try Pretence([
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "5:cpu:/x\n4:memory:/docker/abc\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "\(1 << 30)\n",
      "/sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n",
    ])
    #expect(MachineMemory(root: machine.root).limit == 1 << 30)
    #expect(MachineMemory(root: machine.root).kills == 4)
  }

  @Test func `a kernel that does not tell is not guessed at`() throws {
    let machine = try Pretence([:])
    #expect(MachineMemory(root: machine.root).limit == nil)
    #expect(MachineMemory(root: machine.root).kills == nil)
  }

  @Test func `this machine has memory, and this process holds some of it`() throws {
    let limit = try #require(MachineMemory().limit)
    let peak = try #require(MachineMemory().peak(of: getpid()))
    #expect(peak > 1 << 20 && limit > peak)
    #expect(MachineMemory().peak(of: 1 << 30) == nil)
  }
}
