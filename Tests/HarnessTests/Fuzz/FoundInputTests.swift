import Foundation
import FuzzTargets
import Testing

/// What fuzzing begins with, and what it ever found: a reader that breaks on one ends the test's process.
@Suite struct FoundInputs {
  @Test(arguments: FuzzTarget.allCases) func `are read to their end`(target: FuzzTarget) throws {
    for folder in ["Seeds", "Found"] {
      let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Fuzz/\(folder)/\(target.rawValue)")
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      #expect(folder == "Found" || names.count > 3)
      for name in names.sorted() {
        let start = ContinuousClock.now
        target.read(Array(try Data(contentsOf: place.appendingPathComponent(name))))
        #expect(ContinuousClock.now - start < .seconds(10), "\(folder)/\(target.rawValue)/\(name)")
      }
    }
  }
}
