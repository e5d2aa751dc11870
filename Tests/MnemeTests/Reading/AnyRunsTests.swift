import Archive
import Foundation
import Harness
import Records
import Testing

/// `table --rows … --cell …`: any runs of the store, without a manifest.
@Suite struct AnyRunsTests {
  private static let question = [
    "table", "--rows", "model.memory", "--columns", "task.segments", "--cell", "test.accuracy",
  ]

  @Test(arguments: ["text", "html"])
  func `runs of the store in rows and columns`(format: String) async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme(
      Self.question + ["--over", "seed", "--better", "higher", "--format", format] + plain)
    #expect(answer.status == 0 && answer.errors == "")
    expectGolden(try shelf.masked(answer.output), "any-runs.\(format)")
  }

  @Test func `its numbers are those of the manifest's own table`() async throws {
    let shelf = try Shelf.complete()
    let own = await shelf.mneme("table", shelf.manifest, "--format", "csv")
    let free = await shelf.mneme(Self.question + ["--over", "seed", "--format", "csv"])
    func measured(_ text: String) -> Set<String> {
      Set(
        text.split(separator: "\n").filter { $0.contains(",measured,") }.map { line in
          let fields = line.split(separator: ",", omittingEmptySubsequences: false)
          return (fields[0...2] + fields[6...]).joined(separator: ",")
        })
    }
    #expect(measured(own.output).count == 6)
    #expect(measured(own.output) == measured(free.output))
  }

  @Test func `runs that differ in a key that is not named are never averaged`() async throws {
    let shelf = try Shelf.complete()
    let seeds = await shelf.mneme(Self.question)
    #expect(seeds.status == 2 && seeds.output == "")
    #expect(
      seeds.errors.contains("differ in seed (1 and 2)") || seeds.errors.contains("differ in seed (2 and 1)"))
    #expect(seeds.errors.contains("average with --over seed, or add seed="))
    let lengths = await shelf.mneme(
      "table", "--rows", "model.memory", "--cell", "test.accuracy", "--over", "seed")
    #expect(lengths.status == 2)
    #expect(lengths.errors.contains("task.length ("))
    #expect(lengths.errors.contains("name task.length in --rows or --columns, or add task.length="))
    let narrowed = await shelf.mneme(
      [
        "table", "--rows", "model.memory", "--cell", "test.accuracy", "--over", "seed", "--where",
        "task.length=27",
      ] + plain)
    #expect(
      narrowed.status == 0 && narrowed.output.hasPrefix("task.length=27 · model.memory: test.accuracy in %"))
  }

  @Test func `tiers and meanings do not mix`() async throws {
    let shelf = try Shelf.complete()
    // The same task under another tier, with another rate: its runs are others.
    let text = try shelf.text(of: "Experiments/sorting.yaml")
      .replacingOccurrences(of: "tier: quick", with: "tier: paper")
      .replacingOccurrences(of: "rate: 2e-3", with: "rate: 3e-3")
      .replacingOccurrences(of: "name: sorting", with: "name: other")
    try shelf.write(text, to: "Experiments/other.yaml")
    let other = try Manifest(reading: "\(shelf.folder)/Experiments/other.yaml")
    let store = try shelf.opened()
    try store.put(other.canonicalBytes, as: .init(kind: "manifest", id: other.hash))
    try store.add(other.runs[0].storedSettings)
    let question = Self.question + ["--over", "seed,training.rate"]
    let mixed = await shelf.mneme(question)
    #expect(mixed.status == 2)
    #expect(mixed.errors.contains("of tier quick (12 runs) and paper (1 run)"))
    #expect(mixed.errors.contains("add tier=quick to --where"))
    let quick = await shelf.mneme(question + ["--where", "tier=quick"] + plain)
    #expect(quick.status == 0 && quick.output.contains("tier quick"))

    var settings = shelf.runs()[0].storedSettings
    settings["numerics"] = .text("numerics-0")
    try store.add(settings)
    let numerics = await shelf.mneme(Self.question + ["--over", "seed", "--where", "training.rate=2e-3"])
    #expect(numerics.status == 2)
    settings["numerics"] = .text("numerics-1")
    settings["semantics.model"] = .integer(99)
    try store.add(settings)
    let unknown = await shelf.mneme(Self.question + ["--over", "seed", "--where", "training.rate=2e-3"])
    #expect(unknown.errors.contains("tier quick (12 runs) and unknown (2 runs)"))
    let meanings = await shelf.mneme(
      Self.question + ["--over", "seed", "--where", "tier!=(quick reduced paper) numerics=numerics-1"])
    // What it meant by its settings is not known, so nothing can be derived from them.
    #expect(meanings.status == 2)
    #expect(meanings.errors.contains("asks for task.segments, which no run has"))
    let apart = await shelf.mneme(
      Self.question + ["--over", "seed", "--where", "not tier=quick not tier=paper"])
    #expect(apart.status == 2)
    #expect(apart.errors.contains("have numerics numerics-0 (1 run) and numerics-1 (1 run)"))
  }

  @Test(arguments: [
    (
      ["--rows", "model.memry", "--cell", "test.accuracy"],
      "--rows names model.memry, a key that no run has; did you mean model.memory?"
    ),
    (["--rows", "status", "--cell", "test.accuracy"], "--rows names status, which is no setting"),
    (["--rows", "model.memory", "--cell", "seed"], "--cell names seed, which is no metric or cost"),
    (["--rows", "model.memory", "--cell", "cost.second"], "did you mean cost.seconds?"),
    (
      ["--rows", "model.memory", "--cell", "test.acuracy", "--over", "seed,task.length"],
      "did you mean test.accuracy?"
    ),
    // Before anything is said of the seeds and lengths that it would mix.
    (
      ["--rows", "model.memory", "--cell", "test.acuracy"],
      "--cell names test.acuracy, a key that no run has; did you mean test.accuracy?"
    ),
    (["--rows", "model.memory"], "--cell is missing"), (["--cell", "test.accuracy"], "--rows is missing"),
    (
      ["--rows", "model.memory", "--cell", "test.accuracy", "--over", "model.memory"],
      "names model.memory twice"
    ),
    ([], "expected a manifest, or --rows and --cell for any runs"),
    (["3f9a2c", "--rows", "seed"], "has tables of its own"),
    (["--rows", "seed", "--cell", "test.accuracy", "--where", "seed=8"], "none of the 12 runs"),
    (
      ["--rows", "seed", "--cell", "test.accuracy", "--show", "average"],
      "--show is average; expected one of mean±std, mean, median."
    ),
  ])
  func `a question that cannot be answered says why`(words: [String], expected: String) async throws {
    let answer = await (try Shelf.complete()).mneme(["table"] + words)
    #expect(answer.status == 2 && answer.output == "")
    #expect(answer.errors.contains(expected), "\(answer.errors)")
  }

  @Test func `without a store there is no table of any runs`() async throws {
    let answer = await (try Shelf()).mneme(Self.question)
    #expect(answer.status == 2 && answer.errors.contains("there is no store"))
  }
}
