import Records

/// Where the time of training steps goes, model by model and kernel by kernel, each model in a process of its own; and the
/// least that a step could take with these kernels.
package struct ProfileBenchmark: Sendable {
  private let subjects: [StepBenchmark.Subject]
  private let conditions: StepBenchmark.Conditions
  /// By subject.
  private let profiles: [StepProfile]

  /// What rows below the kernels are called.
  static let betweenKernels = "between kernels"
  static let step = "whole step"
  static let plainStep = "whole step, no clock"
  static let least = "kernels at their least"

  /// - Parameter program: the executable that measures, with a command `bench profile`.
  /// - Parameter note: hears what is being measured.
  package init(
    _ subjects: [StepBenchmark.Subject], _ conditions: StepBenchmark.Conditions, program: String,
    note: (String) -> Void
  ) async throws {
    var profiles: [StepProfile] = []
    for subject in subjects {
      note(subject.name)
      let child = MeasuringProcess(
        program: program, conditions.arguments("profile", subject.specification))
      profiles.append(try await child.answers(StepProfile.self, expected: "a profile as JSON")[0])
    }
    self.init(subjects, conditions, profiles)
  }

  init(
    _ subjects: [StepBenchmark.Subject], _ conditions: StepBenchmark.Conditions, _ profiles: [StepProfile]
  ) {
    (self.subjects, self.conditions, self.profiles) = (subjects, conditions, profiles)
  }

  package func table(notes: [String]) -> BenchmarkTable {
    let reading = profiles.isEmpty ? 0 : median(profiles.map(\.clockSeconds))
    var notes =
      notes + [
        conditions.omission.words,
        "the first step of a run, \(counted(conditions.times, "time")) with a clock around every kernel, in turn with "
          + "as many without; reading it takes \(NumberText.fixed(reading * 1e9, digits: 0)) ns, which is no call's",
        "least: every call as fast as it was in any of these steps; of bound: what useful operations take at the "
          + "best product's rate, its fastest try for the last row, of the time",
      ]
    if conditions.threads > 1 {
      notes.append(
        "times are those of all \(conditions.threads) threads added up; between kernels they also wait, as in the "
          + "bound's products")
    }
    for (subject, profile) in zip(subjects, profiles) { notes += remarks(subject.name, profile) }
    return BenchmarkTable(
      name: "profile",
      conditions: BenchmarkConditions(
        instructionSet: conditions.instructionSet, threads: conditions.threads),
      notes: notes, columns: ProfileBenchmark.columns, rows: zip(subjects, profiles).flatMap(rows))
  }

  /// What keeps numbers of a model from being what their columns say.
  private func remarks(_ name: String, _ profile: StepProfile) -> [String] {
    var remarks: [String] = []
    let differing = profile.kernels.filter(\.differs).map(\.name)
    if !differing.isEmpty {
      remarks.append(
        "\(name): steps differ in calls of \(differing.joined(separator: ", ")); their least is that of a whole step"
      )
    }
    let done = profile.kernels.reduce(0) { $0 + $1.operations }
    if done != profile.operations {
      let figures = [done, profile.operations].map { NumberText.fixed($0 * 1e-9, digits: 3) }
      remarks.append(
        "\(name): kernels do \(figures[0]) GFLOP where \(figures[1]) are useful: threads that read shares of a batch "
          + "compute what it has in common each for itself")
    }
    return remarks
  }

  private static let columns = [
    BenchmarkTable.Column("model", "model", .label), BenchmarkTable.Column("kernel", "kernel", .label),
    BenchmarkTable.Column("calls", "calls"),
    BenchmarkTable.Column("seconds", "ms", .less) { NumberText.fixed($0 * 1e3, digits: 3) },
    BenchmarkTable.Column("share_of_step", "of step") { NumberText.fixed($0 * 100, digits: 1) + " %" },
    BenchmarkTable.Column("least_seconds", "least ms", .less) { NumberText.fixed($0 * 1e3, digits: 3) },
    BenchmarkTable.Column("useful_operations", "useful GFLOP") { NumberText.fixed($0 * 1e-9, digits: 3) },
    BenchmarkTable.Column("fraction_of_bound", "of bound", show: percent),
  ]

  private func rows(_ subject: StepBenchmark.Subject, _ profile: StepProfile) -> [BenchmarkTable.Row] {
    let settings = StepBenchmark.settings(of: subject.specification, conditions.omission)
    let whole = profile.seconds * Double(profile.threads)
    func row(
      _ name: String, seconds: Double? = nil, least: Double? = nil, operations: Double = 0, calls: Int? = nil
    ) -> BenchmarkTable.Row {
      var cells: [String: BenchmarkTable.Cell] = [
        "model": .text(subject.name), "kernel": .text(name), "omission": .text(conditions.omission.rawValue),
        "best_product_gigaflops": .number(profile.bestRate * 1e-9),
        "undisturbed_product_gigaflops": .number(profile.undisturbedRate * 1e-9),
      ]
      if let calls { cells["calls"] = .number(Double(calls)) }
      if let seconds {
        cells["seconds"] = .number(seconds)
        cells["share_of_step"] = .number(seconds / whole)
      }
      if let least { cells["least_seconds"] = .number(least) }
      if operations > 0, let time = seconds ?? least {
        cells["useful_operations"] = .number(operations)
        // What is fastest is set against the fastest.
        let rate = seconds == nil ? profile.undisturbedRate : profile.bestRate
        cells["fraction_of_bound"] = .number(profile.fraction(of: time, for: operations, at: rate))
      }
      return BenchmarkTable.Row(cells: cells, settings: settings)
    }
    let kernels = profile.kernels.map {
      row($0.name, seconds: $0.seconds, least: $0.least, operations: $0.operations, calls: $0.calls)
    }
    let plain = profile.plainSeconds * Double(profile.threads)
    return kernels + [
      row(Self.betweenKernels, seconds: profile.betweenKernels),
      row(Self.step, seconds: whole, operations: profile.operations),
      row(Self.plainStep, seconds: plain, operations: profile.operations),
      row(Self.least, least: profile.least, operations: profile.operations),
    ]
  }
}
