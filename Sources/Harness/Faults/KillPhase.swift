import Archive
import Foundation
import Glibc
import Records

/// What a process was doing when it was killed, as its files tell it.
package enum KillPhase: String, CaseIterable, Sendable {
  /// It had not claimed a run, or had computed nothing yet.
  case starting
  /// Training or evaluating.
  case training
  case checkpoint
  /// Between the first byte of the weights and the attempt's end.
  case publishing

  /// Of a worker that is stopped or dead.
  init(ofWorker process: pid_t, among runs: [RunDirectory]) {
    for run in runs {
      guard let attempt = try? run.attempts().last, attempt.start?.pid == process, attempt.end == nil else {
        continue
      }
      func isAside(_ folder: String, _ file: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { $0.hasPrefix(".\(file)") && $0.contains("tmp-\(process)-") }
      }
      if isAside(attempt.path, "checkpoint-") {
        self = .checkpoint
      } else if isAside(run.path, "weights.h5") || isAside(run.path, "result.h5")
        || isAside(attempt.path, "end.json") || [run.weightsPath, run.resultPath].contains(where: fileExists)
      {
        self = .publishing
      } else {
        self =
          (try? LiveLog(at: "\(attempt.path)/live.jsonl").records.isEmpty) ?? true ? .starting : .training
      }
      return
    }
    self = .starting
  }
}

private func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// The processes that `parent` started and that are still alive, in order.
func children(of parent: pid_t) -> [pid_t] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap { pid_t($0) }.filter { process in
    // proc(5): number, name in parentheses, state, parent; the name may hold anything.
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let name = stat.lastIndex(of: ")")
    else { return false }
    let words = stat[name...].split(separator: " ")
    return words.count > 2 && words[1] != "Z" && pid_t(words[2]) == parent
  }.sorted()
}
