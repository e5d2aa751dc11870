import Foundation
import Models
import Networks
import Tensors
import Testing

/// The worked example of `Sources/Models/README.md` is a model that compiles, and the suite examines it.
@Suite struct ExampleTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let project = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func readme() throws -> String {
    try String(contentsOf: project.appendingPathComponent("Sources/Models/README.md"), encoding: .utf8)
  }

  @Test func `the README's code is the example, letter for letter`() throws {
    let blocks = try Self.readme().components(separatedBy: "```swift\n").dropFirst()
    #expect(blocks.count == 1)
    let code = try #require(blocks.first?.components(separatedBy: "```").first)
    let file = try String(
      contentsOf: Self.folder.appendingPathComponent("RunningMean.swift"), encoding: .utf8)
    #expect((code == file) as Bool, "copy Example/RunningMean.swift into the block")
  }

  @Test func `the README's line in the suite is there`() throws {
    let text = try Self.readme()
    let specimen = Self.folder.deletingLastPathComponent().appendingPathComponent(
      "Specimens/RunningMeanSpecimen.swift")
    let suite = try String(contentsOf: specimen, encoding: .utf8)
    // Lines may be broken and indented in another way.
    func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    let line = try #require(
      text.components(separatedBy: "    Specimen(\n").last?.components(separatedBy: "\n\n").first)
    #expect((squeezed(suite).contains("Specimen(" + squeezed(line))) as Bool)
    #expect(Specimen.all.contains { $0.model == RunningMean.name })
  }

  @Test func `the README names files that exist`() throws {
    let words = try Self.readme().split { " `(),\n".contains($0) }.map { String($0) }
    let paths = words.filter {
      $0.hasPrefix("Sources/") || $0.hasPrefix("Tests/") || $0.hasPrefix("Experiments/")
    }
    #expect(paths.count >= 7)
    for path in paths {
      #expect(FileManager.default.fileExists(atPath: Self.project.path + "/" + path), "\(path)")
    }
  }

  /// By hand: decay 0.5, segments of two, one number a token.
  @Test func `a running mean fades`() {
    let parameters = Parameters(
      seed: 1,
      stored: [
        "embedding.token": [1, 0, 3, 0], "mean.weight": [1, 0, 0, 1], "mean.bias": [0, 0],
        "final_norm.gain": [1, 1], "final_norm.bias": [0, 0],
      ])
    let model = RunningMean(
      RunningMean.Configuration(width: 2, dropout: 0, runningMean: .init(decay: 0.5)), vocabulary: 2,
      in: parameters.root)
    var memory = model.emptyMemory(sequences: 1, keepsLog: false)
    for (number, tokens) in [[0, 0], [0, 1], [1, 1]].enumerated() {
      let moment = Moment(
        seed: 1, step: 0, segment: number, segments: 3, segmentLength: 2, examples: [0], isTraining: false)
      _ = model(tokens.map { Int32($0) }, memory: &memory, at: moment)
    }
    // (1 + 1) / 4 + (1 + 3) / 2 + 3 + 3, and 2 / 4 + 2 / 2 + 2.
    #expect(memory.sum_BD?.values == [8.5, 0])
    #expect(memory.weight == 3.5)
  }

  @Test func `a decay that is no fading is told`() {
    var configuration = RunningMean.Configuration(width: 2, dropout: 0, runningMean: .init(decay: 1))
    #expect(RunningMean.complaints(about: configuration, vocabulary: 2, segmentLength: 2).isEmpty)
    configuration.runningMean.decay = 0
    configuration.width = 0
    #expect(
      RunningMean.complaints(about: configuration, vocabulary: 2, segmentLength: 2).map(\.key) == [
        "width", "running_mean.decay",
      ])
  }
}
