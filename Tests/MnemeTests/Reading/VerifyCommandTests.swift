import Foundation
import Harness
import Records
import Testing

@Suite struct VerifyCommandTests {
  private static let claims = """
    table,claim,form,metric,a,b,along,each,at,printed,text,source
    table6.csv,best,highest,test.accuracy,model.memory=long-term,,,task.segments,,,"It is best, they say","Memoria, Table 6"
    table6.csv,gain,difference,test.accuracy,model.memory=long-term,model.memory=none,,,task.segments=2,46.80%,Gain,"Memoria, Table 6"

    """

  /// Published numbers that the runs of a shelf are, with five runs each that hardly vary.
  private static let close = """
    model.memory,task.segments,test.accuracy,test.accuracy.unit,test.accuracy.deviation,test.accuracy.runs,tier
    none,2,27.5,%,0.7,5,quick
    long-term,2,35.5,%,0.7,5,quick

    """

  @Test func `values, order and claims are told apart, and another tier is said`() async throws {
    let shelf = try Shelf.complete()
    try shelf.write(Self.claims, to: "Experiments/paper/claims.csv")
    let answer = await shelf.mneme(["verify", shelf.manifest] + plain)
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.errors == "")
    expectGolden(try shelf.masked(answer.output), "verify.text")
    // The gain is misprinted: 46.08, not 46.80. Nothing else is refuted.
    #expect(await shelf.mneme("verify", shelf.manifest, "--fail-on", "values").status == 2)
    #expect(await shelf.mneme("verify", shelf.manifest, "--fail-on", "claims").status == 1)
    #expect(
      await shelf.mneme("verify", shelf.manifest, "--fail-on", "values", "--allow-inconclusive").status == 0)
    #expect(await shelf.mneme("verify", shelf.manifest, "--fail-on", "never").status == 0)
  }

  @Test func `numbers within a margin are reproduced, and only then is it a pass`() async throws {
    let shelf = try Shelf.complete()
    try shelf.write(Self.close, to: "close.csv")
    let arguments = ["verify", shelf.manifest, "--reference", "\(shelf.folder)/close.csv"]
    #expect(await shelf.mneme(arguments + ["--margin", "10%"]).status == 0)
    #expect(await shelf.mneme(arguments).status == 2)
    let found = await shelf.mneme(arguments + ["--margin", "10%", "--json"])
    let object = try #require((json(found.output) as? [[String: Any]])?.first)
    #expect(object["mixes_tiers"] as? Bool == false)
    #expect(found.errors.contains("no claims: there is no claims.csv beside close.csv."))
    try shelf.write(Self.close.replacing("27.5", with: "47.5"), to: "far.csv")
    let far = await shelf.mneme(
      "verify", shelf.manifest, "--reference", "\(shelf.folder)/far.csv", "--margin", "10%")
    #expect(far.status == 1)
  }

  @Test func `what is not finished is inconclusive, and what is damaged is told`() async throws {
    let empty = try Shelf()
    let nothing = await empty.mneme(["verify", empty.manifest] + plain)
    #expect(nothing.status == 2)
    #expect(nothing.output.contains("not run yet"))
    #expect(nothing.output.contains("4 checks: 4 inconclusive\n"))
    let shelf = try Shelf.complete()
    try shelf.damage(0)
    let damaged = await shelf.mneme("verify", shelf.manifest, "--allow-inconclusive")
    #expect(damaged.status == 2)
    #expect(damaged.errors.hasPrefix("corrupt: run "))
  }

  @Test func `a hash finds the claims of the project only where the published numbers are the same`()
    async throws
  {
    let shelf = try Shelf.complete()
    let hash = try shelf.keepManifest().short
    let answer = await shelf.mneme("verify", hash)
    #expect(answer.status == 2)
    #expect(answer.errors.contains("Experiments/paper/table6.csv here is not the one of the manifest"))
  }

  @Test func `a published table alone is checked against what its paper says`() async throws {
    let shelf = try Shelf()
    try shelf.write(Self.claims, to: "Experiments/paper/claims.csv")
    let file = "\(shelf.folder)/Experiments/paper/table6.csv"
    let answer = await shelf.mneme(["verify", file] + plain)
    #expect(answer.status == 1)
    #expect(answer.output.contains("2 checks: 1 reproduced, 1 not reproduced\n"))
    #expect(answer.output.contains("+46.08%"))
    try shelf.write(Self.claims.replacing("46.80", with: "46.08"), to: "right.csv")
    #expect(await shelf.mneme("verify", file, "--claims", "\(shelf.folder)/right.csv").status == 0)
  }

  @Test func `what cannot be verified never passes`() async throws {
    let shelf = try Shelf.complete()
    try shelf.write("model.kind,test.accuracy,test.accuracy.unit\nmemoria,3,%\n", to: "other.csv")
    try shelf.write("table,claim\n", to: "broken.csv")
    let bare = Shelf.yaml.replacing(", reference: paper/table6.csv", with: "")
    try shelf.write(bare, to: "Experiments/bare.yaml")
    let folder = shelf.folder
    for (arguments, complaint) in [
      (["\(folder)/Experiments/bare.yaml"], "table table6 names no published numbers"),
      (
        [shelf.manifest, "--reference", "\(folder)/other.csv"],
        "has no column model.memory, an axis of the table"
      ),
      ([shelf.manifest, "--reference", "\(folder)/absent.csv"], "there is no such file"),
      ([shelf.manifest, "--claims", "\(folder)/broken.csv"], "broken.csv:1: found \"table,claim\""),
      (
        [shelf.manifest, "--table", "table7"],
        "sorting has no table table7; it has table6; did you mean table6?"
      ),
      ([shelf.manifest, "--margin", "much"], "'much'"),
      ([shelf.manifest, "--alpha", "5"], "--alpha is 5.0; expected a number between 0 and 0.5"),
      ([shelf.manifest, "--fail-on", "never", "--fail-on", "order"], "say different things"),
      (["\(folder)/other.csv"], "nothing is claimed about"),
      ([shelf.runs()[0].run.short], "is a run; expected a manifest's file or hash."),
    ] {
      let answer = await shelf.mneme(["verify"] + arguments)
      #expect(answer.status == 2, "\(arguments)")
      #expect(answer.errors.contains(complaint), "\(answer.errors)")
      #expect(answer.output == "")
    }
  }
}

@Suite struct WrittenComparisonTests {
  @Test func `verify and diff write what they print to files, in the format of the name`() async throws {
    let shelf = try Shelf.complete()
    for (words, name) in [(["verify", shelf.manifest], "v"), (["diff", shelf.manifest, "paper"], "d")] {
      let printed = await shelf.mneme(words + ["--format", "csv"])
      let files = ["\(shelf.folder)/\(name).csv", "\(shelf.folder)/\(name).md"]
      let written = await shelf.mneme(words + ["-o", files[0], "-o", files[1]])
      #expect(written.status == printed.status && written.output == "")
      #expect(try shelf.text(of: "\(name).csv") == printed.output)
      #expect(try shelf.text(of: "\(name).md").hasPrefix("**"))
      // A name without a format writes nothing at all.
      let refused = await shelf.mneme(words + ["-o", "\(shelf.folder)/new.csv", "-o", "\(shelf.folder)/new"])
      #expect(refused.status == 2 && refused.errors.contains("the format of new cannot be told"))
      #expect(!FileManager.default.fileExists(atPath: "\(shelf.folder)/new.csv"))
    }
  }
}

@Suite struct PlanPowerTests {
  @Test func `the plan says what its seeds can show, for people and programs`() async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme("plan", shelf.manifest, "--power", "--difference", "5abs")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("power: what 2 seeds a cell can show of test.accuracy in %"))
    // Three rows in two columns; every cell has seeds that are one point apart.
    #expect(answer.output.contains("level 0.05, power 0.8, 6 comparisons"))
    #expect(answer.output.contains("Deviations of 6 cells of this table"))
    let text = await shelf.mneme("plan", shelf.manifest, "--power", "--difference", "5abs", "--json").output
    let object = try #require(json(text) as? [String: Any])
    let power = try #require((object["power"] as? [[String: Any]])?.first)
    let typical = try #require(
      (power["deviations"] as? [[String: Any]])?.first { $0["name"] as? String == "typical" })
    #expect(abs(try #require(typical["deviation"] as? Double) - 0.0070710678) < 1e-9)
    #expect(try #require(typical["seeds"] as? Int) > 2)
  }

  @Test func `alike runs of other manifests stand in, and nothing is invented where there are none`()
    async throws
  {
    let shelf = try Shelf.complete()
    let other = Shelf.yaml.replacing("epochs: 2", with: "epochs: 3")
    try shelf.write(other, to: "Experiments/other.yaml")
    let found = await shelf.mneme("plan", "\(shelf.folder)/Experiments/other.yaml", "--power")
    #expect(found.output.contains("Deviations of 6 settings of other runs of tier quick and task sorting"))
    try shelf.write(other.replacing("tier: quick", with: "tier: paper"), to: "Experiments/paper.yaml")
    let none = await shelf.mneme("plan", "\(shelf.folder)/Experiments/paper.yaml", "--power")
    #expect(none.output.contains("No measured deviation"))
  }

  @Test func `half a question is refused`() async throws {
    let shelf = try Shelf()
    for (arguments, complaint) in [
      (["--difference", "1abs"], "say more of --power"), (["--power", "--measure"], "ask different things"),
      (["--power", "--alpha", "0"], "--alpha is 0.0"), (["--power", "--difference", "1"], "'1'"),
    ] {
      let answer = await shelf.mneme(["plan", shelf.manifest] + arguments)
      #expect(answer.status == 2 && answer.errors.contains(complaint), "\(arguments): \(answer.errors)")
    }
  }
}
