import Models
import Records
import Tasks

/// Makes runs of what manifests say: types every value, refuses unknown and missing keys, asks models and tasks.
struct RunResolver {
  private let base: ManifestEntries
  private let usual: UsualValues
  private let growth: Growth
  /// Of each model on each task, by their names.
  private let schemas: [String: RunSchema]
  /// Where a manifest begins, for what it does not say at all.
  private let start: Origin
  /// The kinds of model that the manifest has runs of or names: a key of its own that one of them knows is dropped for
  /// the others.
  private let kinds: Set<String>

  private var templates: [String: Template] = [:]
  private var answers: [Question: Settings] = [:]
  /// What models and tasks answered; may be handed on to the next resolver.
  private(set) var checks: RunChecks

  /// What possible settings are told by, beside the template: all that a combination sets but the seed, which no model
  /// and no task asks for.
  private struct Question: Hashable {
    let template: String
    let values: [Value]
  }

  /// What all combinations of the same kinds and the same keys share.
  private struct Template {
    let name: String
    let schema: RunSchema
    let settings: Settings
    let neutral: [String: Value]
  }

  /// - base: The settings outside of the grid.
  /// - combinations: All of the manifest's, for the kinds of model they name.
  /// - kinds: Those that its files name besides.
  init(
    base: ManifestEntries, combinations: [[ManifestEntry]] = [[]], kinds: Set<String> = [],
    usual: UsualValues, growth: Growth, schemas: [String: RunSchema] = RunSchema.all,
    start: Origin, checks: RunChecks = RunChecks()
  ) {
    self.schemas = schemas
    self.kinds = kinds.union(
      combinations.compactMap { RunResolver.word(RunSchema.modelKind, in: $0, over: base) })
    self.checks = checks
    self.base = base
    self.usual = usual
    self.growth = growth
    self.start = start
  }

  /// All that a run is made of.
  struct Resolved: Sendable {
    fileprivate let settings: Settings
    fileprivate let derived: Settings
    fileprivate let neutral: [String: Value]

    /// Spelled and hashed: most of the work of a large manifest, and for any number of threads at once.
    var specification: Specification {
      Specification(settings: settings, derived: derived, neutral: neutral)
    }
  }

  /// The run of one combination: the base with `overrides` in place of its entries.
  mutating func resolve(_ overrides: [ManifestEntry]) throws(ManifestError) -> Resolved {
    let template = try template(for: overrides)
    var settings = template.settings
    var values: [Value] = []
    for entry in overrides {
      guard let type = template.schema.types[entry.key] else { continue }
      let value = try type.value(of: entry.node, for: entry.key)
      settings[entry.key] = value
      if entry.key != RunSchema.seed { values.append(value) }
    }
    let question = Question(template: template.name, values: values)
    if let derived = answers[question] {
      return Resolved(settings: settings, derived: derived, neutral: template.neutral)
    }
    do throws(RunChecks.Refusal) {
      let derived = try checks.derived(from: settings, schema: template.schema)
      answers[question] = derived
      return Resolved(settings: settings, derived: derived, neutral: template.neutral)
    } catch {
      throw ManifestError(
        origin(of: error.key, overrides), .impossible(key: error.key, sentence: error.sentence))
    }
  }

  private mutating func template(for overrides: [ManifestEntry]) throws(ManifestError) -> Template {
    let model = try kind(RunSchema.modelKind, overrides, among: RunSchema.modelNames, noun: "a model")
    let task = try kind(RunSchema.taskKind, overrides, among: RunSchema.taskNames, noun: "a task")
    let name = "\(model) \(task) " + overrides.map(\.key).joined(separator: " ")
    if let known = templates[name] { return known }
    guard let schema = schemas["\(model) \(task)"] else {
      fatalError("there is no schema for the model \(model) on the task \(task), though both are known")
    }
    let neutral = growth.neutral(model: model, task: task)

    let overridden = Set(overrides.map(\.key))
    let rest = base.filter { !overridden.contains($0.key) && !isDropped($0, schema) }
    let present = Set((rest + overrides).map(\.key))
    if let first = strangers(among: rest + overrides, schema).first { throw first }
    if let first = absent(from: present, overrides, schema, neutral).first { throw first }

    var settings = Settings()
    for entry in rest {
      guard let type = schema.types[entry.key] else { continue }
      settings[entry.key] = try type.value(of: entry.node, for: entry.key)
    }
    settings = settings.merging(Specification.meaning(model: schema.model, task: schema.task))
    for (key, value) in neutral where !present.contains(key) { settings[key] = value }
    let template = Template(name: name, schema: schema, settings: settings, neutral: neutral)
    templates[name] = template
    return template
  }

  /// Keys that no run here has.
  private func strangers(among entries: [ManifestEntry], _ schema: RunSchema) -> [ManifestError] {
    // The grid may list the keys of several models, as the base may.
    entries.filter { schema.types[$0.key] == nil && !isDropped($0, schema) }.map { entry in
      if let setting = RunSchema.derived[entry.key] {
        return ManifestError(entry.keyOrigin, .derivedKey(entry.key, setting: setting))
      }
      if let owner = schema.owner(of: entry.key) {
        return ManifestError(entry.keyOrigin, .foreignKey(entry.key, owner: owner, model: schema.model.name))
      }
      return ManifestError(entry.keyOrigin, .unknownKey(entry.key, nearest: schema.nearestKey(to: entry.key)))
    }
  }

  /// Keys that a run needs and nobody sets.
  private func absent(
    from present: Set<String>, _ overrides: [ManifestEntry], _ schema: RunSchema, _ neutral: [String: Value]
  ) -> [ManifestError] {
    schema.types.keys.sorted().filter { !present.contains($0) && neutral[$0] == nil }.map {
      missing($0, overrides, model: schema.model.name, task: schema.task.name)
    }
  }

  /// Everything that is wrong with the settings of one combination; whether they go together is asked where each of them
  /// is one.
  mutating func complaints(about overrides: [ManifestEntry]) -> [ManifestError] {
    var found = ManifestComplaints()
    let model = found.result { () throws(ManifestError) in
      try kind(RunSchema.modelKind, overrides, among: RunSchema.modelNames, noun: "a model")
    }
    let task = found.result { () throws(ManifestError) in
      try kind(RunSchema.taskKind, overrides, among: RunSchema.taskNames, noun: "a task")
    }
    guard let model, let task, let schema = schemas["\(model) \(task)"] else { return found.list }
    let overridden = Set(overrides.map(\.key))
    let all = base.filter { !overridden.contains($0.key) && !isDropped($0, schema) } + overrides
    found.add(strangers(among: all, schema))
    let neutral = growth.neutral(model: model, task: task)
    found.add(absent(from: Set(all.map(\.key)), overrides, schema, neutral))
    var settings = Settings()
    for entry in all {
      guard let type = schema.types[entry.key] else { continue }
      settings[entry.key] = found.result { () throws(ManifestError) in
        try type.value(of: entry.node, for: entry.key)
      }
    }
    guard found.list.isEmpty else { return found.list }
    for (key, value) in neutral where settings[key] == nil { settings[key] = value }
    return checks.refusals(of: settings, schema: schema).map {
      ManifestError(origin(of: $0.key, overrides), .impossible(key: $0.key, sentence: $0.sentence))
    }
  }

  /// Refuses an element of `include` that names one kind of model and, beside it, a key of another kind: nobody means
  /// that.
  func refuseForeignKeys(of element: ManifestEntries) throws(ManifestError) {
    guard let model = RunResolver.word(RunSchema.modelKind, in: element.list, over: ManifestEntries()),
      let task = RunResolver.word(RunSchema.taskKind, in: element.list, over: base),
      let schema = schemas["\(model) \(task)"]
    else { return }
    for entry in element where schema.types[entry.key] == nil && !schema.belongsToAnotherModel(entry.key) {
      if let owner = schema.owner(of: entry.key) {
        throw ManifestError(entry.keyOrigin, .foreignKey(entry.key, owner: owner, model: model))
      }
    }
  }

  /// The settings of a combination that its run does not have, by key.
  func dropped(_ overrides: [ManifestEntry]) -> [String] {
    guard let model = RunResolver.word(RunSchema.modelKind, in: overrides, over: base),
      let task = RunResolver.word(RunSchema.taskKind, in: overrides, over: base),
      let schema = schemas["\(model) \(task)"]
    else { return [] }
    return overrides.filter { isDropped($0, schema) }.map(\.key)
  }

  /// The text of a scalar setting; nil where it is absent or none.
  private static func word(_ key: String, in overrides: [ManifestEntry], over base: ManifestEntries)
    -> String?
  {
    guard let entry = overrides.last(where: { $0.key == key }) ?? base[key],
      case .scalar(let text, _) = entry.node.content
    else { return nil }
    return text
  }

  /// Whether an entry is left out of a run, whose kind does not know its key, because another kind does: one of this
  /// manifest's, or, for what a base says once for all who are based on it, any.
  private func isDropped(_ entry: ManifestEntry, _ schema: RunSchema) -> Bool {
    if case .file(let shown, _, _) = entry.keyOrigin, case .file(let root, _, _) = start, shown != root {
      return schema.isDropped(entry.key, beside: Set(RunSchema.modelNames))
    }
    return schema.isDropped(entry.key, beside: kinds)
  }

  private func kind(
    _ key: String, _ overrides: [ManifestEntry], among names: [String], noun: String
  ) throws(ManifestError) -> String {
    guard let entry = overrides.last(where: { $0.key == key }) ?? base[key] else {
      let origin = origin(ofGroup: String(key.prefix { $0 != "." }))
      throw ManifestError(origin, .missingKey(key, neededBy: "every run", usual: usual.values(of: key)))
    }
    guard !entry.node.isNothing else {
      throw ManifestError(
        entry.keyOrigin, .noValue(key: key, expected: "one of \(names.joined(separator: ", "))"))
    }
    guard case .scalar(let text, _) = entry.node.content, names.contains(text) else {
      var close: String?
      if case .scalar(let text, _) = entry.node.content { close = nearest(text, among: names) }
      throw ManifestError(
        entry.node.origin,
        .unknownName(key: key, found: entry.node.found, noun: noun, known: names, nearest: close))
    }
    return text
  }

  private func missing(_ key: String, _ overrides: [ManifestEntry], model: String, task: String)
    -> ManifestError
  {
    let group = String(key.prefix { $0 != "." })
    let needer: String
    switch group {
    case "model": needer = "the model \(model)"
    case "task": needer = "the task \(task)"
    default: needer = "every run"
    }
    let place =
      ["model", "task"].contains(group) ? origin(of: "\(group).kind", overrides) : origin(ofGroup: group)
    return ManifestError(place, .missingKey(key, neededBy: needer, usual: usual.values(of: key)))
  }

  /// Where `key` was written, or what is nearest to it.
  private func origin(of key: String, _ overrides: [ManifestEntry]) -> Origin {
    if let entry = overrides.last(where: { $0.key == key }) ?? base[key] { return entry.node.origin }
    let isGroup = base.contains { $0.key.hasPrefix(key + ".") }
    return origin(ofGroup: isGroup ? key : String(key.prefix { $0 != "." }))
  }

  private func origin(ofGroup group: String) -> Origin {
    base.first { $0.key == group || $0.key.hasPrefix(group + ".") }?.keyOrigin ?? start
  }
}
