import ArgumentParser
import Harness
import Testing

@testable import mneme

/// Whatever a person mistypes on the command line is named, with what was expected and the nearest word.
@Suite struct MisspellingTests {
  @Test(arguments: [
    (["rn", "a.yaml"], "mneme has no command rn; did you mean mneme run?"),
    (["help", "tabel"], "mneme has no command tabel; did you mean mneme table?"),
    (["selftest", "oracl"], "mneme selftest has no command oracl; did you mean mneme selftest oracles?"),
    (
      ["bench", "xyzzy"], "mneme bench has no command xyzzy; it has matmul, steps, profile, scaling, startup."
    ),
    (["run", "--jbos", "3", "a.yaml"], "mneme run has no option --jbos; did you mean --jobs?"),
    (["run", "--jbos=3", "a.yaml"], "mneme run has no option --jbos; did you mean --jobs?"),
    // What is missing only because of the slip is not what is told.
    (["torture", "--ponts"], "mneme torture has no option --ponts; did you mean --points?"),
    (["hash", "--jsn"], "mneme hash has no option --jsn; did you mean --json?"),
    (
      ["status", "--correction", "holm"],
      "mneme status has no option --correction; it is one of mneme report, mneme diff."
    ),
    (["ls", "--entirely-else"], "mneme ls has no option --entirely-else."),
    (
      ["table", "a.yaml", "--format", "latx"],
      "--format is latx; expected one of text, markdown, csv, latex, html, json; did you mean latex?"
    ),
    (
      ["diff", "a", "b", "--test=wlch"],
      "--test is wlch; expected one of welch, paired, permutation, exact; did you mean welch?"
    ),
    (["completion", "bsh"], "<shell> is bsh; expected one of bash, zsh, fish; did you mean bash?"),
    (["help", "xyzzyx"], "mneme has no command xyzzyx; it has check, "),
    (["help", "kyes"], "mneme has no command kyes; did you mean mneme help keys?"),
    (["diff", "a", "b", "--colour", "1"], "--colour is 1; expected one of auto, always, never."),
    (["ls", "--instructions", "avx3"], "mneme ls has no option --instructions; it is one of mneme run,"),
    (["run", "a.yaml", "--instructions", "avx3"], "--instructions is avx3; this machine runs "),
  ])
  func `a mistyped word is named with the nearest one`(arguments: [String], sentence: String) async throws {
    let answer = await (try Shelf()).mneme(arguments)
    #expect(answer.status == 2)
    #expect(answer.output == "")
    #expect(answer.errors.hasPrefix("Error: \(sentence)"), "\(answer.errors)")
    #expect(answer.errors.contains("\nUsage: mneme "))
  }

  @Test(arguments: [
    (
      ["bench", "steps", "--sizes", "quick-12"],
      "--sizes is quick-12; expected one of quick-64, quick-128, paper-256, paper-1024; did you mean quick-128?"
    ),
    (
      ["bench", "scaling", "--vary", "segmets"],
      "--vary is segmets; expected one of segments, width, threads; did you mean segments?"
    ),
  ])
  func `what is measured is named with the nearest word, too`(arguments: [String], sentence: String) {
    let error = #expect(throws: (any Error).self) { try Mneme.parsed(arguments) }
    #expect(error.map { Mneme.message(for: $0) } == sentence)
  }

  @Test func `a number that is none, and a format that is nearly one, are told with what was expected`()
    async throws
  {
    let shelf = try Shelf()
    let jobs = await shelf.mneme("run", shelf.manifest, "--jobs", "two")
    #expect(jobs.errors.hasPrefix("Error: The value 'two' is invalid for '--jobs <number>'"))
    let format = await shelf.mneme("table", shelf.manifest, "-o", "\(shelf.folder)/t.htm")
    #expect(format.errors.contains("the format of t.htm cannot be told from its name; end it in .txt, .md"))
    #expect(format.errors.contains("or give --format; did you mean .html?"), "\(format.errors)")
  }

  @Test func `every option is found again with a letter doubled, and right words are no slip`() throws {
    let root = try #require(CommandWords.ofProgram())
    var options = 0
    func look(at command: CommandWords, _ path: [String]) {
      for below in command.subcommands ?? [] where below.commandName != "help" {
        look(at: below, path + [below.commandName])
      }
      guard command.subcommands?.isEmpty ?? true else { return }
      for option in command.options where option.count > 4 {
        let slip = "--" + option.dropFirst(2).prefix(1) + option.dropFirst(2)
        #expect(
          Misspelling(in: path + [slip], of: root)?.sentence.hasSuffix("mean \(option)?") == true, "\(slip)")
        let value = command.argument(option)?.allValues?.first ?? "x"
        let first = (command.arguments ?? []).first { $0.kind == .positional }?.allValues?.first ?? "x"
        #expect(Misspelling(in: path + [first, option, value, "y"], of: root) == nil, "\(option)")
        options += 1
      }
    }
    look(at: root, [])
    #expect(options > 100)
  }

  @Test func `what follows two dashes, and a value, are no options`() throws {
    let root = try #require(CommandWords.ofProgram())
    #expect(Misspelling(in: ["show", "--", "--jsn"], of: root) == nil)
    #expect(Misspelling(in: ["table", "a", "--trace", "--json"], of: root) == nil)
    #expect(Misspelling(in: ["--help"], of: root) == nil)
  }

  @Test func `files, tables and paper are found again`() async throws {
    let shelf = try Shelf()
    let manifest = await shelf.mneme("check", "\(shelf.folder)/Experiments/sortng.yaml")
    #expect(
      manifest.errors
        == "Error: Experiments/sortng.yaml: there is no such file; did you mean Experiments/sorting.yaml?\n")
    let folder = await shelf.mneme("status", "\(shelf.folder)/Experimnets/sorting.yaml")
    #expect(folder.errors.contains("no such file; did you mean Experiments/sorting.yaml?"))
    let paper = await shelf.mneme("diff", shelf.manifest, "papr")
    #expect(paper.errors.contains("papr is no file here and cannot begin a hash"))
    #expect(paper.errors.contains("of the digits 0–9, a–f; did you mean paper?"))
    let first = await shelf.mneme("diff", "papr", shelf.manifest)
    #expect(first.status == 2 && !first.errors.contains("did you mean paper"))
    try shelf.write("text", to: "Results/tables/sorting.md")
    let path = "\(shelf.folder)/Results/tables/sortnig.md"
    let check = await shelf.mneme("table", "--check", path)
    #expect(
      check.output
        == "cannot tell: Results/tables/sortnig.md: there is no such file; did you mean Results/tables/sorting.md?\n"
    )
    let oracles = #expect(throws: OracleError.self) { try replayOracles(in: "\(shelf.folder)/Result") }
    #expect(
      oracles?.description.hasSuffix("or it may not be read (did you mean \(shelf.folder)/Results?).") == true
    )
    let table = await shelf.mneme("table", shelf.manifest, "tabel6")
    #expect(table.errors.contains("sorting has no table tabel6; it has table6; did you mean table6?"))
  }
}
