import Archive
import Models
import Records
import Tasks

/// What predictors that learn nothing score on the test splits of some runs.
///
/// To know them every test example is made and counted through: seconds at the paper's sizes. So the store keeps what
/// was computed, under the digest of all it depends on: an object of kind `baselines`, which may be deleted at any time,
/// and is used only where the settings it names itself are exactly those that are asked for.
struct Baselines {
  typealias Scores = [(name: String, accuracy: Double)]

  private let store: Store?
  private var known: [Settings: Scores] = [:]

  /// - Parameter store: where to keep what was computed; nil keeps nothing.
  init(remembering store: Store?) { self.store = store }

  /// The scores for the task of `run`; nil where this program does not know that task, or means something else by it.
  mutating func scores(for run: Specification) -> Scores? { answer(Question(run, tokens: nil)) }

  /// What can be known within the reach of the model of `run`, and that model's name; nil for a model whose reach is no
  /// number of tokens, and for a model or task that this program does not know or means something else by.
  ///
  /// A model that reaches whole segments is left to the task's own baselines: the memoryless one reaches none.
  mutating func reachOracle(for run: Specification) -> (model: String, accuracy: Double)? {
    guard let (model, tokens) = Baselines.reach(of: run), let scores = answer(Question(run, tokens: tokens)),
      let score = scores.first
    else { return nil }
    return (model, score.accuracy)
  }

  private mutating func answer(_ question: Question?) -> Scores? {
    guard let question else { return nil }
    if let scores = known[question.settings] { return scores }
    let scores = recorded(question) ?? computed(question)
    known[question.settings] = scores
    return scores
  }

  /// The scores where the store has them, or the test split is small enough to be counted in a moment; then also what
  /// can be known within the reach of the run's model.
  mutating func promptScores(for run: Specification) -> Scores? {
    guard let question = Question(run, tokens: nil) else { return nil }
    let isSmall = Workload(run).testTokens <= Baselines.moment
    guard isSmall || recorded(question) != nil, var scores = scores(for: run) else { return nil }
    if isSmall, let oracle = reachOracle(for: run) {
      scores.append((name: "oracle-of-its-reach", accuracy: oracle.accuracy))
    }
    return scores
  }

  /// Tokens that are made and counted through in well under a second.
  private static let moment = 2_000_000

  /// The model of `run` and how many tokens it reaches back.
  private static func reach(of run: Specification) -> (name: String, tokens: Int)? {
    guard case .text(let name)? = run.settings[RunSchema.modelKind],
      let model = modelCatalogue.first(where: { $0.name == name }),
      run.settings["semantics.model"] == .integer(model.semantics),
      case .tokens(let tokens)? = reach(of: model, run.settings)
    else { return nil }
    return (name, tokens)
  }

  private static func reach<M: SequenceModel>(of model: M.Type, _ settings: Settings) -> Reach? {
    (try? configuration(M.Configuration.self, from: settings.group("model"))).map(M.reach)
  }

  private func computed(_ question: Question) -> Scores {
    let scores = question.answer()
    let item = CBOR.Item.map([
      "task": question.settings.item,
      "scores": .list(scores.map { .list([.text($0.name), .real($0.accuracy)]) }),
    ])
    // A store that cannot be written makes the next table slower, and this one no less true.
    try? store?.put(CBOR.encode(item), as: question.object)
    return scores
  }

  /// What the store has, if it is intact and the answer to this very question.
  private func recorded(_ question: Question) -> Scores? {
    guard let bytes = try? store?.object(question.object), case .map(let parts)? = try? CBOR.decode(bytes),
      parts["task"] == question.settings.item, case .list(let pairs)? = parts["scores"]
    else { return nil }
    var scores: Scores = []
    for pair in pairs {
      guard case .list(let pair) = pair, pair.count == 2, case .text(let name) = pair[0],
        case .real(let accuracy) = pair[1]
      else { return nil }
      scores.append((name, accuracy))
    }
    return scores
  }
}

extension Baselines {
  /// The id that the answer to a question of these settings is kept under.
  fileprivate static func id(of settings: Settings) -> Digest {
    var builder = DigestBuilder(kind: "baselines")
    builder.update(settings.canonicalBytes)
    return builder.finish()
  }

  /// The id that stored bytes should have; nil for bytes that are no baselines.
  static func id(ofStored bytes: [UInt8]) -> Digest? { settings(ofStored: bytes).map(id(of:)) }

  /// The settings that stored bytes are the baselines of; nil for bytes that are no baselines.
  static func settings(ofStored bytes: [UInt8]) -> Settings? {
    guard case .map(let parts)? = try? CBOR.decode(bytes), let item = parts["task"],
      case .list? = parts["scores"]
    else { return nil }
    return try? Settings(item: item)
  }
}

/// A task with its settings and what they mean, and how many tokens a predictor sees where that is bounded: all that
/// baselines depend on.
private struct Question {
  let settings: Settings
  private let scores: () -> Baselines.Scores

  init?(_ run: Specification, tokens: Int?) {
    guard case .text(let name)? = run.settings["task.kind"],
      let task = taskCatalogue.first(where: { $0.name == name }),
      run.settings["semantics.task"] == .integer(task.semantics),
      let scores = Question.scores(task, run.settings, tokens: tokens)
    else { return nil }
    var settings = run.settings.group("task").prefixed("task")
    settings["semantics.task"] = .integer(task.semantics)
    if let tokens { settings["reach.tokens"] = .integer(tokens) }
    (self.settings, self.scores) = (settings, scores)
  }

  func answer() -> Baselines.Scores { scores() }

  var object: StoredObject { StoredObject(kind: "baselines", id: Baselines.id(of: settings)) }

  private static func scores<T: LearningTask>(
    _ task: T.Type, _ settings: Settings, tokens: Int?
  ) -> (() -> Baselines.Scores)? {
    guard let configuration = try? configuration(T.Configuration.self, from: settings.group("task")),
      T.complaints(about: configuration).isEmpty
    else { return nil }
    guard let tokens else { return { T.baselines(configuration) } }
    return { [("reach-oracle", T.reachOracle(configuration, tokens: tokens))] }
  }
}
