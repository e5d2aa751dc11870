import Foundation
import Glibc
import Records
import Testing

@testable import Archive

@Suite struct ResultIndexTests {
  let folder: TemporaryFolder
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder["store"], creating: true)
  }

  /// Publishes a run of its own for every seed.
  private func publish(seed: Int, accuracy: Double = 0.5) throws -> RunDirectory {
    var settings = Sample.settings
    settings["seed"] = .integer(seed)
    let place = try store.add(settings)
    let sample = Sample.result(accuracy: accuracy)
    try ResultFile.write(
      RunResult(
        run: place.id, settings: settings, derived: sample.derived, yaml: sample.yaml,
        metrics: sample.metrics + [
          FinalMetric(name: "test.best", value: .nan, unit: "", better: nil, split: "")
        ],
        series: sample.series, items: sample.items, counters: sample.counters, memoryLog: nil,
        weights: sample.weights), to: place.resultPath)
    return place
  }

  /// Puts an index there that says of a result's bytes what they do not.
  private func lie(of place: RunDirectory, saying final: FinalNumbers) throws {
    let (content, entry) = (try verify(place.resultPath).content, final.indexed)
    let count = (0..<4).map { UInt8(truncatingIfNeeded: entry.count >> (8 * $0)) }
    let rest = content.bytes + count + entry
    try FileManager.default.createDirectory(atPath: folder["store/index"], withIntermediateDirectories: true)
    try put(
      Array("mneme 1\nindex 1\n\(Digest.sha256(rest).hex)\n".utf8) + rest, at: folder["store/index/results"])
  }

  @Test func `numbers come back as the file has them, bit for bit, and are read from it once`() throws {
    let place = try publish(seed: 1)
    var first = ResultIndex(of: store)
    #expect(try first.final(of: place) == place.final())
    #expect(first.added.count == 1)
    first.save()
    var second = ResultIndex(of: store)
    #expect(try second.final(of: place) == place.final())
    #expect(second.added.isEmpty)
    let kept = try bytes(folder["store/index/results"])
    second.save()
    #expect(try bytes(folder["store/index/results"]) == kept)
  }

  @Test func `every reading hashes the file`() throws {
    let place = try publish(seed: 1)
    var index = ResultIndex(of: store)
    _ = try index.final(of: place)
    index.save()
    var damaged = try bytes(place.resultPath)
    damaged[damaged.count - 100] ^= 1
    try put(damaged, at: place.resultPath)
    for var index in [index, ResultIndex(of: store)] {
      let error = #expect(throws: ArchiveError.self) { try index.final(of: place) }
      #expect(error?.description.contains("is damaged") == true)
    }
  }

  @Test func `a change within the same moment, of the same length and under the old times is seen`() throws {
    let one = try publish(seed: 1)
    var index = ResultIndex(of: store)
    _ = try index.final(of: one)
    index.save()
    var status = stat()
    #expect(stat(one.resultPath, &status) == 0)
    var changed = try bytes(one.resultPath)
    changed[changed.count / 2] ^= 0x10
    try put(changed, at: one.resultPath)
    // What an index of names, sizes and times would take for the file that it knows.
    var times = [status.st_atim, status.st_mtim]
    #expect(utimensat(AT_FDCWD, one.resultPath, &times, 0) == 0)
    for var index in [index, ResultIndex(of: store)] {
      #expect(throws: ArchiveError.self) { try index.final(of: one) }
      #expect(throws: ArchiveError.self) { try index.read(one) }
    }
  }

  @Test func `an index with any byte flipped or missing tells no other number`() throws {
    let places = try (1...3).map { try publish(seed: $0, accuracy: Double($0) / 4) }
    var index = ResultIndex(of: store)
    for place in places { _ = try index.final(of: place) }
    index.save()
    let path = folder["store/index/results"]
    let kept = try bytes(path)
    var rebuilt = 0
    for place in stride(from: 0, to: kept.count, by: 211) {
      var flipped = kept
      flipped[place] ^= 1 << UInt8(place % 8)
      for damaged in [flipped, Array(kept[..<place])] {
        try put(damaged, at: path)
        var index = ResultIndex(of: store)
        #expect(try places.map { try index.final(of: $0).metrics[0].value } == [0.25, 0.5, 0.75])
        rebuilt += index.added.count
        index.save()
        let isWhole = try bytes(path) == kept
        #expect(isWhole, "byte \(place)")
      }
    }
    #expect(rebuilt > 0)
  }

  @Test func `many are read at once, and each is kept under its own bytes`() async throws {
    let places = try (0..<80).map { try publish(seed: $0, accuracy: Double($0) / 128) }
    var index = ResultIndex(of: store)
    let empty = index
    let readings = try inParallel(places) { place in Result { try empty.read(place) } }.map { try $0.get() }
    for reading in readings { index.keep(reading) }
    let isRight = zip(places, readings).allSatisfy { $0.id == $1.final.run }
    #expect(isRight)
    #expect(readings.map { $0.final.metrics[0].value } == (0..<80).map { Double($0) / 128 })
    index.save()
    var later = ResultIndex(of: store)
    for place in places { _ = try later.final(of: place) }
    #expect(later.added.isEmpty)
  }

  @Test func `an intact result of another run is refused`() throws {
    let (one, other) = (try publish(seed: 1), try publish(seed: 2))
    var index = ResultIndex(of: store)
    for place in [one, other] { _ = try index.final(of: place) }
    try put(try bytes(other.resultPath), at: one.resultPath)
    let error = #expect(throws: ArchiveError.self) { try index.final(of: one) }
    #expect(error?.description.contains("belongs to run \(other.id.short)") == true)
  }

  @Test func `a result that was computed anew has its own numbers`() throws {
    let place = try publish(seed: 1)
    var index = ResultIndex(of: store)
    _ = try index.final(of: place)
    index.save()
    try FileManager.default.removeItem(atPath: place.resultPath)
    _ = try publish(seed: 1, accuracy: 0.75)
    var later = ResultIndex(of: store)
    #expect(try later.final(of: place).metrics[0].value == 0.75)
  }

  @Test func `numbers of another run are not taken for a result's`() throws {
    let (one, other) = (try publish(seed: 1), try publish(seed: 2))
    try lie(of: one, saying: try other.final())
    var index = ResultIndex(of: store)
    #expect(try index.final(of: one) == one.final())
  }

  @Test func `a deep check tells an index that says what no result does`() throws {
    let place = try publish(seed: 1)
    let (honest, other) = (try place.final(), Sample.result(accuracy: 0.25).metrics)
    try lie(
      of: place,
      saying: FinalNumbers(
        run: honest.run, settings: honest.settings, derived: honest.derived, metrics: other,
        weights: honest.weights))
    #expect(try store.check(deep: false).isEmpty)
    let findings = try store.check(deep: true)
    #expect(findings.map(\.kind) == [.damage])
    #expect(findings.first?.sentence.contains("index/results says of run") == true)
    try FileManager.default.removeItem(atPath: folder["store/index"])
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `a check knows the index, tells a damaged one and what stands beside it`() throws {
    var index = ResultIndex(of: store)
    _ = try index.final(of: try publish(seed: 1))
    index.save()
    #expect(try store.check(deep: true).isEmpty)
    try put([1], at: folder["store/index/other"])
    try put([1], at: folder["store/index/.results.tmp-1-2"])
    try put([1, 2], at: folder["store/index/results"])
    let findings = try store.check(deep: false)
    #expect(findings.map(\.kind) == [.leftover, .stranger, .leftover])
  }

  @Test func `any number of writers at once leave an index that can be read, and no number is another`()
    async throws
  {
    let places = try (0..<12).map { try publish(seed: $0, accuracy: Double($0) / 16) }
    let store = store
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var found: [Double] = []
          for _ in 0..<4 {
            var index = ResultIndex(of: store)
            found = try places.map { try index.final(of: $0).metrics[0].value }
            index.save()
          }
          return found
        }
      }
      for try await found in group { #expect(found == (0..<12).map { Double($0) / 16 }) }
    }
    var index = ResultIndex(of: store)
    for place in places { _ = try index.final(of: place) }
    #expect(index.added.isEmpty)
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `two that read different results keep both`() throws {
    let (one, other) = (try publish(seed: 1), try publish(seed: 2))
    var (first, second) = (ResultIndex(of: store), ResultIndex(of: store))
    _ = (try first.final(of: one), try second.final(of: other))
    first.save()
    second.save()
    var both = ResultIndex(of: store)
    for place in [one, other] { _ = try both.final(of: place) }
    #expect(both.added.isEmpty)
  }

  @Test func `a place that cannot be written costs time, and no number`() throws {
    let place = try publish(seed: 1)
    try put([1], at: folder["store/index"])
    var index = ResultIndex(of: store)
    #expect(try index.final(of: place) == place.final())
    index.save()
    #expect(try bytes(folder["store/index"]) == [1])
  }
}
