package import Tensors

/// Which of a task's three sets of examples.
///
/// The split is part of the address of every random number of an example, so no two share their numbers.
package enum Split: String, Sendable, CaseIterable {
  case train, validation, test

  /// The split's coordinate in addresses of random numbers. Fixed for ever: changing it changes all data.
  var step: UInt32 {
    switch self {
    case .train: 0
    case .validation: 1
    case .test: 2
    }
  }
}

/// What a model reads, and what it should say at each position.
package struct Example: Sendable, Equatable {
  /// Stands where nothing is to be predicted.
  package static let noLabel: Int32 = -100

  /// The symbols read, one a position.
  package let tokens: [Int32]

  /// The symbol that follows each position, or `noLabel`; already shifted, so `labels[i]` is predicted from
  /// `tokens[...i]`.
  package let labels: [Int32]

  /// An example of as many labels as tokens.
  package init(tokens: [Int32], labels: [Int32]) {
    require(
      tokens.count == labels.count,
      "an example has \(tokens.count) tokens and \(labels.count) labels: it needs one label for each token")
    self.tokens = tokens
    self.labels = labels
  }

  /// How many positions are to be predicted: what the example's loss is divided by.
  package var labelCount: Int { labels.count { $0 != Example.noLabel } }
}

/// What models are compared on: addressable examples, all of one length, read segment by segment.
///
/// An example is a function of the configuration, its split and its number, so any of them can be made alone,
/// in any order, on any machine.
package protocol LearningTask: SendableMetatype {
  /// The task's settings: every key under `task.` of a manifest except `task.kind`.
  associatedtype Configuration: Codable, Sendable

  /// The name by which manifests choose this task.
  static var name: String { get }

  /// The version of the task's meaning, part of a run's identity: raised when the same configuration gives
  /// other examples or another metric.
  static var semantics: Int { get }

  /// Everything impossible about a configuration, by key; empty when it can be used.
  static func complaints(about configuration: Configuration) -> [Complaint]

  /// What follows from a configuration without being set in it, as keys and values for tables and filters.
  /// The configuration must be one without complaints.
  static func derived(_ configuration: Configuration) -> [(key: String, value: Int)]

  /// What predictors that learn nothing score on the test split, in the task's own metric, as fractions: in the order
  /// of a table, the perfect one last.
  /// The configuration must be one without complaints.
  static func baselines(_ configuration: Configuration) -> [(name: String, accuracy: Double)]

  /// What the perfect predictor of `baselines` scores when each answer may depend on the `tokens` positions before the
  /// one it is given at, and on no earlier one: the most a model of that reach can know.
  static func reachOracle(_ configuration: Configuration, tokens: Int) -> Double

  /// A task of a configuration without complaints; stops with the first complaint otherwise.
  init(_ configuration: Configuration)

  /// How many different tokens there are: ids are 0 ..< vocabulary.
  var vocabulary: Int { get }

  /// Tokens in an example.
  var positions: Int { get }

  /// Tokens in a segment, the last excepted.
  var segmentLength: Int { get }

  /// How many examples a split has.
  func count(of split: Split) -> Int

  /// One example, by its number in its split, 0 ..< count.
  func example(_ number: Int, of split: Split) -> Example
}

extension LearningTask {
  /// How examples are cut into segments.
  package var segmentation: Segmentation { Segmentation(positions: positions, segmentLength: segmentLength) }

  /// Segments in an example: ⌈positions / segment length⌉.
  package var segments: Int { segmentation.count }

  /// The examples of the given numbers, cut into segments: one batch, ready to be read from first segment to
  /// last.
  package func batch(_ numbers: [Int], of split: Split) -> [Segment] {
    segmentation.cut(numbers.map { example($0, of: split) })
  }
}
