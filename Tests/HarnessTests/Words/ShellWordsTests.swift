import Archive
import Foundation
import Records
import Testing

@testable import Harness

@Suite struct ShellWordsTests {
  @Test func `a store of a thousand runs answers without a look at one of them`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-words-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store(at: "\(folder)/store", creating: true)
    let runs = (0..<1000).map { Digest.sha256(Array("\($0)".utf8)) }
    for run in runs {
      try FileManager.default.createDirectory(atPath: store.run(run).path, withIntermediateDirectories: true)
      // No result that anybody could read.
      try Data("x".utf8).write(to: URL(fileURLWithPath: store.run(run).resultPath))
    }
    let words = ShellWords(store: "store", folder: folder)
    #expect(words.runs("") == runs.map(\.short).sorted())
    let digits = String(runs[7].hex.prefix(14))
    #expect(words.runs(digits) == [runs[7].hex])
    #expect(words.subjects("") == [])
    #expect(words.subjects(String(digits.prefix(4))).contains(runs[7].short))
    #expect(words.runs("Exp") == [] && words.tags("") == [])
  }

  @Test func `keys of --set are settings, and keys of --where all that can be asked`() {
    let words = ShellWords(store: "/nowhere/at/all")
    let (settings, terms) = (words.settings(""), words.terms(""))
    #expect(settings.contains("task.length=") && settings.contains("seed="))
    for key in ["task.segments=", "status=", "cost.seconds=", "test.accuracy="] {
      #expect(!settings.contains(key) && terms.contains(key), "\(key)")
    }
    #expect(words.terms("seed=1 (status=") == SelectionKey.states.sorted().map { "seed=1 (status=\($0)" })
    #expect(words.terms("model.memory!=").isEmpty && words.terms("seed=") == [])
    #expect(words.settings("status=") == [])
    #expect(words.keys("model.kind,task.seg").contains("model.kind,task.segments"))
    #expect(words.measures("").contains("test.accuracy") && !words.measures("").contains("model.kind"))
  }
}
