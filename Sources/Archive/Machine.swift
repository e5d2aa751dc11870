import Foundation
import Glibc

/// What this machine and this process say about themselves.
package enum Machine {
  package static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return text(name)
  }

  static var kernel: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    let release = withUnsafeBytes(of: &names.release) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let system = withUnsafeBytes(of: &names.sysname) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return "\(system) \(release)"
  }

  /// The name of the user whose process this is; the number where there is none.
  static var user: String {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "\(geteuid())" }
    return String(cString: name)
  }

  /// The name of its processor.
  package static var cpu: String {
    guard let bytes = try? Folder.contents(of: "/proc/cpuinfo", limit: Folder.collectionLimit) else {
      return "unknown"
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("model name") }), let colon = line.firstIndex(of: ":")
    else {
      return "unknown"
    }
    return String(line[line.index(after: colon)...].drop { $0 == " " })
  }

  /// Seconds of a clock that never jumps; its zero is the machine's start.
  static var monotonic: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Now, in UTC: `2026-11-21T09:00:00.123Z`.
  package static var now: String {
    var (time, parts) = (timespec(), tm())
    clock_gettime(CLOCK_REALTIME, &time)
    gmtime_r(&time.tv_sec, &parts)
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let date = [
      digits(Int(parts.tm_year) + 1900, 4), digits(Int(parts.tm_mon) + 1, 2), digits(Int(parts.tm_mday), 2),
    ]
    let hours = [digits(Int(parts.tm_hour), 2), digits(Int(parts.tm_min), 2), digits(Int(parts.tm_sec), 2)]
    return
      "\(date.joined(separator: "-"))T\(hours.joined(separator: ":")).\(digits(time.tv_nsec / 1_000_000, 3))Z"
  }

  /// Processor time and peak memory of this process so far.
  static var usage: (userSeconds: Double, systemSeconds: Double, peakBytes: Int?) {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return (seconds(usage.ru_utime), seconds(usage.ru_stime), peakBytes)
  }

  /// As proc(5) has it: what getrusage(2) says begins with what the process that started this one held.
  private static var peakBytes: Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
    return kibibytes.map { $0 * 1024 }
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
