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
    do {
      let (pictures, words) = try await drawn(by: program)
      for (format, bytes) in zip(formats, pictures) {
        try PublishedText.write(bytes, to: "\(place).\(format.rawValue)")
      }
      return words
    } catch let failure as DrawingFailure {
      switch failure {
      case .noGnuplot: throw PlotError.noGnuplot(script: "\(place).gp")
      case .failed(let reason): throw PlotError.gnuplotFailed(script: "\(place).gp", reason: reason)
      }
    }
  }

  /// A picture as SVG for a page; no file is left.
  ///
  /// - Returns: what gnuplot had to say besides, too.
  package static func svg(of picture: Picture, program: String = "gnuplot") async throws -> (
    svg: String, words: String
  ) {
    do {
      let (pictures, words) = try await Drawing(picture, to: fileStem(picture.name), formats: [.svg])
        .drawn(by: program)
      return (String(decoding: pictures[0], as: UTF8.self), words)
    } catch let failure as DrawingFailure {
      switch failure {
      case .noGnuplot: throw PlotError.noGnuplotForPage
      case .failed(let reason): throw PlotError.noPicture(picture.name, reason: reason)
      }
    }
  }

  /// Draws in a folder of its own, which is gone then.
  private func drawn(by program: String) async throws -> (pictures: [Data], words: String) {
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-plot-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let name = Drawing.name(of: place)
    try PublishedText.write(script.text, to: "\(folder)/\(name).gp")
    try PublishedText.write(data, to: "\(folder)/\(name).dat")
    let words = try await Drawing.draw("\(folder)/\(name).gp", program: program)
    let pictures = try formats.map { format in
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).\(format.rawValue)")),
        !bytes.isEmpty
      else {
        throw DrawingFailure.failed("it left no .\(format.rawValue)\(words.isEmpty ? "" : ": \(words)").")
      }
      return bytes
    }
    return (pictures, words)
  }

  /// Runs gnuplot without anybody's settings; returns what it wrote.
  private static func draw(_ script: String, program: String) async throws -> String {
    do {
      let result = try await run(
        .name(program), arguments: ["--default-settings", script], input: .none,
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      let words = (result.standardOutput + result.standardError)
        .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.prefix(4).joined(separator: " ")
      guard result.terminationStatus == .exited(0) else {
        throw DrawingFailure.failed(words.isEmpty ? "\(result.terminationStatus)." : "\(words).")
      }
      return words
    } catch let error as SubprocessError {
      throw error.code == .executableNotFound ? DrawingFailure.noGnuplot : .failed("\(error).")
    }
  }

  private static func name(of place: String) -> String { URL(fileURLWithPath: place).lastPathComponent }
}

/// Why there is no picture, before it is said whose.
private enum DrawingFailure: Error {
  case noGnuplot
  case failed(String)
}
