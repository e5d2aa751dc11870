import Engrams
import Foundation
import Harness
import Testing

@Suite struct MemoryModuleTests {
  @Test func `every segment is measured, and long-term memory fills`() throws {
    let module = MemoryModule(StepSizes.quick.memory, level: .longTerm, batch: 3, width: 8, segments: 12)
    #expect(module.segments.count == 12)
    #expect(module.segments[0].engrams == 3 * 8)
    #expect(module.segments[11].engrams > 3 * StepSizes.quick.memory.shortTermCapacity)
    for segment in module.segments {
      #expect(segment.remindSeconds > 0 && segment.memorizeSeconds > 0 && segment.seconds < 10)
      #expect(segment.associationBytes > 0 && segment.engramBytes >= segment.engrams * 8 * 4)
    }
    #expect(module.secondsPerSequence >= module.segments.map(\.seconds).max()!)
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(module)) as? [String: Any]
    let first = (json?["segments"] as? [[String: Any]])?.first
    #expect(first?["association_bytes"] as? Int == module.segments[0].associationBytes)
  }

  @Test func `the bytes of a batch are those of its sequences together`() {
    func module(batch: Int) -> MemoryModule {
      MemoryModule(StepSizes.quick.memory, level: .longTerm, batch: batch, width: 4, segments: 3)
    }
    // In the first segments no sequence forgets, so all are alike.
    for (one, four) in zip(module(batch: 1).segments, module(batch: 4).segments) {
      #expect(four.associationBytes == 4 * one.associationBytes && four.engrams == 4 * one.engrams)
    }
  }

  /// The paper gave 30 % of 45 GB to it at these sizes. A process holds much more than the engrams, so its own share is
  /// below this one.
  @Test func `at the published sizes who fired with whom takes under a hundredth of the engrams themselves`()
  {
    let module = MemoryModule(StepSizes.paper.memory, level: .longTerm, batch: 1, width: 512, segments: 32)
    #expect(module.segments[31].engrams > 1024)
    #expect(module.mostAssociationBytes * 100 < module.mostEngramBytes)
  }
}
