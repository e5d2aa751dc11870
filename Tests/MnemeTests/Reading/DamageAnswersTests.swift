import Archive
import Foundation
import Harness
import Records
import Testing

@testable import mneme

/// Every kind of file of a finished run, spoilt in every way: all commands give one answer.
@Suite struct DamageAnswersTests {
  enum Kind: String, CaseIterable {
    case result, spec, weights, attempt, end, live, manifest, index
  }

  enum Spoiling: CaseIterable {
    case flipped, emptied, gone
  }

  /// What is true of the run then.
  enum Truth {
    /// Its number stands, and nothing that reports read is missing.
    case done
    /// Its number stands, and who reads the damaged record says so.
    case noted
    /// It has no number, and everybody says the same of it and what to type.
    case corrupt
    /// It has no result: it can be computed again.
    case interrupted

    init(_ kind: Kind, _ spoiling: Spoiling) {
      switch (kind, spoiling) {
      case (.result, .gone): self = .interrupted
      case (.result, _): self = .corrupt
      case (.spec, _), (.attempt, .flipped), (.attempt, .emptied), (.end, .flipped), (.end, .emptied):
        self = .noted
      default: self = .done
      }
    }

    var word: String {
      switch self {
      case .done, .noted: "done"
      case .corrupt: "corrupt"
      case .interrupted: "interrupted"
      }
    }

    var hasNumber: Bool { word == "done" }
  }

  /// The run that is spoilt.
  private static let index = 3
  private static let next = "mneme fsck --deep --store Results/store"

  @Test(arguments: Kind.allCases)
  func `whatever file is spoilt, all commands say the same of its run`(kind: Kind) async throws {
    let (shelf, place) = try Self.shelf()
    let path = try Self.path(of: kind, place, shelf)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for spoiling in Spoiling.allCases {
      try Self.spoil(path, whole, spoiling)
      let truth = Truth(kind, spoiling)
      let comment = "\(kind) \(spoiling)"
      try await expectStates(shelf, truth, comment)
      try await expectNumbers(shelf, truth, comment)
      try await expectWords(shelf, truth, comment)
      try await expectFsck(shelf, kind, spoiling, path, comment)
      try await expectRun(shelf, truth, comment)
      try Self.put(whole, at: path)
    }
    #expect(await shelf.mneme("fsck", "--deep").status == 0)
  }

  @Test(arguments: ["end.json", "attempt.json", "spec"])
  func `an unfinished run of which nobody knows how far it is is corrupt, in one word`(
    name: String
  ) async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    try shelf.fail(0)
    let (run, store) = (shelf.runs()[0].run, try shelf.opened())
    let path = name == "spec" ? "\(store.run(run).path)/spec" : "\(store.run(run).attemptPath(1))/\(name)"
    try Self.spoil(path, Data(contentsOf: URL(fileURLWithPath: path)), .flipped)
    for words in [["status", shelf.manifest, "--json"], ["ls", "--json"], ["show", run.short, "--json"]] {
      #expect(members(await shelf.mneme(words), of: run)["state"] as? String == "corrupt", "\(words)")
    }
    for words in [
      ["status", shelf.manifest], ["plan", shelf.manifest], ["ls"], ["show", run.short],
      ["table", shelf.manifest],
      ["rerun", run.short],
    ] {
      let answer = await shelf.mneme(words)
      let text = answer.output + answer.errors
      #expect(text.contains("\(name) is damaged: ") && text.contains("corrupt"), "\(words): \(text)")
      #expect(text.contains(Self.next), "\(words): \(text)")
    }
    // What is advised is enough for the run to go on.
    let check = await shelf.mneme("fsck", "--deep", "--json")
    let finding = ((json(check.output) as? [String: Any])?["findings"] as? [[String: Any]])?.first
    let next = finding?["next"] as? String ?? ""
    guard name != "spec" else {
      #expect(next.hasPrefix("mneme run FILE "), "\(next)")
      return
    }
    #expect(next.contains("; without one: rm -f "), "\(next)")
    try FileManager.default.removeItem(atPath: path)
    let step = members(await shelf.mneme("plan", shelf.manifest, "--json"), of: run, in: "runs")
    #expect(step["action"] as? String == (name == "end.json" ? "run" : "leave"), "\(step)")
  }

  /// A store with every run done; the one that will be spoilt has weights and a live log.
  private static func shelf() throws -> (Shelf, RunDirectory) {
    let shelf = try Shelf(
      yaml: Shelf.yaml.replacing("[none, working, long-term]", with: "[none, working]")
        .replacing("[27, 11]", with: "[11]"))
    for index in shelf.runs().indices where index != Self.index { try shelf.publish(index) }
    let run = shelf.runs()[index]
    let claim = try shelf.claim(run)
    for step in 1...2 {
      try claim.say("step", ["step": .integer(step), "steps": .integer(2), "loss": .real(2)])
    }
    let weights = [NamedArray(name: "w", shape: [2], values: [1, 2])]
    try claim.publish(
      RunResult(
        run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml,
        metrics: [
          FinalMetric(
            name: "test.accuracy", value: Shelf.accuracy(index), unit: "1", better: "higher", split: "test"),
          FinalMetric(name: "test.loss", value: 1, unit: "nat", better: "lower", split: "test"),
        ], series: [], items: [], counters: [], memoryLog: nil, weights: weightsDigest(weights)),
      weights: weights)
    try claim.end(.done)
    try shelf.keepManifest()
    return (shelf, try shelf.opened().run(run.run))
  }

  private static func path(of kind: Kind, _ place: RunDirectory, _ shelf: Shelf) throws -> String {
    switch kind {
    case .result: return place.resultPath
    case .spec: return place.path + "/spec"
    case .weights: return place.weightsPath
    case .attempt: return place.attemptPath(1) + "/attempt.json"
    case .end: return place.attemptPath(1) + "/end.json"
    case .live: return place.attemptPath(1) + "/live.jsonl"
    case .manifest:
      let hash = try shelf.keepManifest()
      return "\(shelf.store)/objects/\(hash.hex.prefix(2))/\(hash.hex).manifest"
    case .index:
      let store = try shelf.opened()
      var index = ResultIndex(of: store)
      for run in shelf.runs() { _ = try index.final(of: store.run(run.run)) }
      index.save()
      return "\(shelf.store)/index/results"
    }
  }

  private static func spoil(_ path: String, _ whole: Data, _ spoiling: Spoiling) throws {
    switch spoiling {
    case .flipped:
      var bytes = whole
      // Of a live log the first line: the last one may be torn.
      bytes[path.hasSuffix(".jsonl") ? 12 : bytes.count / 2] ^= 1
      try put(bytes, at: path)
    case .emptied: try put(Data(), at: path)
    case .gone: try FileManager.default.removeItem(atPath: path)
    }
  }

  /// Stored files are read-only.
  private static func put(_ bytes: Data, at path: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  private func run(_ shelf: Shelf) -> Digest { shelf.runs()[Self.index].run }

  private func members(_ answer: Shelf.Answer, of run: Digest, in key: String? = nil) -> [String: Any] {
    var all = json(answer.output)
    if let key { all = (all as? [String: Any])?[key] }
    if let one = all as? [String: Any] { return one }
    return (all as? [[String: Any]])?.first { $0["run"] as? String == run.hex } ?? [:]
  }

  /// `status`, `plan`, `ls`, `show` and `watch`: one word, and the number is there or not.
  private func expectStates(_ shelf: Shelf, _ truth: Truth, _ comment: String) async throws {
    let (id, run) = (run(shelf).short, run(shelf))
    let number = truth.hasNumber ? Shelf.accuracy(Self.index) : nil
    let status = members(await shelf.mneme("status", shelf.manifest, "--json"), of: run)
    #expect(status["state"] as? String == truth.word, "\(comment): status")
    let listed = members(await shelf.mneme("ls", "--json"), of: run)
    #expect(listed["state"] as? String == truth.word, "\(comment): ls")
    #expect((listed["metrics"] as? [String: Double])?["test.accuracy"] == number, "\(comment): ls")
    let shown = members(await shelf.mneme("show", id, "--json"), of: run)
    #expect(shown["state"] as? String == truth.word, "\(comment): show")
    let metrics = (shown["metrics"] as? [[String: Any]])?.first { $0["name"] as? String == "test.accuracy" }
    #expect(metrics?["value"] as? Double == number, "\(comment): show")
    let facts = (shown["facts"] as? [String: Any])?["cost"] as? [String: Any]
    let isLost = truth == .noted && comment.hasPrefix("end")
    #expect((facts?["unmeasured"] != nil) == isLost, "\(comment): \(facts ?? [:])")
    let portrait = members(await shelf.mneme("show", shelf.manifest, "--json"), of: run, in: "runs")
    #expect(portrait["state"] as? String == truth.word, "\(comment): show of the manifest")
    let watched = await shelf.mneme("watch", shelf.manifest, "--once")
    #expect(watched.output.contains("1 corrupt") == (truth == .corrupt), "\(comment): \(watched.output)")
    let step = members(await shelf.mneme("plan", shelf.manifest, "--json"), of: run, in: "runs")
    let action = truth == .corrupt ? "inspect" : truth.hasNumber ? "nothing" : "run"
    #expect(step["action"] as? String == action, "\(comment): plan")
    #expect(step["next"] as? String == (truth == .corrupt ? Self.next : nil), "\(comment): plan")
    try expectCosts(listed["cost"] as? [String: Double] ?? [:], truth, comment)
  }

  /// What only the record of the end told is not known; what others tell stays.
  private func expectCosts(_ cost: [String: Double], _ truth: Truth, _ comment: String) throws {
    let isKnown = truth.hasNumber && !comment.hasPrefix("end")
    #expect((cost["cost.peak_bytes"] != nil) == isKnown, "\(comment): \(cost)")
    #expect((cost["cost.cpu_seconds"] != nil) == isKnown, "\(comment): \(cost)")
    #expect((cost["cost.attempts"] == 1) == truth.hasNumber, "\(comment): \(cost)")
  }

  /// Tables: the number is there or not, with the same word beside it. Those of a manifest and those of any runs.
  private func expectNumbers(_ shelf: Shelf, _ truth: Truth, _ comment: String) async throws {
    let id = run(shelf).short
    for words in [
      ["table", shelf.manifest],
      ["table", "--rows", "model.memory", "--cell", "test.accuracy", "--over", "seed"],
    ] {
      let answer = await shelf.mneme(words + ["--trace"])
      let lines = answer.output.split(separator: "\n").filter { $0.contains(id) }
      #expect(lines.count == 1, "\(comment): \(answer)")
      let line = String(lines.first ?? "")
      #expect(line.contains(" \(Shelf.accuracy(Self.index)) ") == truth.hasNumber, "\(comment): \(line)")
      #expect(line.contains(" \(truth.word) "), "\(comment): \(line)")
      if words.count == 2 { expect(answer, words, truth, comment) }
    }
  }

  /// Who speaks of the run says the same, and the same to type.
  private func expectWords(_ shelf: Shelf, _ truth: Truth, _ comment: String) async throws {
    let id = run(shelf).short
    var commands = [
      ["ls"], ["show", id], ["verify", shelf.manifest], ["hash", id], ["plan", shelf.manifest],
    ]
    commands.append(["diff", shelf.manifest, "paper"])
    // Computes nothing of a corrupt run.
    commands.append(["rerun", id] + (truth == .corrupt ? [] : ["--dry-run"]))
    if truth == .corrupt {
      commands += [["status", shelf.manifest], ["diff", id, shelf.runs()[0].run.short]]
    }
    for words in commands { expect(await shelf.mneme(words), words, truth, comment) }
    let logs = await shelf.mneme("logs", id)
    let isLost = truth == .noted && comment.hasPrefix("end")
    #expect(logs.status == 0, "\(comment): \(logs)")
    #expect(
      logs.errors.contains("how attempt 1 ended is not known: attempts/0001/end.json is damaged") == isLost,
      "\(comment): \(logs)")
  }

  private func expect(_ answer: Shelf.Answer, _ words: [String], _ truth: Truth, _ comment: String) {
    let text = answer.output + answer.errors
    let about = "\(comment): \(words): \(text)"
    #expect(
      text.contains("corrupt: manifest ")
        == (comment.hasPrefix("manifest") && !comment.hasSuffix("gone")
          && ["ls", "show"].contains(words[0])),
      "\(about)")
    #expect(
      text.replacing("corrupt: manifest", with: "").contains("corrupt") == (truth == .corrupt), "\(about)")
    switch truth {
    case .corrupt:
      #expect(text.contains(/result\.h5 (is damaged: its digest is|is cut short: 0 bytes of)/), "\(about)")
      #expect(text.contains(Self.next), "\(about)")
      let statuses: [String: Int32] = ["verify": 2, "diff": 2, "rerun": 2, "plan": 0]
      #expect(answer.status == statuses[words[0], default: 1], "\(about)")
    case .noted where !["hash", "plan"].contains(words[0]):
      let note = /note: run [^\n]* is (damaged|missing)[^\n]*; the result is intact\nnext: mneme fsck --deep/
      #expect(answer.errors.matches(of: note).count == 1, "\(about)")
    default: break
    }
    if words[0] == "plan" { #expect(text.contains("Nothing to compute.") == truth.hasNumber, "\(about)") }
    for line in answer.errors.split(separator: "\n") { #expect(line.count < 200, "\(about)") }
  }

  private func expectFsck(
    _ shelf: Shelf, _ kind: Kind, _ spoiling: Spoiling, _ path: String, _ comment: String
  ) async throws {
    let answer = await shelf.mneme("fsck", "--deep")
    // A death may leave a run without its end, and a log of any length; an index may be removed at any time.
    let isDamage: Bool
    switch (kind, spoiling) {
    case (.index, _), (.end, .gone), (.live, .emptied), (.live, .gone), (.manifest, .gone): isDamage = false
    default: isDamage = true
    }
    #expect(answer.status == (isDamage ? 1 : 0), "\(comment): \(answer)")
    let shown = path.replacingOccurrences(of: shelf.folder + "/", with: "")
    if isDamage, !(kind == .attempt && spoiling == .gone) {
      #expect(answer.output.contains("damage: \(shown) "), "\(comment): \(answer)")
    }
    #expect(!answer.output.contains("not written by this program"), "\(comment): \(answer)")
  }

  /// `run` computes nothing where nothing is missing, and says of a corrupt run what all say.
  private func expectRun(_ shelf: Shelf, _ truth: Truth, _ comment: String) async throws {
    guard truth != .interrupted else { return }
    let manifest = try Manifest(reading: shelf.manifest)
    let surroundings = Surroundings(
      output: { _ in }, errors: { _ in }, surface: .quiet, interruptions: { 0 },
      executor: { store, manifest in LocalExecutor(store: store, manifest: manifest, parent: 1) })
    let report = try await Campaign(manifest, in: shelf.opened(), options: RunOptions()).run(surroundings)
    #expect(report.outcome.done.isEmpty && report.reused == (truth == .corrupt ? 3 : 4), "\(comment)")
    #expect(report.status == (truth == .corrupt ? .finding : .done), "\(comment)")
    let text = report.text(CampaignReport.Commands(continuation: "mneme run X", table: "mneme table X"))
      .replacingOccurrences(of: shelf.folder + "/", with: "")
    #expect(text.contains("corrupt: run \(run(shelf).short) (") == (truth == .corrupt), "\(comment): \(text)")
    #expect(text.contains(": \(Self.next)\n") == (truth == .corrupt), "\(comment): \(text)")
  }
}
