import Foundation
import Harness
import Models
import Records
import Testing

@Suite struct RunSamples {
  private func labels(_ sample: RunSample, _ manifest: Manifest) -> [String] {
    let labels = RunLabels(manifest)
    return sample.runs.map { labels.label(of: $0) }
  }

  private static let experiments =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/Experiments/"

  /// In stone: two people who ask for the same must compute the same. Worked out by another program, from the words of
  /// `RunSample`.
  @Test func `a sample is what it always was`() throws {
    let manifest = try Manifest(reading: Self.experiments + "sorting-ablation.yaml")
    let three = RunSample(3, of: manifest, seed: 0)
    #expect(
      labels(three, manifest) == [
        "model.memory=working seed=1 task.length=55", "model.memory=short-term seed=2 task.length=119",
        "model.memory=none seed=3 task.length=503",
      ])
    #expect(
      Set(labels(RunSample(2, of: manifest, seed: 1), manifest)) == [
        "model.memory=short-term seed=3 task.length=55", "model.memory=none seed=2 task.length=247",
      ])
    #expect(three.text == "3 of 48 runs of manifest 5c0316837782, sample seed 0")
  }

  @Test func `how a manifest is written, and in which order, chooses nothing`() throws {
    let one = try Sample.project().manifest()
    let other = try Sample.project(
      "  model.memory: [none, long-term]\n  seed: [1, 2]", "  seed: [2, 1]\n  model.memory: [long-term, none]"
    ).manifest()
    #expect(one.hash == other.hash && one.runs.map(\.run) != other.runs.map(\.run))
    for count in 1...4 {
      let samples = (RunSample(count, of: one, seed: 3), RunSample(count, of: other, seed: 3))
      #expect(Set(samples.0.runs.map(\.run)) == Set(samples.1.runs.map(\.run)))
    }
  }

  @Test func `two runs share neither model nor seed, four have every model and size`() throws {
    let manifest = try Manifest(reading: Self.experiments + "sorting.yaml", settings: ["seed=[1, 2]"])
    #expect(manifest.runs.count == 96)
    for seed in UInt64(0)..<20 {
      let two = RunSample(2, of: manifest, seed: seed).runs
      #expect(Set(two.map { $0.model.name }).count == 2 && Set(two.map(\.seed)).count == 2)
      let four = RunSample(4, of: manifest, seed: seed).runs
      #expect(Set(four.map { $0.model.name }).count == 4)
      #expect(Set(four.compactMap { $0.settings["task.segment_length"] }).count == 3)
    }
    #expect(
      Set((UInt64(0)..<20).map { RunSample(1, of: manifest, seed: $0).runs[0].run }).count > 10,
      "another seed is another sample")
  }

  @Test func `more than there are is all, each once and in order`() throws {
    let manifest = try Sample.project().manifest()
    for count in [4, 5, 1000] {
      #expect(RunSample(count, of: manifest, seed: 0).runs == manifest.runs)
    }
  }
}
