package import Records

/// Settings that came after the first runs were stored, each with its frozen neutral value: what the program did
/// before the setting existed.
///
/// A setting that equals its neutral value is left out of a run's canonical bytes, so that a run of the old behaviour
/// keeps its old id, and a manifest that does not say it means the neutral value. What manifests usually say may
/// change; a neutral value never does.
package struct Growth: Sendable {
  /// Neutral values by the model's name, then by the key in the group `model`.
  package var models: [String: [String: Value]] = [:]
  /// Neutral values by the task's name, then by the key in the group `task`.
  package var tasks: [String: [String: Value]] = [:]
  /// Neutral values by the key in the group `training`.
  package var training: [String: Value] = [:]

  package init() {}

  /// What was added so far: nothing.
  package static let current = Growth()

  /// The neutral values of a run of this model and task, by the whole key.
  func neutral(model: String, task: String) -> [String: Value] {
    var result: [String: Value] = [:]
    for (key, value) in models[model] ?? [:] { result["model.\(key)"] = value }
    for (key, value) in tasks[task] ?? [:] { result["task.\(key)"] = value }
    for (key, value) in training { result["training.\(key)"] = value }
    return result
  }
}
