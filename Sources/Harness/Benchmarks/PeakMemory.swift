import Foundation
import Glibc
import Tensors

/// The most memory that this process held since it began, in bytes.
///
/// Not what getrusage(2) says: that begins with what the process that started this one held.
func peakMemory() -> Int {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
      Int($0)
    })
  else { fatalError("/proc/self/status does not say how much memory this process held (VmHWM)") }
  return kibibytes * 1024
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
  return isReset ? peakMemory() : nil
}
