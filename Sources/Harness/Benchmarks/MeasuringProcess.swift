import Foundation
import Subprocess
import SystemPackage

/// A program that is started to measure something, and prints what it found.
struct MeasuringProcess: Sendable {
  /// As errors name it.
  let name: String
  private let executable: Executable
  private let arguments: Arguments

  /// This program, or another build of it.
  init(program: String, _ arguments: [String]) {
    name = "a process of `mneme \(arguments.prefix(2).joined(separator: " "))`"
    executable = .path(FilePath(program))
    self.arguments = Arguments(executablePathOverride: "mneme", remainingValues: arguments)
  }

  /// A command as a person types it, with more arguments behind it.
  init(command: String, _ arguments: [String]) {
    name = "`\(command)`"
    executable = .path("/bin/sh")
    self.arguments = Arguments(["-c", "\(command) \"$@\"", "sh"] + arguments)
  }

  /// Runs it to its end; all that it printed.
  func output() async throws -> String {
    let found: (status: TerminationStatus, output: String, errors: String)
    do {
      let result = try await run(
        executable, arguments: arguments, input: .none, output: .string(limit: 1 << 24),
        error: .string(limit: 1 << 20))
      found = (result.terminationStatus, result.standardOutput, result.standardError)
    } catch {
      throw BenchmarkError.childFailed(what: name, reason: "\(error).")
    }
    guard found.status == .exited(0) else {
      let words = found.errors.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " ")
      let ending =
        switch found.status {
        case .exited(let status): "it ended with status \(status)"
        case .signaled(let number): "signal \(number) ended it"
        }
      throw BenchmarkError.childFailed(what: name, reason: ending + (words.isEmpty ? "." : ": \(words)"))
    }
    return found.output
  }

  /// The lines of its output that are objects of this kind.
  func answers<Answer: Decodable>(_: Answer.Type, expected: String) async throws -> [Answer] {
    let lines = try await output().split(whereSeparator: \.isNewline)
    let answers = lines.compactMap { try? JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
    guard !answers.isEmpty else { throw BenchmarkError.noAnswer(what: name, expected: expected) }
    return answers
  }
}
