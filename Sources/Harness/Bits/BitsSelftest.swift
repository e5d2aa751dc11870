import Archive
import Models
import Records
package import Tensors

/// Proves on the machine it runs on that a run's bits follow from its settings alone (numerics-1: Sources/Tensors/README.md): computes short
/// trainings of every model again and again, each time in another way, and compares everything by memcmp.
package struct BitsSelftest: Sendable {
  /// Trains a run on one processor, never leaving it.
  package typealias Training = @Sendable (Specification, Processor) throws -> TrainingBits

  /// What is varied.
  package enum Part: Sendable, CaseIterable {
    case processors, leaving, batches, campaigns, kills, builds, fusedKernels
  }

  package var sizes: BitsSizes
  package var parts = Set(Part.allCases)
  /// How many workers are killed.
  package var kills: Int
  /// The program whose `worker` is started; this one's path where it is itself.
  package var program: String
  /// What is compared with the baseline when processors are varied.
  package var training: Training
  /// Found once, as every worker would have to read the whole program for it.
  let code = OwnCode.digest

  package init(_ sizes: BitsSizes, kills: Int, program: String = LocalExecutor.ownProgram) {
    (self.sizes, self.kills, self.program) = (sizes, kills, program)
    training = { try trainingBits($0, leavingAfter: nil, on: [$1]) }
  }

  /// A run, and what it is when nothing is varied: the fastest kernels on one thread.
  struct Subject: Sendable {
    let name: String
    let specification: Specification
    let baseline: TrainingBits
  }

  /// - progress: Hears what is being done.
  /// - isToLeave: Asked between comparisons.
  package func run(
    progress: @escaping @Sendable (String) -> Void, isToLeave: @escaping @Sendable () -> Bool
  ) async throws -> BitsReport {
    progress("the baseline")
    let subjects = try sizes.specifications().map { specification in
      let processor = Processor(.best, threads: 1)
      return Subject(
        name: specification.model.name, specification: specification,
        baseline: try trainingBits(specification, leavingAfter: nil, on: [processor]))
    }
    let table = Table(subjects: subjects, progress: progress, isToLeave: isToLeave)
    var rows: [BitsTable.Row] = []
    if parts.contains(.processors) { rows += try await processors(table) }
    if parts.contains(.leaving) { rows += try await leavings(table) }
    if parts.contains(.batches) { rows += try await documents(table) + [try await groups(table)] }
    if parts.contains(.campaigns) { rows += try await campaigns(table) }
    var remarks = remarks
    if parts.contains(.kills), kills > 0 {
      let (row, resumed) = try await killing(table)
      rows.append(row)
      remarks.append(
        "Of the workers that came after \(counted(kills, "kill")), \(resumed) went on from a checkpoint.")
    }
    if parts.contains(.builds) { rows.append(try await golden(table)) }
    let varied = BitsTable("varied", columns: subjects.map(\.name), rows: rows)
    guard parts.contains(.fusedKernels) else { return BitsReport([varied], remarks: remarks) }
    progress("fused kernels")
    return BitsReport([varied, fusedKernels()], remarks: remarks)
  }

  private var remarks: [String] {
    [
      "By memcmp against \(InstructionSet.best) kernels on 1 thread: parameters, both moments of the optimizer, "
        + "memories, metrics, published files."
    ]
  }

  /// Fills rows, one cell a model.
  struct Table: Sendable {
    let subjects: [Subject]
    let progress: @Sendable (String) -> Void
    let isToLeave: @Sendable () -> Bool

    func row(_ varied: String, _ cell: (Subject) async throws -> BitsCell) async throws -> BitsTable.Row {
      progress(varied)
      var cells: [BitsCell] = []
      for subject in subjects {
        if isToLeave() { throw BitsError.interrupted }
        do { cells.append(try await cell(subject)) } catch BitsError.interrupted {
          throw BitsError.interrupted
        } catch {
          cells.append(.failed("\(error)"))
        }
      }
      return BitsTable.Row(varied, cells)
    }

    /// A row that this machine cannot have.
    func row(_ varied: String, notRun reason: String) -> BitsTable.Row {
      BitsTable.Row(varied, subjects.map { _ in .notRun(reason) })
    }
  }

  /// Threads and instruction sets. Portable kernels are slow and tried on three threads alone.
  private func processors(_ table: Table) async throws -> [BitsTable.Row] {
    var rows: [BitsTable.Row] = []
    for instructions in InstructionSet.allCases.reversed() {
      for threads in instructions == .portable ? [3] : [1] + sizes.threads {
        let varied = "\(instructions) kernels, \(counted(threads, "thread"))"
        guard InstructionSet.available.contains(instructions) else {
          rows.append(table.row(varied, notRun: "no \(instructions)"))
          continue
        }
        let processor = Processor(instructions, threads: threads)
        rows.append(
          try await table.row(varied) { subject in
            BitsCell(
              firstDifference(subject.baseline.parts, try training(subject.specification, processor).parts))
          })
      }
    }
    return rows
  }

  /// Leaving with a checkpoint, and going on with other threads and other kernels.
  private func leavings(_ table: Table) async throws -> [BitsTable.Row] {
    let processors = sizes.threads.enumerated().map { index, threads in
      let sets = InstructionSet.available
      return Processor(sets[index % sets.count], threads: threads)
    }
    var rows: [BitsTable.Row] = []
    for steps in sizes.leavings {
      rows.append(
        try await table.row("left every \(counted(steps, "step")), resumed on other kernels and threads") {
          subject in
          let bits = try trainingBits(subject.specification, leavingAfter: steps, on: processors)
          return BitsCell(firstDifference(subject.baseline.parts, bits.parts))
        })
    }
    return rows
  }

  /// The digests that are committed, by this build of the program.
  private func golden(_ table: Table) async throws -> BitsTable.Row {
    let manifest = try GoldenRun.manifest()
    return try await table.row("golden digests, by this \(BitsReport.build) build") { subject in
      let pairs = zip(manifest.runs, GoldenRun.all).filter { $0.0.model.name == subject.name }
      for (run, golden) in pairs {
        let found = try trainingBits(run, leavingAfter: nil, on: [Processor(.best, threads: 1)])
        guard run.run.hex == golden.run, found.result.digest.hex == golden.result else {
          return .different(
            BitsDifference(
              "the result of \(golden.label)", expected: golden.result, found: found.result.digest.hex))
        }
      }
      return pairs.isEmpty ? .failed("no golden run is of this model") : .same
    }
  }
}
