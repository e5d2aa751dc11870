import Archive
import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// The README promises nothing that is not typed here: every line of its `sh` blocks is run as it stands, in order, in a
/// copy of the project, with `smoke.yaml` standing for the long job; its `python` blocks as they stand, beside weights.
@Suite struct README {
  private static let project: String = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  @Test(.timeLimit(.minutes(10))) func `every command in it works`() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-readme-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Self.project + "/Experiments", toPath: folder + "/Experiments")
    let manifest = try Manifest(reading: folder + "/Experiments/smoke.yaml")
    let commands = try Self.blocks("sh").flatMap { $0.split(separator: "\n") }.map { String($0) }
    #expect(commands.count >= 10, "the README shows hardly any command")
    for command in commands {
      let line = command.replacingOccurrences(of: "sorting-ablation.yaml", with: "smoke.yaml")
        .replacingOccurrences(
          of: "HASH HASH", with: "\(manifest.runs[0].run.short) \(manifest.runs[1].run.short)"
        )
        .replacingOccurrences(of: "HASH", with: manifest.hash.short)
      let (status, output, errors) = try await Self.shell(line, in: folder)
      // `diff`, `verify` and `explain` find differences, which is what they are for.
      let mayDiffer = ["diff", "verify", "explain"].contains { line.hasPrefix("mneme \($0)") }
      #expect(
        status == .exited(0) || mayDiffer && status == .exited(1), "\(line)\n\(status)\n\(output)\(errors)")
      #expect(!output.isEmpty || line.hasPrefix("mneme run"), "\(line) printed nothing")
    }
  }

  @Test(.enabled(if: hasH5py, "the Python of this machine has no h5py, so the README's Python was NOT run"))
  func `its Python reads weights`() async throws {
    let bench = try Workbench()
    defer { withExtendedLifetime(bench) {} }
    let ran = try await bench.mneme(["run", bench.manifest])
    #expect(ran.status == .exited(0), "\(ran.errors)")
    let weights = try bench.place().weightsPath
    let folder = URL(fileURLWithPath: weights).deletingLastPathComponent().path
    let program = try #require(Self.blocks("python").first)
    let (status, output, errors) = try await Self.shell("/usr/bin/python3 -B -c '\(program)'", in: folder)
    #expect(status == .exited(0), "\(errors)")
    #expect(output.contains("embedding.token (4, 8)"), "\(output)")
  }

  @Test func `it says what one seed is worth, and shows pictures that are there`() throws {
    let text = try String(contentsOfFile: Self.project + "/README.md", encoding: .utf8)
    #expect(text.contains("One seed a cell") && text.contains("carries no significance"))
    let shown = text.components(separatedBy: "](").dropFirst().map { $0.prefix { $0 != ")" } }
    #expect(shown.contains { $0.hasSuffix(".svg") })
    for path in shown {
      #expect(FileManager.default.fileExists(atPath: Self.project + "/" + path), "\(path)")
    }
  }

  /// The contents of the fenced blocks of one language.
  private static func blocks(_ language: String) throws -> [String] {
    let text = try String(contentsOfFile: project + "/README.md", encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0]
    }
  }

  /// Runs a line as a shell would, with the program on its path.
  private static func shell(
    _ line: String, in folder: String
  ) async throws -> (TerminationStatus, output: String, errors: String) {
    let programs = URL(fileURLWithPath: Workbench.program).deletingLastPathComponent().path
    let environment: Environment = .inherit.updating([
      "PATH": "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
      "SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1",
    ])
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", line], environment: environment,
      workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    return (result.terminationStatus, result.standardOutput, result.standardError)
  }

  private static let hasH5py: Bool = {
    FileManager.default.isReadableFile(atPath: "/usr/lib/python3/dist-packages/h5py/__init__.py")
  }()
}
