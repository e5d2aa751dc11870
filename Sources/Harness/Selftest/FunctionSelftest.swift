import Records
package import Tensors

/// Every function of the models at every float: is it near the truth, does it never turn back, and does each
/// instruction set give the bits that were recorded?
package struct FunctionSelftest: Sendable {
  /// One function with one instruction set, or with none.
  package struct Row: Sendable {
    package let sweep: FunctionSweep
    /// Errors and order: its own, or those of the row whose bits it has.
    let behaviour: FunctionStretch
    /// The row whose bits it has; nil where it was measured itself.
    let alike: String?
    /// Nil where nothing was recorded for this step.
    let isAsRecorded: Bool?
    let function: FunctionUnderTest

    var isNearEnough: Bool { behaviour.error < function.allowed }
    var turnsBack: Bool { function.isMonotone && behaviour.reversals > 0 }
    /// What a row says while others are still to come.
    fileprivate var line: String {
      let kernels = sweep.instructionSet.map { ", \($0)" } ?? ""
      let error = NumberText.fixed(behaviour.error, digits: 4)
      return
        "\(function.name)\(kernels): \(error) \(function.unit.rawValue) at \(behaviour.worst), turns back "
        + "\(counted(behaviour.reversals, "time")), \(sweep.digest.hex), \(NumberText.seconds(sweep.seconds))"
    }

    package var isSound: Bool { isNearEnough && !turnsBack && isAsRecorded != false }
  }

  package let step: Int
  package let rows: [Row]
  /// Instruction sets that took no part, with the reason.
  package let absent: [(set: String, reason: String)]

  /// Functions that two instruction sets computed differently.
  package var disputed: [String] {
    FunctionUnderTest.all.map(\.name).filter { name in
      Set(rows.filter { $0.function.name == name }.map(\.sweep.digest)).count > 1
    }
  }

  package var isSound: Bool { rows.allSatisfy(\.isSound) && disputed.isEmpty }

  /// The best of `sets` is measured, and any other whose bits are not the same.
  package init(
    of functions: [FunctionUnderTest] = FunctionUnderTest.all, step: Int, sets: [InstructionSet],
    threads: Int,
    records: [FunctionRecord], progress: (String) -> Void
  ) {
    self.step = step
    let record = records.first { $0.step == step }
    var rows: [Row] = []
    for function in functions {
      var measured: Row?
      for set in sets.sorted(by: { $0.rawValue > $1.rawValue }) {
        if function.kernel == nil && measured != nil { continue }
        let row = Processor.$current.withValue(Processor(set, threads: threads)) {
          FunctionSelftest.row(function, step: step, like: measured, record: record)
        }
        progress(row.line)
        rows.append(row)
        measured = measured ?? row
      }
    }
    self.rows = rows
    absent = InstructionSet.allCases.filter { !sets.contains($0) }.map { set in
      let runs = InstructionSet.available.contains(set)
      return ("\(set)", runs ? "ask for it with --instructions \(set)" : "this processor has none")
    }
  }

  private static func row(_ function: FunctionUnderTest, step: Int, like other: Row?, record: FunctionRecord?)
    -> Row
  {
    var sweep = FunctionSweep(of: function, step: step, measuring: other == nil)
    var alike = other?.sweep.instructionSet
    if let other, other.sweep.digest != sweep.digest {
      sweep = FunctionSweep(of: function, step: step, measuring: true)
      alike = nil
    }
    guard let behaviour = sweep.behaviour ?? other?.behaviour else {
      fatalError("\(function.name) was computed at no number: every \(step)th float is none")
    }
    let recorded = record?.digests[function.name].map { $0 == sweep.digest.hex }
    return Row(sweep: sweep, behaviour: behaviour, alike: alike, isAsRecorded: recorded, function: function)
  }
}
