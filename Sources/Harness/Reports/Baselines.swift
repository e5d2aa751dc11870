import Archive
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
  mutating func scores(for run: Specification) throws -> Scores? {
    guard let question = Question(run) else { return nil }
    if let scores = known[question.settings] { return scores }
    let scores = recorded(question) ?? computed(question)
    known[question.settings] = scores
    return scores
  }

  /// The scores where the store has them, or the test split is small enough to be counted in a moment.
  mutating func promptScores(for run: Specification) throws -> Scores? {
    guard let question = Question(run) else { return nil }
    let work = Workload(run)
    guard recorded(question) == nil, work.testTokens > Baselines.moment else { return try scores(for: run) }
    return nil
  }

  /// Tokens that are made and counted through in well under a second.
  private static let moment = 2_000_000

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

/// A task with its settings and what they mean: all that baselines depend on.
private struct Question {
  let settings: Settings
  private let scores: () -> Baselines.Scores

  init?(_ run: Specification) {
    guard case .text(let name)? = run.settings["task.kind"],
      let task = taskCatalogue.first(where: { $0.name == name }),
      run.settings["semantics.task"] == .integer(task.semantics),
      let scores = Question.scores(task, run.settings)
    else { return nil }
    var settings = run.settings.group("task").prefixed("task")
    settings["semantics.task"] = .integer(task.semantics)
    (self.settings, self.scores) = (settings, scores)
  }

  func answer() -> Baselines.Scores { scores() }

  var object: StoredObject {
    var builder = DigestBuilder(kind: "baselines")
    builder.update(settings.canonicalBytes)
    return StoredObject(kind: "baselines", id: builder.finish())
  }

  private static func scores<T: LearningTask>(_ task: T.Type, _ settings: Settings) -> (
    () -> Baselines.Scores
  )? {
    guard let configuration = try? configuration(T.Configuration.self, from: settings.group("task")),
      T.complaints(about: configuration).isEmpty
    else { return nil }
    return { T.baselines(configuration) }
  }
}
