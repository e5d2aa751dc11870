import Foundation
import Harness
import Models
import Records
import Tasks
import Testing

/// Runs as they were stored on the day they were written down: bytes and ids. They are never written again, only added
/// to: whatever is added to models, tasks and training later, these stay the same runs.
private struct Frozen: Decodable {
  struct Stored: Decodable {
    let name: String
    let id: String
    let bytes: String
  }

  /// Neutral values of settings that came later, as `Growth.entries` names them.
  let neutral: [String: String]
  let specifications: [Stored]

  static let path =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/Frozen/specifications.json"

  static func load() throws -> Frozen {
    try JSONDecoder().decode(Frozen.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

extension Frozen.Stored {
  var octets: [UInt8] {
    let digits = bytes.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// As this program reads them, or why it does not.
  func specification(_ growth: Growth = .current, _ schemas: [String: RunSchema] = RunSchema.all) throws
    -> Specification
  {
    try Specification(canonicalBytes: octets, growth: growth, schemas: schemas)
  }
}

@Suite struct FrozenSpecifications {
  private static let frozen = try? Frozen.load()

  private func stored() throws -> [Frozen.Stored] { try #require(Self.frozen).specifications }

  @Test func `every model, every task and the ends of every experiment are among them`() throws {
    let runs = try stored().map { try $0.specification() }
    #expect(Set(runs.map { $0.model.name }) == Set(modelCatalogue.map { $0.name }))
    #expect(Set(runs.map { $0.task.name }) == Set(taskCatalogue.map { $0.name }))
    let names = Set(try stored().map(\.name))
    for file in [
      "segments", "smoke", "sorting", "sorting-ablation", "sorting-ablation-paper", "sorting-cost",
      "sorting-cost-paper", "sorting-paper",
    ] {
      #expect(names.count { $0.hasPrefix("\(file).yaml: ") } == 2, "\(file)")
    }
  }

  @Test func `this program reads each, and it has the id it had`() throws {
    for frozen in try stored() {
      let run = try frozen.specification()
      #expect(run.run.hex == frozen.id, "\(frozen.name)")
      #expect(run.canonicalBytes == frozen.octets, "\(frozen.name)")
      #expect(run.storedSettings.canonicalBytes == frozen.octets, "\(frozen.name)")
    }
  }

  @Test func `neutral values are those that were frozen, and of settings that exist`() throws {
    let frozen = try #require(Self.frozen)
    #expect(Growth.current.entries.mapValues(\.description) == frozen.neutral)
    #expect(Growth.current.complaints().isEmpty)
  }

  /// A later program: a setting more in every model, in the task and in the training.
  private func later() -> (growth: Growth, schemas: [String: RunSchema]) {
    var growth = Growth()
    for model in modelCatalogue { growth.models[model.name] = ["later_rate": .real(0.5)] }
    for task in taskCatalogue { growth.tasks[task.name] = ["later_words": .list([.text("a")])] }
    growth.training = ["later_averaging": .boolean(false)]
    let schemas = RunSchema.all.mapValues { schema in
      schema.adding([
        "model.later_rate": .real, "task.later_words": .list(.text), "training.later_averaging": .boolean,
      ])
    }
    return (growth, schemas)
  }

  @Test func `settings added later with neutral values keep every id`() throws {
    let (growth, schemas) = later()
    #expect(growth.complaints(schemas: schemas).isEmpty)
    for frozen in try stored() {
      let run = try frozen.specification(growth, schemas)
      #expect(run.run.hex == frozen.id, "\(frozen.name)")
      #expect(run.settings["model.later_rate"] == .real(0.5))
      #expect(run.settings["task.later_words"] == .list([.text("a")]))
      #expect(run.settings["training.later_averaging"] == .boolean(false))
      #expect(run.storedSettings["model.later_rate"] == nil)
    }
  }

  @Test func `any other value of a setting added later is another run, and reads back`() throws {
    let (growth, schemas) = later()
    for frozen in try stored() {
      for (key, value) in [
        ("model.later_rate", Value.real(0.25)), ("task.later_words", .list([])),
        ("training.later_averaging", .boolean(true)),
      ] {
        var settings = try Settings(canonicalBytes: frozen.octets)
        settings[key] = value
        let run = try Specification(
          canonicalBytes: settings.canonicalBytes, growth: growth, schemas: schemas)
        #expect(run.run.hex != frozen.id && run.settings[key] == value)
        #expect(run.storedSettings == settings)
      }
      // The neutral value spelt out is not how the run is stored: one run, one spelling.
      var settings = try Settings(canonicalBytes: frozen.octets)
      settings["model.later_rate"] = .real(0.5)
      #expect(throws: ManifestError.self) {
        try Specification(canonicalBytes: settings.canonicalBytes, growth: growth, schemas: schemas)
      }
    }
  }

  @Test func `a setting added without a neutral value is refused for every one of them`() throws {
    let (_, schemas) = later()
    for frozen in try stored() {
      let error = #expect(throws: ManifestError.self) { try frozen.specification(Growth(), schemas) }
      let text = try #require(error?.description)
      #expect(text.hasPrefix("stored run \(frozen.id.prefix(12)): model.later_rate is missing"), "\(text)")
      #expect(text.contains("no neutral value"))
    }
  }

  @Test func `neutral values of no setting, or of another type, are complained about`() {
    let (growth, schemas) = later()
    var wrong = growth
    wrong.models["memoira"] = ["later_rate": .real(1)]
    wrong.models["memoria"] = ["later_rate": .integer(1)]
    wrong.training["layer_averaging"] = .boolean(true)
    let complaints = wrong.complaints(schemas: schemas)
    #expect(complaints.contains { $0.hasPrefix("no model is called memoira") })
    #expect(
      complaints.contains { $0.contains("the neutral value of model.later_rate is of the kind integer") })
    #expect(complaints.contains { $0.hasPrefix("training.layer_averaging is no key of ") })
    #expect(!growth.complaints().isEmpty, "this program has none of those settings")
  }

  @Test func `what a newer program stored is refused as newer`() throws {
    let (growth, schemas) = later()
    for frozen in try stored() {
      var settings = try frozen.specification(growth, schemas).settings
      settings["model.later_rate"] = .real(0.25)
      let bytes = settings.omitting(neutral: ["task.later_words": .list([.text("a")])]).canonicalBytes
      let error = #expect(throws: ManifestError.self) { try Specification(canonicalBytes: bytes) }
      let text = try #require(error?.description)
      #expect(
        text.contains(": it has model.later_rate, which is no key in this program: a newer one"), "\(text)")
    }
    let first = try #require(try stored().first)
    for (key, value, words) in [
      ("model.kind", "mamba", "model.kind “mamba”, which is not a model in this program: a newer one"),
      ("task.kind", "language", "task.kind “language”, which is not a task in this program: a newer one"),
      (
        "model.residual_initialization", "deep", "which is not one of its values in this program: a newer one"
      ),
    ] {
      var settings = try Settings(canonicalBytes: first.octets)
      settings[key] = .text(value)
      let error = #expect(throws: ManifestError.self) {
        try Specification(canonicalBytes: settings.canonicalBytes)
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }

  @Test(
    .enabled(
      if: SecondReader.isThere, "python3 cannot import cbor2: frozen runs were NOT checked by another program"
    ))
  func `the second checker, in Python, has the same bytes and ids`() throws {
    let (status, output) = try SecondReader.run([SecondReader.script, Frozen.path])
    #expect(status == 0, "\(output)")
    #expect(output.contains("\(try stored().count) frozen runs checked"), "\(output)")
    let text = try String(contentsOfFile: Frozen.path, encoding: .utf8)
    let id = try #require(try stored().last).id
    let wrong = FileManager.default.temporaryDirectory.appendingPathComponent("frozen-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: wrong) }
    try text.replacingOccurrences(of: id, with: String(id.reversed()))
      .write(to: wrong, atomically: true, encoding: .utf8)
    #expect(try SecondReader.run([SecondReader.script, wrong.path]).status == 1)
  }

}

/// Debian's Python with python3-cbor2, on the checker that stands beside the tests of Records.
private enum SecondReader {
  static let script =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/RecordsTests/check_vectors.py"

  static let isThere = (try? run(["-c", "import cbor2.encoder"]).status) == 0

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-B"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
