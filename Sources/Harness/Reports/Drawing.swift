import Foundation
import Subprocess
import SystemPackage
package import Tables

/// Draws a picture by gnuplot, and keeps script and data beside it, so that `gnuplot FILE.gp` alone draws it again.
///
/// gnuplot works in a folder of its own, and what it drew is moved to its place when it is complete: a picture that
/// is there is replaced whole or not at all, and left alone where it would be the same.
package struct Drawing: Sendable {
  private let script: GnuplotScript
  private let data: String
  /// Folder and beginning of all names: `Results/tables/sorting-figure4`.
  private let place: String
  private let formats: [GnuplotScript.Format]

  package init(_ picture: Picture, to place: String, formats: [GnuplotScript.Format]) {
    script = GnuplotScript(picture, stem: Drawing.name(of: place), formats: formats)
    data = picture.data
    (self.place, self.formats) = (place, formats)
  }

  /// The files that are written: pictures first.
  package var files: [String] { formats.map { "\(place).\($0.rawValue)" } + ["\(place).gp", "\(place).dat"] }

  /// Writes script and data, then draws.
  ///
  /// - Parameter program: the executable, searched for in `PATH`.
  /// - Returns: what gnuplot had to say besides, for standard error.
  package func write(program: String = "gnuplot") async throws -> String {
    try PublishedText.write(script.text, to: "\(place).gp")
    try PublishedText.write(data, to: "\(place).dat")
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-plot-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let name = Drawing.name(of: place)
    try PublishedText.write(script.text, to: "\(folder)/\(name).gp")
    try PublishedText.write(data, to: "\(folder)/\(name).dat")
    let words = try await draw("\(folder)/\(name).gp", program: program)
    for format in formats {
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).\(format.rawValue)")),
        !bytes.isEmpty
      else {
        throw PlotError.gnuplotFailed(
          script: "\(place).gp", reason: "it left no .\(format.rawValue)\(words.isEmpty ? "" : ": \(words)")."
        )
      }
      try PublishedText.write(bytes, to: "\(place).\(format.rawValue)")
    }
    return words
  }

  /// Runs gnuplot without anybody's settings; returns what it wrote.
  private func draw(_ script: String, program: String) async throws -> String {
    do {
      let result = try await run(
        .name(program), arguments: ["--default-settings", script], input: .none,
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      let words = (result.standardOutput + result.standardError)
        .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.prefix(4).joined(separator: " ")
      guard result.terminationStatus == .exited(0) else {
        throw PlotError.gnuplotFailed(
          script: "\(place).gp", reason: words.isEmpty ? "\(result.terminationStatus)." : "\(words).")
      }
      return words
    } catch let error as SubprocessError {
      guard error.code == .executableNotFound else {
        throw PlotError.gnuplotFailed(script: "\(place).gp", reason: "\(error).")
      }
      throw PlotError.noGnuplot(script: "\(place).gp")
    }
  }

  private static func name(of place: String) -> String { URL(fileURLWithPath: place).lastPathComponent }
}
