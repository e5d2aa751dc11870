package import Models
import Records
package import Tasks
import Tensors

/// All keys a run of one model on one task must have, and what each can be.
package struct RunSchema: Sendable {
  package let model: any SequenceModel.Type
  package let task: any LearningTask.Type
  /// Types by whole key: `model.heads`.
  package let types: [String: FieldType]

  private init(
    model: any SequenceModel.Type, task: any LearningTask.Type, types: [String: FieldType]
  ) {
    (self.model, self.task, self.types) = (model, task, types)
  }

  private init(model: any SequenceModel.Type, task: any LearningTask.Type) {
    let types = RunSchema.schema(of: model).prefixed("model")
      .merging(RunSchema.schema(of: task).prefixed("task")) { first, _ in first }
      .merging(Schema(of: TrainingConfiguration.self).prefixed("training")) { first, _ in first }
      .merging([
        RunSchema.modelKind: .choice(RunSchema.modelNames), RunSchema.taskKind: .choice(RunSchema.taskNames),
        RunSchema.seed: .integer(0...Int.max),
      ]) { first, _ in first }
    self.init(model: model, task: task, types: types)
  }

  /// This schema with more keys, by whole key: as a later program will have it.
  package func adding(_ added: [String: FieldType]) -> RunSchema {
    RunSchema(model: model, task: task, types: types.merging(added) { first, _ in first })
  }

  /// The schema of each model on each task.
  package static let all: [String: RunSchema] = {
    var all: [String: RunSchema] = [:]
    for model in modelCatalogue {
      for task in taskCatalogue { all["\(model.name) \(task.name)"] = RunSchema(model: model, task: task) }
    }
    return all
  }()

  static let modelKind = "model.kind"
  static let taskKind = "task.kind"
  static let seed = "seed"

  static var modelNames: [String] { modelCatalogue.map { $0.name }.sorted() }
  static var taskNames: [String] { taskCatalogue.map { $0.name }.sorted() }

  /// What follows from settings and is never set, with the setting to use instead. Tasks declare the keys; a test
  /// holds this list against theirs.
  package static let derived = ["task.segments": "task.length", "task.last_segment_length": "task.length"]

  static func schema<M: SequenceModel>(of model: M.Type) -> Schema { Schema(of: M.Configuration.self) }
  static func schema<T: LearningTask>(of task: T.Type) -> Schema { Schema(of: T.Configuration.self) }

  /// True for a key that belongs to a model which this run does not have: `model.memoria.engrams` for a transformer.
  ///
  /// A base may hold the settings of several models. A key in such a group that the other model does not know
  /// either is nobody's, and stays to be refused.
  func belongsToAnotherModel(_ key: String) -> Bool {
    guard types[key] == nil, let owner = owner(of: key) else { return false }
    return key.hasPrefix("model.\(groupName(owner)).")
  }

  /// True for a key of `model` that a run of another kind in the same manifest has, and this one has not.
  ///
  /// So a base may say once what some of its models share: `model.positions` for those with a position table.
  func isDropped(_ key: String, beside kinds: Set<String>) -> Bool {
    guard types[key] == nil else { return false }
    return belongsToAnotherModel(key)
      || modelCatalogue.contains { other in
        other.name != model.name && kinds.contains(other.name)
          && RunSchema.schema(of: other).prefixed("model")[key] != nil
      }
  }

  /// The other model that knows `key`, if one does.
  func owner(of key: String) -> String? {
    modelCatalogue.first { other in
      other.name != model.name && RunSchema.schema(of: other).prefixed("model")[key] != nil
    }?.name
  }

  /// The key closest to one that is not known, among those of every model: another's group may stand here too.
  func nearestKey(to key: String) -> String? {
    let others = modelCatalogue.flatMap { RunSchema.schema(of: $0).prefixed("model").keys }
    return nearest(key, among: types.keys.sorted()) ?? nearest(key, among: others.sorted())
  }

  /// A model's name as a group of keys: keys have no hyphens.
  private func groupName(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }
}
