import Models
package import Records
import Tasks
import Tensors

/// Asks the model, the task and the training whether typed settings are possible.
///
/// Answers are kept by group of settings: a grid of a thousand runs has few different ones.
struct RunChecks {
  /// What follows from the settings of a task.
  struct TaskFacts {
    let vocabulary: Int
    let segmentLength: Int
    /// `task.segments` and the like, by whole key.
    let derived: Settings
  }

  private struct ModelQuestion: Hashable {
    let kind: String
    let settings: Settings
    let vocabulary: Int
    let segmentLength: Int
  }

  private struct TaskQuestion: Hashable {
    let kind: String
    let settings: Settings
  }

  private var tasks: [TaskQuestion: TaskFacts] = [:]
  private var models: Set<ModelQuestion> = []
  private var trainings: Set<Settings> = []

  /// A complaint with its whole key.
  struct Refusal: Error {
    let key: String
    let sentence: String

    init(_ complaint: Complaint, in group: String) {
      key = "\(group).\(complaint.key)"
      // Some sentences begin with the key and some behind it.
      let start = complaint.key + " "
      sentence =
        complaint.sentence.hasPrefix(start)
        ? "\(group).\(complaint.sentence)" : "\(key) \(complaint.sentence)"
    }

    init(_ group: String, _ error: any Error) {
      key = group
      sentence = "\(group) cannot be used: \(error)"
    }
  }

  /// What follows from these settings; throws the first complaint.
  mutating func derived(from settings: Settings, schema: RunSchema) throws(Refusal) -> Settings {
    let facts = try taskFacts(
      TaskQuestion(kind: schema.task.name, settings: settings.group("task")), schema.task)
    let question = ModelQuestion(
      kind: schema.model.name, settings: settings.group("model"), vocabulary: facts.vocabulary,
      segmentLength: facts.segmentLength)
    if !models.contains(question) {
      try check(question, schema.model)
      models.insert(question)
    }
    let training = settings.group("training")
    if !trainings.contains(training) {
      let configuration = try decoded(TrainingConfiguration.self, from: training, group: "training")
      if let complaint = TrainingConfiguration.complaints(about: configuration).first {
        throw Refusal(complaint, in: "training")
      }
      trainings.insert(training)
    }
    return facts.derived
  }

  /// Everything that keeps these settings from being a run; what a model would say of a task that cannot be is not asked.
  mutating func refusals(of settings: Settings, schema: RunSchema) -> [Refusal] {
    var refusals: [Refusal] = []
    do throws(Refusal) {
      let training = try decoded(
        TrainingConfiguration.self, from: settings.group("training"), group: "training")
      refusals += TrainingConfiguration.complaints(about: training).map { Refusal($0, in: "training") }
    } catch {
      refusals.append(error)
    }
    let question = TaskQuestion(kind: schema.task.name, settings: settings.group("task"))
    let ofTask = taskRefusals(question, schema.task)
    do throws(Refusal) {
      if ofTask.isEmpty { _ = try derived(from: settings, schema: schema) }
    } catch {
      if refusals.allSatisfy({ $0.sentence != error.sentence }) { refusals.append(error) }
    }
    return refusals + ofTask
  }

  private func taskRefusals<T: LearningTask>(_ question: TaskQuestion, _ type: T.Type) -> [Refusal] {
    do throws(Refusal) {
      let configuration = try decoded(T.Configuration.self, from: question.settings, group: "task")
      return T.complaints(about: configuration).map { Refusal($0, in: "task") }
    } catch {
      return [error]
    }
  }

  private mutating func taskFacts<T: LearningTask>(
    _ question: TaskQuestion, _ type: T.Type
  ) throws(Refusal) -> TaskFacts {
    if let known = tasks[question] { return known }
    let configuration = try decoded(T.Configuration.self, from: question.settings, group: "task")
    if let complaint = T.complaints(about: configuration).first { throw Refusal(complaint, in: "task") }
    let task = T(configuration)
    var derived = Settings()
    for fact in T.derived(configuration) { derived["task.\(fact.key)"] = .integer(fact.value) }
    let facts = TaskFacts(vocabulary: task.vocabulary, segmentLength: task.segmentLength, derived: derived)
    tasks[question] = facts
    return facts
  }

  private func check<M: SequenceModel>(_ question: ModelQuestion, _ type: M.Type) throws(Refusal) {
    let configuration = try decoded(M.Configuration.self, from: question.settings, group: "model")
    let complaints = M.complaints(
      about: configuration, vocabulary: question.vocabulary, segmentLength: question.segmentLength)
    if let complaint = complaints.first { throw Refusal(complaint, in: "model") }
  }

  private func decoded<C: Decodable>(_ type: C.Type, from group: Settings, group name: String) throws(Refusal)
    -> C
  {
    do {
      return try configuration(type, from: group)
    } catch {
      throw Refusal(name, error)
    }
  }
}

/// Decodes a configuration from its group of typed settings, which are keys without the group's name.
///
/// Throws `UnreadableConfiguration` where a value is missing or of another type.
package func configuration<C: Decodable>(_ type: C.Type, from group: Settings) throws -> C {
  try C(
    from: SettingsDecoder(source: StoredValues(settings: group), prefix: "", slot: Slot(key: "", index: nil)))
}
