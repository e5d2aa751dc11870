import Foundation
import Records
import Tensors

/// What training steps take, model by model and piece by piece, each model in a process of its own: so peaks of memory
/// and heaps do not mix.
package struct StepBenchmark: Sendable {
  /// One run to measure, under a name.
  package struct Subject: Sendable {
    let name: String
    let specification: Specification

    package init(_ name: String, _ specification: Specification) {
      (self.name, self.specification) = (name, specification)
    }
  }

  /// What is the same for all of them.
  package struct Conditions: Sendable {
    let instructionSet: String
    let threads: Int
    let times: Int
    let omission: Omission

    package init(instructionSet: String, threads: Int, times: Int, omission: Omission) {
      (self.instructionSet, self.threads) = (instructionSet, threads)
      (self.times, self.omission) = (times, omission)
    }

    /// What a process of its own is asked for one run with: a subcommand of `bench` and its options.
    func arguments(_ command: String, _ specification: Specification) -> [String] {
      [
        "bench", command, "--specification", StepBenchmark.hex(specification.canonicalBytes),
        "--threads", "\(threads)", "--instructions", instructionSet, "--times", "\(times)",
      ] + (omission == .nothing ? ["--full"] : [])
    }
  }

  private let subjects: [Subject]
  private let conditions: Conditions
  /// By subject.
  private var measured: [StepMeasurement] = []
  /// What a yardstick took for the same, in the form of this table's rows; nil without one.
  private var theirs: (rows: [[String: BenchmarkTable.Cell]], command: String)?

  /// - Parameter program: the executable that measures, with a command `bench steps`.
  /// - Parameter beside: a program to be measured in turn with it.
  /// - Parameter rounds: how many processes of each model; medians count.
  /// - Parameter note: hears what is being measured.
  package init(
    _ subjects: [Subject], _ conditions: Conditions, rounds: Int, program: String,
    beside yardstick: StepYardstick?, note: (String) -> Void
  ) async throws {
    (self.subjects, self.conditions) = (subjects, conditions)
    var (ours, theirs) = (subjects.map { _ in [StepMeasurement]() }, subjects.map { _ in [YardstickStep]() })
    for round in 0..<rounds {
      for (index, subject) in subjects.enumerated() {
        note("round \(round + 1) of \(rounds): \(subject.name)")
        // Who comes first changes, so that neither always finds a warm machine.
        if let yardstick, round % 2 == 1 {
          theirs[index].append(try await yardstick.measure(subject.name, conditions))
        }
        ours[index].append(try await measure(subject, program: program))
        if let yardstick, round % 2 == 0 {
          theirs[index].append(try await yardstick.measure(subject.name, conditions))
        }
      }
    }
    measured = ours.map { StepMeasurement(medianOf: $0) }
    guard let yardstick else { return }
    let rows = zip(subjects, theirs).flatMap { YardstickStep.rows($0.name, medianOf: $1) }
    self.theirs = (rows, yardstick.command)
  }

  /// In a process of its own.
  private func measure(_ subject: Subject, program: String) async throws -> StepMeasurement {
    let child = MeasuringProcess(
      program: program, conditions.arguments("steps", subject.specification))
    return try await child.answers(StepMeasurement.self, expected: "a measurement as JSON")[0]
  }

  package func table(notes: [String]) throws -> BenchmarkTable {
    let table = BenchmarkTable(
      name: "steps",
      conditions: BenchmarkConditions(
        instructionSet: conditions.instructionSet, threads: conditions.threads),
      notes: notes + [conditions.omission.words], columns: StepBenchmark.columns,
      rows: zip(subjects, measured).flatMap(rows))
    guard let theirs else { return table }
    var beside = try table.joined(theirs.rows, as: "theirs", of: theirs.command)
    beside.notes.append("theirs: \(theirs.command); ×: their number divided by ours")
    return beside
  }

  private static let columns = [
    BenchmarkTable.Column("model", "model", .label), BenchmarkTable.Column("piece", "piece", .label),
    BenchmarkTable.Column("seconds", "ms", .less) { NumberText.fixed($0 * 1e3, digits: 2) },
    BenchmarkTable.Column("useful_operations", "useful GFLOP") { NumberText.fixed($0 * 1e-9, digits: 3) },
    BenchmarkTable.Column("bound_seconds", "bound ms") { NumberText.fixed($0 * 1e3, digits: 2) },
    BenchmarkTable.Column("fraction_of_bound", "of bound", show: percent),
    BenchmarkTable.Column("share_of_step", "of step") { NumberText.fixed($0 * 100, digits: 1) + " %" },
    BenchmarkTable.Column("engrams", "engrams"),
    BenchmarkTable.Column("peak_memory_bytes", "peak MiB", .less) {
      NumberText.fixed($0 / 1_048_576, digits: 1)
    },
    BenchmarkTable.Column("association_bytes", "graph MiB") { NumberText.fixed($0 / 1_048_576, digits: 3) },
    BenchmarkTable.Column("parameters", "parameters"),
  ]

  private func rows(_ subject: Subject, _ found: StepMeasurement) -> [BenchmarkTable.Row] {
    let step = found[StepMeasurement.step]?.seconds
    return found.pieces.map { piece in
      var cells: [String: BenchmarkTable.Cell] = [
        "model": .text(subject.name), "piece": .text(piece.name), "seconds": .number(piece.seconds),
        "best_product_gigaflops": .number(found.bestRate * 1e-9),
        "omission": .text(conditions.omission.rawValue),
      ]
      if let operations = piece.operations, let bound = found.bound(of: piece) {
        cells["useful_operations"] = .number(operations)
        cells["bound_seconds"] = .number(bound)
        cells["fraction_of_bound"] = .number(bound / piece.seconds)
      }
      if let step { cells["share_of_step"] = .number(piece.seconds / step) }
      if let engrams = piece.engrams { cells["engrams"] = .number(Double(engrams)) }
      if piece.name == StepMeasurement.step {
        cells["peak_memory_bytes"] = .number(Double(found.peakBytes))
        cells["parameters"] = .number(Double(found.parameters))
        cells["association_bytes"] = found.associationBytes.map { .number(Double($0)) }
      }
      return BenchmarkTable.Row(
        cells: cells, settings: StepBenchmark.settings(of: subject.specification, conditions.omission))
    }
  }

  /// What a step's time depends on, and what was computed of it.
  static func settings(of specification: Specification, _ omission: Omission) -> [String: BenchmarkTable.Cell]
  {
    var settings: [String: BenchmarkTable.Cell] = ["omission": .text(omission.rawValue)]
    for key in specification.settings.keys where key.hasPrefix("model.") || key.hasPrefix("task.") {
      settings[key] = StepBenchmark.cell(specification.settings[key])
    }
    settings["training.batch"] = StepBenchmark.cell(specification.settings["training.batch"])
    return settings
  }

  private static func cell(_ value: Value?) -> BenchmarkTable.Cell {
    switch value {
    case .integer(let number)?: .number(Double(number))
    case .real(let number)?: .number(number)
    case let value?: .text(value.description)
    case nil: .none
    }
  }
}

extension Omission {
  /// The line above a table.
  var words: String {
    switch self {
    case .nothing: "everything computed (--full)"
    case .everythingNeedless: "computed: what can reach a label, as in a run"
    }
  }
}

extension StepBenchmark {
  /// Bytes as an argument, two digits each.
  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The run that an argument of `hex` names.
  package static func specification(hex text: String) throws -> Specification {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map { UInt8($0) } }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else {
      throw BenchmarkError.noAnswer(what: "--specification", expected: "hexadecimal digits, two a byte,")
    }
    return try Specification(
      canonicalBytes: stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
  }
}
