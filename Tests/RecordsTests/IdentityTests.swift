import Records
import Testing

@Suite struct `Manifests and results` {
  let a = Digest.sha256([1])
  let b = Digest.sha256([2])

  @Test func `the order and repetition of runs does not matter to a manifest`() {
    let one = Identity.manifest(runs: [a, b], tier: "quick", tables: [:], references: [:])
    #expect(Identity.manifest(runs: [b, a, b], tier: "quick", tables: [:], references: [:]) == one)
  }

  @Test func `everything else does`() {
    let ids = [
      Identity.manifest(runs: [a], tier: "quick", tables: [:], references: [:]),
      Identity.manifest(runs: [a, b], tier: "quick", tables: [:], references: [:]),
      Identity.manifest(runs: [a], tier: "paper", tables: [:], references: [:]),
      Identity.manifest(runs: [a], tier: "quick", tables: ["t": .null], references: [:]),
      Identity.manifest(runs: [a], tier: "quick", tables: ["u": .null], references: [:]),
      Identity.manifest(runs: [a], tier: "quick", tables: [:], figures: ["t": .null], references: [:]),
      Identity.manifest(
        runs: [a], tier: "quick", tables: ["t": .null], figures: ["t": .null], references: [:]),
      Identity.manifest(runs: [a], tier: "quick", tables: [:], references: ["t": a]),
      Identity.manifest(runs: [a], tier: "quick", tables: [:], references: ["t": a, "u": b]),
      Identity.manifest(runs: [a], tier: "quick", tables: [:], references: ["t": b, "u": a]),
    ]
    #expect(Set(ids).count == ids.count)
  }

  @Test func `the order of metrics does not matter to a result, their last bit does`() {
    let metrics = [(name: "test.accuracy", value: 0.559), (name: "test.loss", value: 1.25)]
    let digests = [(name: "items/test", digest: a), (name: "series/train", digest: b)]
    let one = Identity.result(metrics: metrics, digests: digests, weights: a)
    #expect(Identity.result(metrics: metrics.reversed(), digests: digests.reversed(), weights: a) == one)
    var other = metrics
    other[0].value = other[0].value.nextUp
    #expect(Identity.result(metrics: other, digests: digests, weights: a) != one)
    #expect(Identity.result(metrics: metrics, digests: digests, weights: b) != one)
    #expect(Identity.result(metrics: metrics, digests: Array(digests.dropLast()), weights: a) != one)
  }

  @Test func `a missing and an infinite metric are results of their own`() {
    let ids = [Double.nan, .infinity, -.infinity, 0, .greatestFiniteMagnitude].map {
      Identity.result(metrics: [(name: "m", value: $0)], digests: [], weights: a)
    }
    #expect(Set(ids).count == ids.count)
    let otherNaN = Double(nan: 1, signaling: false)
    #expect(Identity.result(metrics: [(name: "m", value: otherNaN)], digests: [], weights: a) == ids[0])
  }

  @Test func `a metric given twice stops the program`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let metrics = [(name: "m", value: 1.0), (name: "m", value: 2.0)]
      _ = Identity.result(metrics: metrics, digests: [], weights: Digest.sha256([]))
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("a name stands twice"))
  }

  @Test func `the kinds of hashes never coincide`() {
    #expect(Identity.run(Settings()) != Digest.sha256(Settings().canonicalBytes))
    var manifest = DigestBuilder(kind: "manifest")
    manifest.update(Settings().canonicalBytes)
    #expect(manifest.finish() != Identity.run(Settings()))
  }
}
