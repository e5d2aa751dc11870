package import Models
package import Records
package import Tasks
import Tensors

/// One run, fully resolved: every setting typed, nothing left to decide.
///
/// Its id is the hash of its canonical bytes, which are what the store keeps and a worker reads: a run that is started
/// again from the store goes through the same checks as one from a manifest.
package struct Specification: Sendable, Hashable {
  /// All settings: model, task, training, seed, and what they mean (numerics and semantics).
  package let settings: Settings
  /// What follows from the settings and is in no hash: `task.segments`.
  package let derived: Settings
  /// The settings that are hashed and stored: `settings` without neutral values.
  package let storedSettings: Settings
  /// The bytes that are hashed and stored: those of `storedSettings`.
  package let canonicalBytes: [UInt8]
  /// The run's id.
  package let run: Digest

  init(settings: Settings, derived: Settings, neutral: [String: Value]) {
    self.settings = settings
    self.derived = derived
    storedSettings = neutral.isEmpty ? settings : settings.omitting(neutral: neutral)
    canonicalBytes = storedSettings.canonicalBytes
    run = Identity.run(storedBytes: canonicalBytes)
  }

  /// As the store of another program kept it: for tables, not to be run.
  init(recorded settings: Settings, derived: Settings) {
    self.init(settings: settings, derived: derived, neutral: [:])
  }

  /// A stored specification, checked as if it had been written in a manifest.
  ///
  /// Throws when the bytes are damaged, when a model, task or setting is not known, and when numerics or semantics
  /// are not this program's: the same settings would then be another run.
  ///
  /// - Parameter schemas: of each model on each task; those of this program, but where a test looks ahead.
  package init(
    canonicalBytes: [UInt8], growth: Growth = .current, schemas: [String: RunSchema] = RunSchema.all
  ) throws(ManifestError) {
    var checks = RunChecks()
    try self.init(canonicalBytes: canonicalBytes, growth: growth, schemas: schemas, checks: &checks)
  }

  /// The same for one of many, whose models and tasks have been asked most questions before.
  init(
    canonicalBytes: [UInt8], growth: Growth, schemas: [String: RunSchema] = RunSchema.all,
    checks: inout RunChecks
  ) throws(ManifestError) {
    let run = Identity.run(storedBytes: canonicalBytes)
    let origin = Origin.stored("run \(run.short)")
    let stored: Settings
    do throws(RecordsError) {
      stored = try Settings(canonicalBytes: canonicalBytes)
    } catch {
      throw ManifestError(origin, .notStored(error.description))
    }
    try self.init(stored: stored, origin: origin, growth: growth, schemas: schemas, checks: &checks)
    guard self.run == run else { throw ManifestError(origin, .notIdentical(expected: run, found: self.run)) }
  }

  private init(
    stored: Settings, origin: Origin, growth: Growth, schemas: [String: RunSchema],
    checks: inout RunChecks
  ) throws(ManifestError) {
    var entries = ManifestEntries()
    for key in stored.keys where !Specification.isMeaning(key) {
      if let value = stored[key] {
        entries.set(ManifestEntry(key: key, keyOrigin: origin, node: Specification.node(value, at: origin)))
      }
    }
    var resolver = RunResolver(
      base: entries, usual: UsualValues(of: nil), growth: growth, schemas: schemas, start: origin,
      checks: checks)
    // One owner at a time, or every run would copy what is known.
    checks = RunChecks()
    let resolved: Specification
    do throws(ManifestError) { resolved = try resolver.resolve([]).specification } catch {
      throw error.ofStored
    }
    checks = resolver.checks
    for key in resolved.settings.keys
    where Specification.isMeaning(key) && resolved.settings[key] != stored[key] {
      throw ManifestError(
        origin,
        .otherMeaning(
          key: key, found: stored[key]?.description ?? "absent",
          current: resolved.settings[key]?.description ?? "absent"))
    }
    self = resolved
  }

  /// The seed of everything random but the data.
  package var seed: UInt64 {
    guard case .integer(let seed) = settings[RunSchema.seed] else { return 0 }
    return UInt64(clamping: seed)
  }

  /// The model, as its catalogue has it.
  package var model: any SequenceModel.Type { Specification.model(named: text(RunSchema.modelKind)) }

  /// The task, as its catalogue has it.
  package var task: any LearningTask.Type { Specification.task(named: text(RunSchema.taskKind)) }

  /// The settings of the model, which must be of this run's kind.
  package func configuration<M: SequenceModel>(of model: M.Type) -> M.Configuration {
    decoded(M.Configuration.self, "model")
  }

  /// The settings of the task, which must be of this run's kind.
  package func configuration<T: LearningTask>(of task: T.Type) -> T.Configuration {
    decoded(T.Configuration.self, "task")
  }

  /// The settings of the training.
  package var training: TrainingConfiguration { decoded(TrainingConfiguration.self, "training") }

  private func text(_ key: String) -> String { settings[key]?.description ?? "" }

  private func decoded<C: Decodable>(_ type: C.Type, _ group: String) -> C {
    do {
      return try Harness.configuration(type, from: settings.group(group))
    } catch {
      fatalError("run \(run.short): \(group) does not decode as \(C.self), though it was resolved: \(error)")
    }
  }
}

extension Specification {
  /// The orders of arithmetic that results depend on.
  package static let numerics = "numerics-1"

  /// What the settings mean to this program: part of a run's identity, and in no manifest.
  static func meaning(model: any SequenceModel.Type, task: any LearningTask.Type) -> Settings {
    Settings([
      "numerics": .text(numerics),
      "semantics.model": .integer(model.semantics),
      "semantics.task": .integer(task.semantics),
      "semantics.training": .integer(TrainingConfiguration.semantics),
    ])
  }

  static func isMeaning(_ key: String) -> Bool { key == "numerics" || key.hasPrefix("semantics.") }

  static func model(named name: String) -> any SequenceModel.Type {
    guard let model = modelCatalogue.first(where: { $0.name == name }) else {
      fatalError("no model is called \(name); the catalogue has \(RunSchema.modelNames)")
    }
    return model
  }

  static func task(named name: String) -> any LearningTask.Type {
    guard let task = taskCatalogue.first(where: { $0.name == name }) else {
      fatalError("no task is called \(name); the catalogue has \(RunSchema.taskNames)")
    }
    return task
  }

  /// A stored value as a manifest would write it; the shortest text of a real number reads back as the same number.
  static func node(_ value: Value, at origin: Origin) -> YAMLNode {
    guard case .list(let values) = value else { return YAMLNode(text: value.description, at: origin) }
    return YAMLNode(.list(values.map { node($0, at: origin) }), at: origin)
  }
}
