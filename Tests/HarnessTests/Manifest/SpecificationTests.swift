import Harness
import Models
import Records
import Tasks
import Testing

@Suite struct Specifications {
  @Test func `values have the types of the configurations`() throws {
    let run = try Sample.project().manifest().runs[0]
    #expect(run.settings["training.clip"] == .real(1))
    #expect(run.settings["model.memoria.initial_lifespan"] == .real(4))
    #expect(run.settings["model.heads"] == .integer(2))
    #expect(run.settings["numerics"] == .text("numerics-1"))
    #expect(run.settings["semantics.training"] == .integer(TrainingConfiguration.semantics))
    #expect(run.derived["task.segments"] == .integer(5))
    #expect(run.seed == 1)
    #expect(run.training.warmUp == 0.1)
    #expect(run.configuration(of: Sorting.self).segmentLength == 8)
    #expect(run.model.name == "memoria" && run.task.name == "sorting")
  }

  @Test func `stored bytes give the same run`() throws {
    for run in try Sample.project().manifest().runs {
      let again = try Specification(canonicalBytes: run.canonicalBytes)
      #expect(again == run)
      #expect(again.derived == run.derived)
    }
  }

  @Test func `yaml reads back as the same settings`() throws {
    let run = try Sample.project().manifest().runs[3]
    let settings = run.yaml.split(separator: "\n").filter { !$0.hasPrefix("numerics") }
    var lines: [Substring] = []
    var isMeaning = false
    for line in settings {
      if !line.hasPrefix(" ") { isMeaning = line.hasPrefix("semantics") }
      if !isMeaning { lines.append(line) }
    }
    let text = "mneme: 1\nname: again\ntier: quick\n" + lines.joined(separator: "\n") + "\n"
    let project = try ProjectFolder(["again.yaml": text])
    #expect(try project.manifest("again.yaml").runs.map(\.run) == [run.run])
  }

  @Test func `yaml is nested and sorted`() throws {
    let run = try Sample.project().manifest().runs[0]
    #expect(run.yaml.hasPrefix("model:\n  abstractor_activation: none\n  dropout: 0.1\n"))
    #expect(run.yaml.contains("  memoria:\n    behaviour: paper\n    engrams: 2\n"))
    #expect(run.yaml.contains("numerics: numerics-1\nseed: 1\nsemantics:\n  model: 1\n"))
  }

  @Test func `another meaning is refused`() throws {
    var settings = try Sample.project().manifest().runs[0].settings
    settings["semantics.model"] = .integer(99)
    let bytes = settings.canonicalBytes
    let short = Identity.run(storedBytes: bytes).short
    #expect(
      message(bytes).hasPrefix("stored run \(short): semantics.model is 99 there and 1 in this program"))
    settings["semantics.model"] = .integer(1)
    settings["numerics"] = .text("numerics-7")
    #expect(
      message(settings.canonicalBytes).contains("numerics is numerics-7 there and numerics-1 in this program")
    )
  }

  @Test func `damaged, foreign and incomplete bytes are refused`() throws {
    let run = try Sample.project().manifest().runs[0]
    #expect(message([]).hasPrefix("stored run "))
    #expect(message(Array(run.canonicalBytes.dropLast())).hasPrefix("stored run "))
    var settings = run.settings
    settings["model.haeds"] = .integer(1)
    #expect(message(settings.canonicalBytes).contains("it has model.haeds, which is no key in this program"))
    settings["model.haeds"] = nil
    settings["model.heads"] = nil
    #expect(message(settings.canonicalBytes).contains("model.heads is missing"))
    settings["model.heads"] = .real(2)
    #expect(message(settings.canonicalBytes).contains("model.heads is “2.0”; expected a whole number"))
    settings["model.heads"] = .integer(2)
    // A whole number where the schema says real would hash apart from what the program writes.
    settings["training.clip"] = .integer(1)
    #expect(message(settings.canonicalBytes).contains("they were damaged"))
    settings["training.clip"] = .real(1)
    settings["other"] = .boolean(true)
    #expect(
      message(settings.canonicalBytes).contains("it has other, which is no key in this program: a newer one"))
  }

  @Test func `a setting added later leaves old runs their names`() throws {
    let sample = try Sample.project().manifest()
    var growth = Growth()
    growth.models["memoria"] = ["abstractor_activation": .text("none")]

    // Runs as they would have been stored before the setting existed.
    let project = try Sample.project()
    let grown = try project.manifest(growth: growth)
    #expect(Set(grown.runs.map(\.run)).isDisjoint(with: sample.runs.map(\.run)))
    for run in grown.runs {
      #expect(run.storedSettings["model.abstractor_activation"] == nil)
      #expect(run.settings["model.abstractor_activation"] == .text("none"))
      let again = try Specification(canonicalBytes: run.canonicalBytes, growth: growth)
      #expect(again == run)
    }
    // A manifest from that time does not say it and means the neutral value.
    let old = try Sample.project("  abstractor_activation: none\n", "")
    #expect(try old.manifest(growth: growth).hash == grown.hash)
    // Any other value is another run.
    let other = try Sample.project("abstractor_activation: none", "abstractor_activation: gelu")
    #expect(try other.manifest(growth: growth).hash != grown.hash)
    #expect(try other.manifest(growth: growth).runs.map(\.run) == other.manifest().runs.map(\.run))
  }

  private func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try Specification(canonicalBytes: bytes)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }
}
