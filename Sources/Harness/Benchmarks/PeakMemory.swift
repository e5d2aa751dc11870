import Foundation
import Glibc
import Tensors

/// The most memory that this process held at any time, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
  // Linux counts kibibytes.
  return usage.ru_maxrss * 1024
}

/// The most memory that this process holds while `body` runs, in bytes; nil where the system does not let it count
/// anew.
///
/// What an earlier measurement freed is handed back first, so the next one does not count it.
func peakMemory(during body: () -> Void) -> Int? {
  returnFreedMemory()
  // proc(5): 5 makes the high-water mark of resident memory start again from what is held now.
  let file = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
  var isReset = false
  if file >= 0 {
    isReset = unsafe write(file, "5", 1) == 1
    close(file)
  }
  body()
  guard isReset, let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
      Int($0)
    })
  else { return nil }
  return kibibytes * 1024
}
