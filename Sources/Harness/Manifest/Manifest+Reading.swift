import Archive
import Records
import Tables

extension Manifest {
  /// Reads a manifest with its bases and references, with `settings` (`key=value`) in place of its own.
  ///
  /// Nothing is computed and nothing is written. Throws the first thing that is wrong.
  package init(
    reading path: String, settings: [String] = [], growth: Growth = .current
  ) throws(ManifestError) {
    try self.init(try ManifestFiles(reading: path), settings: settings, growth: growth)
  }

  /// Reads a manifest that the program itself holds. It has no base and no references: there is no file beside it.
  ///
  /// - name: What errors call it.
  package init(text: String, named name: String, settings: [String] = []) throws(ManifestError) {
    try self.init(try ManifestFiles(text: text, named: name), settings: settings, growth: .current)
  }

  private init(
    _ files: ManifestFiles, settings: [String], growth: Growth
  ) throws(ManifestError) {
    let overrides = try Overrides(settings)
    let layer = try overrides.applied(to: files.layer)
    let name = try Manifest.name(layer, file: files.root.shown)
    let tier = try Manifest.tier(layer, file: files.root.shown)
    let resources = try Resources(layer.resources)
    let tables = try ManifestTable.tables(of: files, layer: layer)
    let figures = try ManifestFigure.figures(of: files, layer: layer)
    let runs = try Manifest.runs(of: layer, files: files, growth: growth)
    self.init(name: name, tier: tier, runs: runs, tables: tables, figures: figures, resources: resources)
    try refuseImpossibleTables(layer)
  }

  private static func runs(
    of layer: ManifestLayer, files: ManifestFiles, growth: Growth
  ) throws(ManifestError) -> [Specification] {
    let combinations = try Grid.combinations(of: layer)
    var resolver = RunResolver(
      base: layer.settings, combinations: combinations, kinds: layer.kinds,
      usual: UsualValues(of: files.project), growth: growth,
      start: .file(files.root.shown, line: 1, column: 1))
    for element in layer.included { try resolver.refuseForeignKeys(of: element) }
    var resolved: [RunResolver.Resolved] = []
    for combination in combinations { resolved.append(try resolver.resolve(combination)) }
    let runs = inParallel(resolved) { $0.specification }
    var places: [Digest: Int] = [:]
    for (place, (run, combination)) in zip(runs, combinations).enumerated() {
      if let first = places.updateValue(place, forKey: run.run) {
        func described(_ place: Int) -> String {
          let choices = combinations[place].map { "\($0.key)=\($0.node.found.filter { !"“”".contains($0) })" }
          return "run \(place + 1) (\(choices.joined(separator: " ")))"
        }
        throw ManifestError(
          combination.first?.keyOrigin ?? layer.gridOrigin,
          .duplicateRun(
            first: described(first), second: described(place), run: run.run,
            dropped: resolver.dropped(combination).filter { key in
              combination.last { $0.key == key }?.node.found
                != combinations[first].last { $0.key == key }?.node.found
            }))
      }
    }
    return runs
  }

  static func name(_ layer: ManifestLayer, file: String) throws(ManifestError) -> String {
    guard let node = layer.name else {
      throw ManifestError(
        nil, .missingPart(key: "name", file: file, expected: "a label such as sorting-ablation"))
    }
    guard case .scalar(let name, _) = node.content, !name.isEmpty, name.utf8.count <= 100,
      isLabel(name)
    else {
      throw ManifestError(
        node.origin, .wrongPart(key: "name", found: node.found, expected: "a label of at most 100 letters"))
    }
    return name
  }

  /// Whether a name is one line that a terminal shows as it stands.
  static func isLabel(_ name: String) -> Bool {
    TerminalText.plain(name) == name && !name.contains { $0 == "\n" || $0 == "\t" }
  }

  static func tier(_ layer: ManifestLayer, file: String) throws(ManifestError) -> Tier {
    let names = Tier.allCases.map(\.rawValue)
    guard let node = layer.tier else {
      throw ManifestError(
        nil, .missingPart(key: "tier", file: file, expected: "one of \(names.joined(separator: ", "))"))
    }
    let value = try FieldType.choice(names).value(of: node, for: "tier")
    guard let tier = Tier(rawValue: value.description) else {
      throw ManifestError(
        node.origin, .noValue(key: "tier", expected: "one of \(names.joined(separator: ", "))"))
    }
    return tier
  }

  /// Makes every table and figure of runs that are still waiting: one that would average unlike runs, or asks for keys that
  /// no run has, is refused before an hour of computing and not after.
  private func refuseImpossibleTables(_ layer: ManifestLayer) throws(ManifestError) {
    let waiting = runs.map {
      Observation(
        run: $0.run, settings: $0.settings, derived: $0.derived, tier: tier.rawValue, state: .waiting)
    }
    for table in tables {
      do throws(TablesError) {
        let published = try table.published()
        _ = try Table(
          table.specification, heading: heading, unit: published?.unit ?? .fraction, observations: waiting,
          order: [:], reference: published, extraRows: [], notes: [])
      } catch {
        let origin = layer.tables.first { $0.name == table.specification.name }?.origin
        throw ManifestError(origin, .badTable(error.description))
      }
    }
    for figure in figures {
      let origin = layer.figures.first { $0.name == figure.specification.name }?.origin
      do {
        let published = try figure.published()
        _ = try Figure(
          figure.specification, heading: heading, unit: published?.unit ?? .fraction, observations: waiting,
          order: [:], reference: published, extraRows: [], notes: [])
      } catch {
        throw ManifestError(origin, .badTable("\(error)"))
      }
    }
  }
}
