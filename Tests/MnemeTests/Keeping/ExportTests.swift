import Archive
import Foundation
import Harness
import Records
import Tables
import Testing

@testable import mneme

/// `mneme export`: one file with all chosen runs.
@Suite struct ExportTests {
  /// Ten runs done, one failed, one never begun; the first has a history.
  private static func shelf() throws -> Shelf {
    let shelf = try Shelf()
    for index in 1..<10 { try shelf.publish(index) }
    try shelf.fail(10)
    try shelf.keepManifest()
    let run = shelf.runs()[0]
    let claim = try shelf.claim(run)
    try claim.publish(
      RunResult(
        run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml,
        metrics: [
          FinalMetric(name: "test.accuracy", value: 0.25, unit: "1", better: "higher", split: "test"),
          FinalMetric(name: "test.rarity", value: .nan, unit: "nat", better: nil, split: "test"),
        ],
        series: [
          Series(
            name: "train", steps: [1, 4],
            columns: [Series.Column(name: "loss", unit: "nat", better: "lower", values: [1.75, 1.25])])
        ], items: [], counters: [], memoryLog: nil, weights: weightsDigest([])), weights: nil)
    try claim.end(.done)
    return shelf
  }

  @Test func `CSV has a typed column for every key, and a gap where a run has none`() async throws {
    let shelf = try Self.shelf()
    let file = "\(shelf.folder)/runs.csv"
    let answer = await shelf.mneme("export", file)
    #expect(answer.status == 0, "\(answer)")
    #expect(answer.output.wholeMatch(of: /runs.csv: 10 runs, [0-9]+ columns, [0-9,]+ bytes\n/) != nil)
    #expect(answer.errors == "left out: 1 run (1 failed); only finished ones have results.\n")
    let records = try CSV.records(
      Array(try Data(contentsOf: URL(fileURLWithPath: file))), file: "runs.csv")
    #expect(records.count == 11)
    let keys = records[0].fields
    #expect(Array(keys.prefix(4)) == ["run", "name", "manifest", "tier"])
    for key in [
      "model.memory", "seed", "numerics", "semantics.model", "task.segments", "training.rate",
      "test.accuracy", "test.loss", "cost.seconds", "weights", "attempt.number", "attempt.host",
    ] {
      #expect(keys.contains(key), "\(key) is no column")
    }
    #expect(Set(keys).count == keys.count)
    func cell(_ run: Int, _ key: String) throws -> String {
      let row = try #require(records.first { $0.fields[0] == shelf.runs()[run].run.hex })
      return row.fields[try #require(keys.firstIndex(of: key))]
    }
    #expect(try cell(5, "test.accuracy") == "\(Shelf.accuracy(5))")
    #expect(try cell(5, "model.memory") == "working" && cell(5, "seed") == "2")
    #expect(try cell(5, "training.rate") == "0.002" && cell(5, "task.segments") == "4")
    #expect(try cell(5, "tier") == "quick" && cell(5, "attempt.number") == "1")
    #expect(try cell(5, "name") == "sorting: model.memory=working seed=2 task.length=27")
    #expect(try cell(0, "test.loss") == "" && cell(0, "test.rarity") == "nan" && cell(5, "test.rarity") == "")
    #expect(try cell(5, "manifest") == Manifest(reading: shelf.manifest).hash.hex)
  }

  @Test func `JSON lines have an object for every run, with what it has`() async throws {
    let shelf = try Self.shelf()
    let file = "\(shelf.folder)/runs.jsonl"
    #expect(await shelf.mneme("export", file, "--where", "seed=1").status == 0)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let objects = lines.compactMap { json(String($0)) as? [String: Any] }
    #expect(lines.count == 5 && objects.count == 5)
    let first = try #require(objects.first { $0["run"] as? String == shelf.runs()[0].run.hex })
    #expect(first["seed"] as? Int == 1 && first["test.accuracy"] as? Double == 0.25)
    #expect(first["test.rarity"] is NSNull && first["test.loss"] == nil)
  }

  @Test(.enabled(if: hasH5py, "the Python of this machine has no h5py, so the export was NOT read with it"))
  func `HDF5 is read by h5py as columns of one length, with the series of all runs`() async throws {
    let shelf = try Self.shelf()
    let file = "\(shelf.folder)/runs.h5"
    let answer = await shelf.mneme("export", file)
    #expect(answer.status == 0 && answer.output.contains("series train, "), "\(answer)")
    let program = """
      import h5py
      file = h5py.File("\(file)")
      runs = {key: column.asstr()[:] if column.dtype.kind == "S" else column[:] for key, column in file["runs"].items()}
      assert {len(column) for column in runs.values()} == {10}
      row = list(runs["run"]).index("\(shelf.runs()[0].run.hex)")
      print(runs["seed"].dtype, runs["training.rate"].dtype, runs["test.loss"].dtype, runs["model.memory"][row])
      print(runs["test.accuracy"][row], runs["test.loss"][row], file["runs/test.accuracy"].attrs["units"].decode())
      print(file["runs/seed"].dims[0][0].name, file["runs/seed"].attrs["role"].decode(), file["runs/seed"].fletcher32)
      train = file["series/train"]
      assert set(train["row"][:]) == {row}
      print(train["step"][:].tolist(), train["loss"][:].tolist(), train["loss"].dims[0][0].name)
      print(file.attrs["format"].decode(), file.attrs["title"].decode())
      """
    let python = try await output(of: "/usr/bin/python3", ["-B", "-c", program])
    #expect(
      python == """
        int64 float64 float64 none
        0.25 nan 1
        /runs/run setting True
        [1, 4] [1.75, 1.25] /series/train/step
        mneme-export all finished runs

        """)
  }

  @Test(arguments: ["csv", "jsonl", "h5"])
  func `the same store gives the same bytes, and another file is left alone`(ending: String) async throws {
    let shelf = try Self.shelf()
    let (one, other) = ("\(shelf.folder)/one.\(ending)", "\(shelf.folder)/other.\(ending)")
    for file in [one, other] { #expect(await shelf.mneme("export", file).status == 0) }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: one))
    #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == bytes)
    let refused = await shelf.mneme("export", one, "--where", "seed=1")
    #expect(refused.status == 2 && refused.output == "")
    #expect(refused.errors.contains("one.\(ending) exists already; add --replace"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: one)) == bytes)
    #expect(await shelf.mneme("export", one, "--where", "seed=1", "--replace").status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: one)) != bytes)
    let names = try FileManager.default.contentsOfDirectory(atPath: shelf.folder)
    #expect(!names.contains { $0.contains(".tmp-") })
  }

  @Test func `what is damaged is told and left out, and programs get the counts`() async throws {
    let shelf = try Self.shelf()
    try shelf.damage(3)
    let answer = await shelf.mneme("export", "\(shelf.folder)/runs.csv", "--json")
    #expect(answer.status == 1)
    #expect(
      answer.errors.contains("corrupt: run ")
        && answer.errors.contains("left out: 2 runs (1 corrupt, 1 failed)"))
    let object = try #require(json(answer.output) as? [String: Any])
    #expect((object["runs"] as? [String])?.count == 9 && object["format"] as? String == "csv")
    #expect(object["left_out"] as? [String: Int] == ["corrupt": 1, "failed": 1])
  }

  @Test(arguments: [
    (["runs.cvs"], "expected one that ends in .h5, .hdf5, .csv, .jsonl, .ndjson: did you mean .csv?"),
    (["runs"], "the format of runs cannot be told from its name"),
    (["runs.csv", "--where", "model.memry=none"], "did you mean model.memory?"),
    (["runs.csv", "--where", "seed=9"], "none of the 11 runs of Results/store meets --where 'seed=9'"),
    (["runs.csv", "--where", "status=failed"], "none of the chosen runs is finished (1 failed)"),
    (["/dev/null/runs.csv"], "runs.csv"),
  ])
  func `what cannot be exported is refused, and no file is made`(words: [String], expected: String)
    async throws
  {
    let shelf = try Self.shelf()
    let before = try shelf.everything().count
    let file = words[0].hasPrefix("/") ? words[0] : "\(shelf.folder)/\(words[0])"
    let answer = await shelf.mneme(["export", file] + words.dropFirst())
    #expect(answer.status == 2 && answer.output == "")
    #expect(answer.errors.contains(expected), "\(answer.errors)")
    // The index of results may have been written; nothing else.
    #expect(try shelf.everything().count <= before + 2)
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  private static let hasH5py = FileManager.default.isReadableFile(
    atPath: "/usr/lib/python3/dist-packages/h5py/__init__.py")
}
