import Records

/// How large the trainings of `mneme selftest bits` are: the golden runs with other settings.
package enum BitsSizes: Sendable {
  /// So large that seven threads share out most operations, some still in a debug build, and that sums over rows and
  /// over the inner width have more than one chunk.
  case usual
  /// For test suites: fewer and smaller steps, of which threads share out the products.
  case quick

  private var settings: [String] {
    switch self {
    case .usual:
      [
        "task.length=155", "task.segment_length=32", "task.examples=48", "task.validation_examples=4",
        "task.test_examples=8", "model.layers=2", "model.heads=4", "model.width=64", "model.inner_width=272",
        "model.positions=32", "model.memoria.engrams=8", "model.memoria.short_term_capacity=16",
        "model.memoria.reminded_short_term=8", "model.memoria.reminded_long_term=8",
        "model.transformer_xl.memory_length=32", "model.transformer_xl.clamp_length=48",
        "model.transformer_xl.head_width=16", "model.compressive_transformer.segment_length=32",
        "model.compressive_transformer.memory_length=16",
        "model.compressive_transformer.compressed_length=16",
        "model.infinity_former.basis_functions=32", "model.infinity_former.samples=16",
        "training.batch=9", "training.epochs=1",
      ]
    case .quick:
      [
        "task.length=75", "task.segment_length=16", "task.examples=20", "task.validation_examples=2",
        "task.test_examples=4", "model.width=32", "model.inner_width=64", "model.positions=16",
        "model.transformer_xl.head_width=16", "model.compressive_transformer.segment_length=16",
        "training.batch=4", "training.epochs=1",
      ]
    }
  }

  /// One run of each model of the catalogue: of Memoria the one with all its memory.
  package func specifications() throws(ManifestError) -> [Specification] {
    try GoldenRun.manifest(settings: settings).runs.filter { run in
      run.settings["model.memory"].map { $0 == .text("long-term") } ?? true
    }
  }

  /// The same models with twenty sequences of 256 tokens a segment: groups of sixteen and of four.
  static func specificationsOfSeveralGroups() throws(ManifestError) -> [Specification] {
    try GoldenRun.manifest(settings: [
      "task.length=508", "task.segment_length=256", "task.examples=20", "task.validation_examples=1",
      "task.test_examples=1", "model.positions=256", "model.compressive_transformer.segment_length=256",
      "training.batch=20", "training.epochs=1",
    ]).runs.filter { run in run.settings["model.memory"].map { $0 == .text("long-term") } ?? true }
  }

  /// Threads that computations are tried on besides one.
  var threads: [Int] {
    switch self {
    case .usual: [2, 3, 4, 7]
    case .quick: [3, 7]
    }
  }

  /// After how many steps a training leaves and is gone on with.
  var leavings: [Int] {
    switch self {
    case .usual: [1, 2, 3]
    case .quick: [2]
    }
  }
}
