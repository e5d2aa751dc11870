import Foundation
import Subprocess
import SystemPackage

/// One of a cluster's programs, called with words that no shell sees, and given up on after a while.
struct EngineProgram: Sendable {
  let name: String
  /// Of the environment, in addition to this process's own; nil takes one away.
  let variables: [String: String?]
  /// Until nobody waits for an answer any more.
  let patience: Duration

  struct Answer: Sendable {
    let status: TerminationStatus
    let output: String
    let errors: String

    /// What it said when it went wrong, in one line.
    var words: String {
      (errors + "\n" + output).split(whereSeparator: \.isNewline)
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.prefix(4).joined(
          separator: " / ")
    }
  }

  /// - Parameter input: a descriptor for its standard input, which stays open here.
  /// - Throws: `EngineError.absent`, `silent`; `failed` for any status but 0.
  func answer(_ arguments: [String], input: Int32? = nil) async throws -> Answer {
    guard let path else { throw EngineError.absent(program: name) }
    var platform = PlatformOptions()
    platform.processGroupID = 0
    let empty = try unsafe FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
    defer { try? empty.close() }
    let given = input.map { FileDescriptor(rawValue: $0) } ?? empty
    let result = try await run(
      .path(FilePath(path)), arguments: Arguments(arguments), environment: environment,
      platformOptions: platform, input: .fileDescriptor(given, closeAfterSpawningProcess: false),
      output: .sequence, error: .sequence
    ) { execution in
      let clock = Task { [patience] in
        try await Task.sleep(for: patience)
        try? execution.send(signal: .kill, toProcessGroup: true)
      }
      defer { clock.cancel() }
      let started = ContinuousClock().now
      async let output = EngineProgram.text(execution.standardOutput)
      async let errors = EngineProgram.text(execution.standardError)
      let texts = try await (output, errors)
      return (texts.0, texts.1, ContinuousClock().now - started >= patience)
    }
    let (output, errors, isLate) = result.closureResult
    let answer = Answer(status: result.terminationStatus, output: output, errors: errors)
    guard answer.status != .exited(0) else { return answer }
    if isLate {
      throw EngineError.silent(program: name, seconds: Int(patience.inSeconds.rounded(.up)))
    }
    let status =
      switch answer.status {
      case .exited(let code): "left with status \(code)"
      case .signaled(let number): "was ended by signal \(number)"
      }
    throw EngineError.failed(program: name, status: status, words: answer.words)
  }

  private static func text(_ stream: SubprocessOutputSequence) async throws -> String {
    var text = ""
    for try await line in stream.strings() { text += line + "\n" }
    return text
  }

  private var environment: Environment {
    var updates: [Environment.Key: String?] = [:]
    for (name, value) in variables {
      if let key = Environment.Key(rawValue: name) { updates[key] = value }
    }
    return .inherit.updating(updates)
  }

  /// The file that the name means in `PATH`; nil where there is none.
  var path: String? {
    let search = (variables["PATH"] ?? nil) ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    return search.split(separator: ":").map { "\($0)/\(name)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
