import Archive
import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Tables
import Testing

/// `mneme plot`, with the real gnuplot where there is one.
@Suite struct PlotCommandTests {
  /// A shelf with a second manifest, of the same runs, that asks for a figure.
  private func shelf(finished: Bool = true, figures: String = Self.figures) throws -> (Shelf, String) {
    let shelf = try Shelf()
    if finished { for index in shelf.runs().indices { try shelf.publish(index) } }
    try shelf.write(Shelf.yaml + figures, to: "Experiments/drawn.yaml")
    return (shelf, "\(shelf.folder)/Experiments/drawn.yaml")
  }

  private static let figures = """
    figures:
      figure6: {x: task.segments, y: test.accuracy, lines: model.memory, over: seed, reference: paper/table6.csv}

    """

  /// Width and height as the header of a PNG file says.
  private func size(of png: String) throws -> (Int, Int) {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: png))
    try #require(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && bytes.count > 24)
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }

  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }
  private static let skipped: Comment = "this machine has no gnuplot, so pictures were NOT drawn"

  @Test(.enabled(if: hasGnuplot, skipped))
  func `figures are drawn beside the store, with script and data, and again the same`() async throws {
    let (shelf, manifest) = try shelf()
    let answer = await shelf.mneme("plot", manifest)
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.errors == "")
    let place = "Results/tables/sorting-figure6"
    #expect(answer.output == [".svg", ".png", ".gp", ".dat"].map { place + $0 + "\n" }.joined())
    #expect(try size(of: "\(shelf.folder)/\(place).png") == (1520, 1072))
    let svg = try shelf.text(of: "\(place).svg")
    #expect(svg.contains("<svg") && svg.contains("test accuracy, %") && svg.contains("Memoria, Table 6"))
    let before = try shelf.everything()
    #expect(await shelf.mneme("plot", manifest) == answer)
    #expect(try shelf.everything() == before)
  }

  @Test(.enabled(if: hasGnuplot, skipped))
  func `the script alone draws the same picture again, from any folder`() async throws {
    let (shelf, manifest) = try shelf()
    let answer = await shelf.mneme(
      "plot", manifest, "-o", "\(shelf.folder)/a.svg", "-o", "\(shelf.folder)/a.png")
    #expect(answer.status == 0, "\(answer.errors)")
    let files = ["a.svg", "a.png"].map { URL(fileURLWithPath: "\(shelf.folder)/\($0)") }
    let before = try files.map { try Data(contentsOf: $0) }
    for file in files { try FileManager.default.removeItem(at: file) }
    let result = try await Subprocess.run(
      .name("gnuplot"), arguments: ["\(shelf.folder)/a.gp"], workingDirectory: "/", input: .none,
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    #expect(try files.map { try Data(contentsOf: $0) } == before)
  }

  @Test func `without gnuplot script and data are written, and one sentence says what to type`() async throws
  {
    let (shelf, manifest) = try shelf()
    let result = try await Subprocess.run(
      .path(FilePath(Workbench.program)), arguments: ["plot", manifest, "--store", shelf.store],
      environment: .inherit.updating(["PATH": "/nowhere"]), input: .none, output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    #expect(result.terminationStatus == .exited(2))
    #expect(result.standardOutput == "")
    #expect(
      result.standardError.contains("type `apt-get install gnuplot-nox` as root. Script and data are written")
    )
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(shelf.folder)/Results/tables").sorted()
    #expect(names == ["sorting-figure6.dat", "sorting-figure6.gp"])
  }

  @Test(.enabled(if: hasGnuplot, skipped))
  func `a hash needs no file any more`() async throws {
    let (shelf, manifest) = try shelf()
    let drawn = try Manifest(reading: manifest)
    try shelf.opened().put(drawn.canonicalBytes, as: StoredObject(kind: "manifest", id: drawn.hash))
    _ = await shelf.mneme("plot", manifest)
    let before = try shelf.text(of: "Results/tables/sorting-figure6.dat")
    try FileManager.default.removeItem(atPath: "\(shelf.folder)/Experiments")
    try FileManager.default.removeItem(atPath: "\(shelf.folder)/Results/tables")
    #expect(await shelf.mneme("plot", drawn.hash.short, "figure6").status == 0)
    #expect(try shelf.text(of: "Results/tables/sorting-figure6.dat") == before)
  }

  @Test func `JSON is the numbers, and draws nothing`() async throws {
    let (shelf, manifest) = try shelf()
    let before = try shelf.everything().keys.sorted()
    let answer = await shelf.mneme("plot", manifest, "figure6", "--json")
    #expect(answer.status == 0)
    let panels = (json(answer.output) as? [String: Any])?["panels"] as? [[String: Any]]
    let curves = try #require(panels?.first?["curves"] as? [[String: Any]])
    #expect(curves.map { $0["source"] as? String ?? "" }.filter { $0 == "measured" }.count == 3)
    #expect((json(await shelf.mneme("plot", manifest, "--json").output) as? [Any])?.count == 1)
    let after = try shelf.everything().keys.filter { name in
      ![".baselines", "objects", "store/index"].contains { name.contains($0) }
    }.sorted()
    #expect(after == before.filter { !$0.contains("objects") })
  }

  @Test func `what cannot be drawn gets a sentence`() async throws {
    let (shelf, manifest) = try shelf(finished: false)
    func complaint(_ arguments: String...) async -> String {
      let answer = await shelf.mneme(["plot"] + arguments)
      #expect(answer.status == 2, "\(arguments)")
      return answer.errors
    }
    #expect(
      await complaint(manifest, "figure7").contains("sorting has no figure figure7; did you mean figure6?"))
    #expect(await complaint(shelf.manifest).contains("sorting declares no figures; add a group `figures`"))
    #expect(await complaint(manifest, "-o", "a.pdf").contains("end it in .svg or .png"))
    #expect(await complaint(manifest, "a", "b").contains("one manifest and at most one figure"))
    #expect(await complaint(manifest, "--y", "train.loss").contains("there is no history to draw: run "))
    let seeds = (1...Picture.historyLimit).map(String.init).joined(separator: ", ")
    try shelf.write(
      Shelf.yaml.replacing("seed: [1, 2]", with: "seed: [\(seeds)]"), to: "Experiments/many.yaml")
    #expect(
      await complaint("\(shelf.folder)/Experiments/many.yaml", "--y", "train.loss")
        .contains("choose fewer, at most \(Picture.historyLimit)."))
    #expect(await complaint(manifest, "--y", ",").contains("--y , names no metric; name one with a history"))
    #expect(await complaint(manifest, "--y", "train.loss", "--x", "time").contains("drawn over step"))
    try shelf.write(
      Shelf.yaml + Self.figures.replacing(", reference: paper/table6.csv", with: ""),
      to: "Experiments/alone.yaml")
    #expect(
      await complaint("\(shelf.folder)/Experiments/alone.yaml").contains(
        "no run of sorting is finished, and nothing was"))
    let two =
      Self.figures + Self.figures.split(separator: "\n")[1].replacing("figure6", with: "figure7") + "\n"
    try shelf.write(Shelf.yaml + two, to: "Experiments/two.yaml")
    #expect(
      await complaint("\(shelf.folder)/Experiments/two.yaml", "-o", "\(shelf.folder)/a.svg")
        .contains("sorting has 2 figures, and a file holds one; name one of figure6, figure7."))
    try shelf.publish(0)
    let run = shelf.runs()[0].run.short
    #expect(await complaint(run).contains("\(run) is a run, which has no figures"))
  }

  @Test(.enabled(if: hasGnuplot, skipped))
  func `a damaged result is told, and shown as a number that is not there`() async throws {
    let (shelf, manifest) = try shelf()
    try shelf.damage(2)
    try shelf.damage(3)
    let answer = await shelf.mneme("plot", manifest)
    #expect(answer.status == 1)
    #expect(answer.errors.hasPrefix("corrupt: run "))
    let data = try shelf.text(of: "Results/tables/sorting-figure6.dat")
    #expect(data.contains("# Corrupt, and counted as failed"))
    #expect(data.contains("\n2 nan nan 0\n"))
  }

  @Test(.enabled(if: hasGnuplot, skipped), .timeLimit(.minutes(10)))
  func `histories of two runs, one of them not finished`() async throws {
    let bench = try Workbench(examples: 16, seeds: [1, 2])
    let runs = try bench.specifications().map(\.run)
    let second = try bench.opened().add(try bench.specifications()[1].storedSettings)
    // The second run is killed after its first checkpoint, at step 1; the first is run to its end.
    _ = try await bench.mneme(
      ["worker", "--run", second.id.hex, "--checkpoint-seconds", "0", "--code", "none"],
      fault: "after-checkpoint:kill")
    #expect(try await bench.work(checkpointSeconds: 60).status == .exited(0))
    let wrong = try await bench.mneme(["plot", runs[0].short, "--y", "train.los"])
    #expect(wrong.status == .exited(2))
    #expect(wrong.errors.contains("the runs have test.accuracy, test.loss, train.gradient_norm, train.loss"))
    #expect(wrong.errors.contains("did you mean train.loss?"))
    let answer = try await bench.mneme(
      [
        "plot", bench.manifest, "--y", "train.loss,train.rate", "--y", "validation.accuracy", "-o",
        "\(bench.folder)/h.png",
      ])
    #expect(answer.status == .exited(0), "\(answer.errors)")
    #expect(try size(of: "\(bench.folder)/h.png").0 == 2520)
    let data = try String(contentsOfFile: "\(bench.folder)/h.dat", encoding: .utf8)
    #expect(data.contains("# Not finished: \(runs[1].short) checkpoint of step "), "\(data)")
    #expect(data.contains("# block 0: seed=1, run \(runs[0].short), result; train.loss\n"))
    #expect(data.contains("# block 1: seed=2, run \(runs[1].short), checkpoint of step "))
    // Every number of the result, and the same as the result says.
    let series = try #require(try bench.opened().run(runs[0]).result().series.first { $0.name == "train" })
    let block = try #require(data.components(separatedBy: "\n\n\n").first)
    let drawn = block.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      Double($0.split(separator: " ")[1])
    }
    #expect(drawn == series.columns[0].values)
  }
}
