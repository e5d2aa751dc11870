import Harness
import Records
import Tables
import Testing

@Suite struct StoredManifests {
  private func sample() throws -> Manifest {
    let project = try Sample.project("mean±std", "mean±std, better: higher, reference: t.csv")
    try project.write(
      "model.memory,task.segments,test.accuracy,test.accuracy.unit\nnone,5,50,%\n", to: "t.csv")
    return try project.manifest()
  }

  @Test func `a manifest reads back whole after its files are gone`() throws {
    let manifest = try sample()
    let again = try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash)
    #expect(again.name == manifest.name)
    #expect(again.tier == manifest.tier)
    #expect(again.runs == manifest.runs)
    #expect(again.tables == manifest.tables)
    #expect(again.resources == manifest.resources)
    #expect(again.hash == manifest.hash)
    #expect(again.canonicalBytes == manifest.canonicalBytes)
    #expect(try again.checked().runs == manifest.runs)
  }

  @Test func `what is wrong with a forged one is told in words that a terminal shows`() throws {
    let remarks = "remarks: {along: task.segments, of: model.memory}"
    let manifest = try Sample.project("mean±std", "mean±std, better: higher, \(remarks)").manifest()
    var bytes = manifest.canonicalBytes
    let place = try #require(bytes.firstRange(of: Array("remarks".utf8))).upperBound
    let key = try #require(bytes[place...].firstRange(of: Array("model.memory".utf8))).lowerBound
    bytes[key + 5] = 0x0B
    let error = #expect(throws: ManifestError.self) {
      try Manifest(canonicalBytes: bytes, hash: manifest.hash)
    }
    #expect(error?.description.contains("model\u{FFFD}memory") == true, "\(error?.description ?? "")")
  }

  @Test func `slots and memory read back`() throws {
    let manifest = try Sample.project("timeout: 30m", "memory: 2GiB, slots: {gpu: 1, licence: 2}").manifest()
    #expect(manifest.resources.slots == ["gpu": 1, "licence": 2])
    let again = try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash)
    #expect(again.resources == manifest.resources)
    let lines = Explanation(try Sample.project("timeout: 30m", "retries: 1").manifest(), manifest).lines
    #expect(
      lines.map { "\($0.key) \($0.a) \($0.b)" } == [
        "resources.memory absent 2.00 GiB", "resources.retries 1 absent", "resources.slots.gpu absent 1",
        "resources.slots.licence absent 2",
      ])
  }

  @Test func `a single run and no table read back`() throws {
    let manifest = try ProjectFolder([
      "a.yaml": "mneme: 1\nname: one\ntier: paper\nbase: common/base.yaml\nseed: 0\nmodel.memory: none\n",
      "common/base.yaml": Sample.base,
    ]).manifest("a.yaml")
    let again = try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash)
    #expect(again.runs == manifest.runs)
    #expect(again.resources == manifest.resources)
  }

  @Test func `a table of several measures reads back, and one measure in a list is one`() throws {
    let several = try Sample.project(
      "cell: test.accuracy", "cell: [cost.training_seconds, cost.peak_bytes]"
    ).manifest()
    let table = try #require(several.tables.first?.specification)
    #expect(table.cells == ["cost.training_seconds", "cost.peak_bytes"])
    let again = try Manifest(canonicalBytes: several.canonicalBytes, hash: several.hash)
    #expect(again.tables == several.tables)
    let one = try Sample.project().manifest()
    let listed = try Sample.project("cell: test.accuracy", "cell: [test.accuracy]").manifest()
    #expect(listed.hash == one.hash && several.hash != one.hash)
    let turned = try Sample.project(
      "cell: test.accuracy", "cell: [cost.peak_bytes, cost.training_seconds]"
    ).manifest()
    #expect(turned.hash != several.hash)
  }

  @Test func `what all runs share is stored once`() throws {
    let manifest = try sample()
    let alone = manifest.runs.reduce(0) { $0 + $1.canonicalBytes.count }
    #expect(manifest.canonicalBytes.count < alone * 2 / 3)
  }

  @Test func `any change of the bytes is noticed`() throws {
    let manifest = try sample()
    let bytes = manifest.canonicalBytes
    // A name, resources and what is derived are in no hash; the store checks the bytes they are in.
    for place in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[place] ^= 1
      let again = try? Manifest(canonicalBytes: damaged, hash: manifest.hash)
      if let again {
        #expect(again.runs.map(\.run) == manifest.runs.map(\.run) && again.tier == manifest.tier)
      }
    }
    #expect(throws: ManifestError.self) { try Manifest(canonicalBytes: [], hash: manifest.hash) }
    #expect(throws: ManifestError.self) {
      try Manifest(canonicalBytes: bytes, hash: Digest.sha256([]))
    }
  }

  @Test func `runs of another meaning are shown and not run`() throws {
    let manifest = try sample()
    var bytes = manifest.canonicalBytes
    // "numerics-1" stands once, among what all runs share.
    let name = Array("numerics-1".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
    bytes[place + 9] = UInt8(ascii: "9")
    let runs = manifest.runs.map { run in
      var settings = run.settings
      settings["numerics"] = .text("numerics-9")
      return Identity.run(settings)
    }
    let table = manifest.tables[0]
    let path = try #require(table.specification.reference)
    let hash = Identity.manifest(
      runs: runs, tier: "quick", tables: ["t": table.specification.settings.item],
      references: [path: Digest.sha256(try #require(table.reference))])
    let other = try Manifest(canonicalBytes: bytes, hash: hash)
    #expect(other.runs.map(\.run) == runs)
    #expect(throws: ManifestError.self) { try other.checked() }
  }
}
