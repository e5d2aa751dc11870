import Engrams
import Models
import Networks
import Tensors
import Testing

/// A promise of the conformance suite that a published reference breaks, so that its behaviour here must too.
enum Promise: String, Sendable {
  case independentSequences = "a batch of two is two batches of one, in any order"
}

/// A model with a small configuration: what the conformance suite is about.
///
/// A new model is tested by adding its specimens to `Specimen.all`.
struct Specimen: CustomTestStringConvertible, Sendable {
  /// The model's name in the catalogue, and which of its configurations this is.
  let model: String
  let testDescription: String
  /// Parameters that no task can give a gradient, by the end of their paths.
  let untrained: [String]
  /// Whether a segment depends on earlier ones from the first that has one on.
  let remembers: Bool
  /// Promises that are not kept, each with the reason: they are shown to be broken, everything else is examined.
  let exemptions: [Promise: String]
  /// What initial weights are multiplied by where old tokens shall show: small ones lose them in rounding, and with large
  /// ones attention looks at one key alone.
  let amplification: Float
  let vocabulary = 7
  private let examinee: any Examinee

  func read(_ request: Request) -> Reading { examinee.read(request) }
  func learn(_ lesson: Lesson) -> Lesson.Outcome { examinee.learn(lesson) }
  func carried(_ request: Request) -> [Carried] { examinee.carried(request) }
  func joined(_ requests: [Request]) -> [[[Float]]]? { examinee.joined(requests) }
  var reach: Reach { examinee.reach }
  var mixesSequences: Bool { examinee.mixesSequences }

  func keeps(_ promise: Promise) -> Bool { exemptions[promise] == nil }

  /// - state: Everything that a row of a batch carries on.
  init<M: SequenceModel>(
    _: M.Type, _ words: String, _ configuration: M.Configuration, untrained: [String] = [], remembers: Bool,
    exempt exemptions: [Promise: String] = [:], amplification: Float = 25,
    state: @escaping @Sendable (M.Memory, Int) -> [[Float]]
  ) {
    self.exemptions = exemptions
    self.amplification = amplification
    model = M.name
    testDescription = words.isEmpty ? M.name : "\(M.name) \(words)"
    self.untrained = untrained
    self.remembers = remembers
    examinee = Examination<M>(configuration: configuration, vocabulary: 7, state: state)
  }

  static let all: [Specimen] =
    transformers + memorias + transformerXLs + compressiveTransformers + infinityFormers + [runningMean]
}
