import Archive
import FaultSuite
import Foundation
import Glibc
import Harness
import Records
import Subprocess
import Testing

/// Files of a store that computed by itself, with flipped bits and cut short: who reads them, and who goes on from them.
@Suite(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
struct DamagedStoreFaultTests {
  /// One run done and printed, one killed with two checkpoints; the second is given.
  private static func bench() async throws -> (bench: Workbench, killed: RunDirectory) {
    let bench = try Workbench(seeds: [1, 2])
    try #require(
      try await bench.mneme(["run", bench.manifest, "--only", "seed=1"]).status == .exited(0))
    let second = try bench.opened().add(try bench.specifications()[1].storedSettings)
    let worker = ["worker", "--run", second.id.hex, "--checkpoint-seconds", "0"]
    try #require(
      try await bench.mneme(worker, fault: "before-weights:kill").status == .signaled(SIGKILL))
    try #require(try second.checkpoints().count == 2)
    try #require(try await bench.mneme(Self.table).status == .exited(0))
    let kinds = Set(try files(of: bench).map { URL(fileURLWithPath: $0).lastPathComponent })
    try #require(
      kinds.isSuperset(of: [
        "VERSION", "spec", "result.h5", "weights.h5", "attempt.json", "end.json", "live.jsonl",
        "checkpoint-00000004.h5", "results", "\(try Manifest(reading: bench.manifest).hash.hex).manifest",
      ]), "\(kinds.sorted())")
    return (bench, second)
  }

  private static let table = ["table", "--rows", "seed", "--cell", "test.accuracy,test.loss,cost.seconds"]

  /// Every file by its path below the store, but for locks, which are empty, and logs, which are prose.
  private static func files(of bench: Workbench) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: bench.store).filter { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(bench.store)/\(name)", isDirectory: &isFolder)
      return !isFolder.boolValue && !name.hasSuffix("/lock") && !name.hasSuffix("/log")
    }.sorted()
  }

  /// All numbers with a fraction: what was measured. Counts may be fewer where a file is refused, and what is said to
  /// be at least so much is another number by right.
  private static func measured(in text: String) -> Set<String> {
    let certain = text.split(separator: "\"at\": ").filter { !$0.contains("\"is_lower_bound\": true") }
    let text = certain.joined().replacing(/≥ [0-9.]+/, with: "").replacing(
      /"(cost\.[a-z_]+)" : [-+.e0-9]+,\s*"\1.is_lower_bound" : true/, with: "")
    return Set(text.matches(of: /[0-9]+\.[0-9]+(?:e[-+]?[0-9]+)?/).map { String($0.output) })
  }

  @Test(.timeLimit(.minutes(15)))
  func `no command prints a wrong number from any file with a flipped bit, and what is missing is told`()
    async throws
  {
    let (bench, killed) = try await Self.bench()
    let done = try bench.place().id
    let shelf = try Shelf()
    let readers = [
      Self.table, Self.table + ["--json"], ["ls"], ["ls", "--json"], ["show", done.hex],
      ["show", killed.id.hex],
      ["status", bench.manifest], ["plan", bench.manifest], ["diff", done.hex, done.hex],
    ]
    var before: [Shelf.Answer] = []
    for reader in readers { before.append(await shelf.mneme(reader, store: bench.store)) }
    #expect(before.allSatisfy { $0.status == 0 }, "\(before.map(\.errors))")
    #expect(before.allSatisfy { !Self.measured(in: $0.output).isEmpty || $0.errors.isEmpty })
    var generator = Scrambler(seed: 11)
    var (flips, changed, wrong) = (0, 0, 0)
    for name in try Self.files(of: bench) {
      let path = "\(bench.store)/\(name)"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for _ in 0..<12 where !whole.isEmpty {
        let (bytes, bit) = generator.flip(whole)
        flips += 1
        for (reader, usual) in zip(readers, before) {
          // Also what is written anew meanwhile, such as the index, begins damaged.
          try replace(path, with: bytes)
          let answer = await shelf.mneme(reader, store: bench.store)
          let strange = Self.measured(in: answer.output).subtracting(Self.measured(in: usual.output))
          #expect(strange.isEmpty, "\(name), bit \(bit), \(reader)")
          wrong += strange.count
          if answer.output == usual.output { continue }
          changed += 1
          let isTold =
            answer.status != 0 || !answer.errors.isEmpty || answer.output.contains("corrupt")
            || answer.output.contains("damaged") || answer.output.contains("unmeasured")
          #expect(isTold || name.hasSuffix("live.jsonl"), "\(name), bit \(bit), \(reader): \(answer.output)")
        }
      }
      try replace(path, with: whole)
    }
    try FaultFigures.count("bits flipped under nine commands", "flips", flips)
    try FaultFigures.count(
      "bits flipped under nine commands", "answers that were others, each saying why", changed)
    try FaultFigures.count("bits flipped under nine commands", "wrong numbers printed", wrong)
  }

  @Test(.timeLimit(.minutes(15)))
  func `after a bit flipped in any file, run finishes or says what to remove, and the same bytes come out`()
    async throws
  {
    let undisturbed = try Workbench(seeds: [1, 2])
    try #require(try await undisturbed.mneme(["run", undisturbed.manifest]).status == .exited(0))
    let (template, _) = try await Self.bench()
    var generator = Scrambler(seed: 12)
    for name in try Self.files(of: template) {
      for _ in 0..<3 {
        let bench = try Workbench(seeds: [1, 2])
        try bench.copyStore(of: template)
        let path = "\(bench.store)/\(name)"
        let (bytes, bit) = generator.flip(try Data(contentsOf: URL(fileURLWithPath: path)))
        try replace(path, with: bytes)
        let what: Comment = "\(name), bit \(bit)"
        let first = try await bench.mneme(["run", bench.manifest])
        var outcome = "run finished by itself, same bytes"
        if name.contains("checkpoint-") {
          let isNewest = name.hasSuffix("checkpoint-00000004.h5")
          #expect(first.status == .exited(0), what)
          let isTold =
            first.errors.contains(": a checkpoint was refused: ")
            && first.errors.contains(": goes on from step 3\n")
          #expect(!isNewest || isTold, "\(name): \(first.errors)")
          if isNewest { outcome = "checkpoint refused, the one before it taken, same bytes" }
        } else if first.status != .exited(0) {
          #expect(first.errors.contains(name.split(separator: "/").last ?? ""), "\(name): \(first.errors)")
          outcome = "run refused it by name; mended as advised, run again, same bytes"
        } else if try bench.damage().contains(where: { $0.path.hasSuffix(name) }) {
          outcome = "run had no use for it, fsck named it; mended as advised, run again, same bytes"
        }
        try mend(bench, from: template)
        let second = try await bench.mneme(["run", bench.manifest])
        #expect(second.status == .exited(0), "\(name), bit \(bit): \(second.errors)")
        let difference = try bench.firstDifference(from: undisturbed)
        try #require(difference == nil, what)
        #expect(try bench.damage().isEmpty, what)
        try FaultFigures.count("bit flipped before mneme run", outcome)
      }
    }
  }

  /// Does what `fsck --deep` advises: what can be computed again is removed, what cannot comes back from a copy.
  private func mend(_ bench: Workbench, from copy: Workbench) throws {
    func restore(_ path: String) throws {
      let whole = URL(fileURLWithPath: copy.store + path.dropFirst(bench.store.count))
      try replace(path, with: try Data(contentsOf: whole))
    }
    // Without the file that says what a store is, nothing else is looked at.
    if (try? Store(at: bench.store, creating: false)) == nil { try restore("\(bench.store)/VERSION") }
    for finding in try bench.damage() {
      switch finding.remedy {
      case .compute(let files), .remove(let files):
        for file in files { try? FileManager.default.removeItem(atPath: file) }
      default: try restore(finding.path)
      }
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `where no checkpoint is whole, run says so, begins anew, and the same bytes come out`() async throws {
    let bench = try Workbench()
    #expect(try await bench.work(fault: "before-weights:kill").status == .signaled(SIGKILL))
    for checkpoint in try bench.place().checkpoints() {
      let whole = try Data(contentsOf: URL(fileURLWithPath: checkpoint.path))
      try replace(checkpoint.path, with: whole.dropLast(1))
    }
    let run = try await bench.mneme(["run", bench.manifest])
    #expect(run.status == .exited(0))
    #expect(run.errors.split(separator: "\n").count { $0.contains(": a checkpoint was refused: ") } == 2)
    #expect(run.errors.contains(": begins anew\n"), "\(run.errors)")
    let isSame = try bench.published() == (try await Workbench.calm.value)
    #expect(isSame)
  }

  @Test(.timeLimit(.minutes(15)))
  func `a worker goes on from the checkpoint before one that is cut at any 1000th byte, or from nothing`()
    async throws
  {
    let calm = try await Workbench.calm.value
    let template = try Workbench()
    #expect(try await template.work(fault: "before-weights:kill").status == .signaled(SIGKILL))
    let stored = try template.place().checkpoints()
    #expect(stored.map(\.step) == [4, 3])
    let whole = try Data(contentsOf: URL(fileURLWithPath: stored[0].path))
    for length in stride(from: 0, to: whole.count, by: 1000) {
      let bench = try Workbench()
      try bench.copyStore(of: template)
      let isFromNothing = length % 5000 == 0
      for checkpoint in try bench.place().checkpoints().prefix(isFromNothing ? 2 : 1) {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint.path))
        try replace(checkpoint.path, with: bytes.prefix(min(length, bytes.count - 1)))
      }
      let resumed = try await bench.work(checkpointSeconds: 60)
      #expect(resumed.status == .exited(0), "\(length): \(resumed.output)")
      #expect(resumed.output.contains("\"step\":\(isFromNothing ? 0 : 3)}}"), "\(length): \(resumed.output)")
      #expect(resumed.output.contains("\"refused\":[\""), "\(length): \(resumed.output)")
      let isSame = try bench.published() == calm
      try #require(isSame, "\(length)")
      #expect(try bench.damage().isEmpty, "\(length)")
      try FaultFigures.count(
        "checkpoint cut at a 1000th byte",
        isFromNothing
          ? "both refused, said so, begun anew, same bytes"
          : "refused, said so, the one before taken, same bytes")
    }
  }
}
