import Foundation
import Subprocess
import SystemPackage

/// What a program of the system prints on both outputs.
func output(of program: String, _ arguments: [String]) async throws -> String {
  let result = try await Subprocess.run(
    .path(FilePath(program)), arguments: Arguments(arguments), input: .none,
    output: .string(limit: 1 << 20), error: .combinedWithOutput)
  return result.standardOutput
}
