import Models
package import Records
import Tasks

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

  /// Every neutral value under its whole key and whom it is for: `model.rate of memoria`, `training.averaging`.
  package var entries: [String: Value] {
    var entries: [String: Value] = [:]
    for (group, owners) in [("model", models), ("task", tasks)] {
      for (owner, values) in owners {
        for (key, value) in values { entries["\(group).\(key) of \(owner)"] = value }
      }
    }
    for (key, value) in training { entries["training.\(key)"] = value }
    return entries
  }

  /// What would keep neutral values from being those of settings: a sentence for every one that no run has as a key, or
  /// that its key cannot have.
  package func complaints(schemas: [String: RunSchema] = RunSchema.all) -> [String] {
    var complaints: Set<String> = []
    for name in models.keys where !RunSchema.modelNames.contains(name) {
      complaints.insert("no model is called \(name); known: \(RunSchema.modelNames.joined(separator: ", "))")
    }
    for name in tasks.keys where !RunSchema.taskNames.contains(name) {
      complaints.insert("no task is called \(name); known: \(RunSchema.taskNames.joined(separator: ", "))")
    }
    for schema in schemas.values {
      for (key, value) in neutral(model: schema.model.name, task: schema.task.name) {
        guard let type = schema.types[key] else {
          complaints.insert("\(key) is no key of \(schema.model.name) on \(schema.task.name)")
          continue
        }
        let origin = Origin.stored("neutral value")
        do throws(ManifestError) {
          let read = try type.value(of: Specification.node(value, at: origin), for: key)
          if read != value {
            complaints.insert(
              "the neutral value of \(key) is of the kind \(value.kind); expected \(read.kind)")
          }
        } catch {
          complaints.insert(error.description)
        }
      }
    }
    return complaints.sorted()
  }

  /// The neutral values of a run of this model and task, by the whole key.
  func neutral(model: String, task: String) -> [String: Value] {
    var result: [String: Value] = [:]
    for (key, value) in models[model] ?? [:] { result["model.\(key)"] = value }
    for (key, value) in tasks[task] ?? [:] { result["task.\(key)"] = value }
    for (key, value) in training { result["training.\(key)"] = value }
    return result
  }
}
