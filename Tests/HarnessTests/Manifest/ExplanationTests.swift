import Harness
import Records
import Testing

@Suite struct Explanations {
  @Test func `runs differ in settings, and what follows is told apart`() throws {
    let a = try Sample.project().manifest().runs[0]
    let b = try Sample.project("length: 35", "length: 55").manifest().runs[1]
    let explanation = Explanation(a, b)
    #expect(!explanation.isSame)
    #expect(
      explanation.text == """
        runs \(a.run.short) and \(b.run.short) are different: 2 parts of what is hashed differ.
          seed         1 → 2
          task.length  35 → 55
        In no hash, or derived from the above:
          task.last_segment_length  7 → 3
          task.segments             5 → 8

        """)
    #expect(Explanation(a, a).text == "runs \(a.run.short) and \(a.run.short) are the same run.\n")
  }

  @Test func `manifests are compared by the values of their runs`() throws {
    let a = try Sample.project().manifest()
    let b = try Sample.project("seed: [1, 2]", "seed: [2, 3]\n  task.data_seed: [1]").manifest()
    #expect(
      Explanation(a, b).text == """
        manifests \(a.hash.short) and \(b.hash.short) are different: 2 parts of what is hashed differ.
          runs  4, 2 of them only here → 4, 2 of them only here
          seed  1, 2 → 2, 3

        """)
  }

  @Test func `a name and resources are told and do not count`() throws {
    let a = try Sample.project().manifest()
    let b = try Sample.project("name: sorting", "name: other").manifest()
    let explanation = Explanation(a, b)
    #expect(explanation.isSame)
    #expect(
      explanation.text == """
        manifests \(a.hash.short) and \(b.hash.short) are the same manifest.
        In no hash, or derived from the above:
          name  sorting → other

        """)
    let c = try Sample.project("threads: 1", "threads: 2").manifest()
    #expect(Explanation(a, c).lines.map(\.key) == ["resources.threads"])
  }

  @Test func `tier and tables count`() throws {
    let a = try Sample.project().manifest()
    #expect(
      Explanation(a, try Sample.project("tier: quick", "tier: paper").manifest()).lines
        == [.init(key: "tier", a: "quick", b: "paper", isIdentity: true)])
    #expect(
      Explanation(a, try Sample.project("show: mean±std", "show: mean").manifest()).lines
        == [.init(key: "tables.t.show", a: "mean±std", b: "mean", isIdentity: true)])
  }

  @Test func `json holds the same`() throws {
    let a = try Sample.project().manifest().runs[0]
    let b = try Sample.project().manifest().runs[1]
    #expect(
      Explanation(a, b).json == """
        {
          "a" : "\(a.run.hex)",
          "b" : "\(b.run.hex)",
          "differences" : [
            {
              "a" : "1",
              "b" : "2",
              "identity" : true,
              "key" : "seed"
            }
          ],
          "kind" : "run",
          "same" : false
        }

        """)
  }
}

@Suite struct FourHashes {
  @Test func `all of a manifest are listed`() throws {
    let manifest = try Sample.project().manifest()
    let (code, result) = (Digest.sha256([1]), Digest.sha256([2]))
    let hashes = Hashes(manifest, code: code) { $0 == manifest.runs[1].run ? result : nil }
    #expect(
      hashes.text == """
        manifest  \(manifest.hash.hex)
        code      \(code.hex)
        run       \(manifest.runs[0].run.hex)  model.memory=none seed=1
        run       \(manifest.runs[1].run.hex)  model.memory=none seed=2
        result    \(result.hex)
        run       \(manifest.runs[2].run.hex)  model.memory=long-term seed=1
        run       \(manifest.runs[3].run.hex)  model.memory=long-term seed=2

        """)
    #expect(hashes.json.contains("\"manifest\" : \"\(manifest.hash.hex)\""))
  }

  @Test func `those of a run are its own`() throws {
    let run = try Sample.project().manifest().runs[0]
    #expect(Hashes(run, code: nil) { _ in nil }.text == "run       \(run.run.hex)\n")
  }
}
