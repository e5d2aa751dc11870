import Harness
import Records
import Tensors
import Testing

@Suite struct FunctionSelftestTests {
  private func selftest(_ record: FunctionRecord) -> FunctionSelftest {
    FunctionSelftest(step: record.step, sets: InstructionSet.available, threads: 1, records: [record]) { _ in
    }
  }

  @Test func `every function is near the truth, in order, and as recorded, with every instruction set`() {
    let selftest = selftest(.sparse)
    #expect(selftest.isSound, "\(selftest.text)")
    #expect(selftest.disputed.isEmpty)
    // Sines and cosines know no instruction sets.
    #expect(selftest.rows.count == ElementFunction.allCases.count * InstructionSet.available.count + 2)
    #expect(
      selftest.text.hasSuffix(
        "10 functions at every 65537th float: near enough, in order, all bits as recorded\n"))
  }

  @Test func `threads do not change a digest`() {
    let one = selftest(.sparse)
    let three = FunctionSelftest(step: 65_537, sets: [.best], threads: 3, records: [.sparse]) { _ in }
    for row in three.rows {
      let other = one.rows.first { $0.sweep.function == row.sweep.function }
      #expect(other?.sweep.digest == row.sweep.digest, "\(row.sweep.function)")
    }
  }

  @Test func `other bits than the recorded ones are a finding`() {
    var digests = FunctionRecord.sparse.digests
    digests["tanh"] = digests["exp"]
    let selftest = selftest(FunctionRecord(step: 65_537, digests: digests))
    #expect(!selftest.isSound)
    #expect(selftest.rows.filter { !$0.isSound }.allSatisfy { $0.sweep.function == "tanh" })
    #expect(selftest.text.contains("NOT as recorded"))
    #expect(selftest.text.contains("FAILED: tanh ("))
    #expect(selftest.json.contains("\"as_recorded\" : false"))
  }

  @Test func `a step without a record is said to have none`() {
    let selftest = FunctionSelftest(step: 1 << 22, sets: [.best], threads: 1, records: FunctionRecord.all) {
      _ in
    }
    #expect(selftest.isSound)
    #expect(selftest.text.contains("no bits are recorded for this step"))
    for set in InstructionSet.available where set != .best {
      #expect(selftest.text.contains("\(set): not run: ask for it with --instructions \(set)\n"))
    }
  }

  @Test func `only the functions that were named are computed`() {
    let sine = FunctionUnderTest.all.filter { $0.name == "sin" }
    let selftest = FunctionSelftest(of: sine, step: 65_537, sets: [.best], threads: 1, records: [.sparse]) {
      _ in
    }
    #expect(selftest.rows.map(\.sweep.function) == ["sin"])
    #expect(selftest.text.contains("1 function at every 65537th float: near enough"))
  }
}
