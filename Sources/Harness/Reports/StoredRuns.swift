package import Archive
package import Records

/// The runs of a store, each with the name that people know it by: its place in a manifest that asked for it.
package struct StoredRuns: Sendable {
  package struct Name: Sendable {
    /// The manifests that ask for the run, in the order of their hashes.
    package let manifests: [Digest]
    /// `sorting-ablation: model.memory=none seed=1`.
    package let text: String
  }

  package let manifests: [Manifest]
  /// Manifests that cannot be read, and why.
  let damage: DamageNotes
  private let names: [Digest: Name]
  private let owners: [Digest: [Int]]
  private let specifications: [Digest: Specification]

  /// Reads every manifest of the store.
  package init(_ store: Store) throws {
    var manifests: [Manifest] = []
    var damage = DamageNotes(in: store.root)
    for object in try store.objects() where object.kind == "manifest" {
      do {
        manifests.append(try Manifest(canonicalBytes: try store.object(object), hash: object.id))
      } catch {
        damage.add(manifest: object.id, (error as? ArchiveError)?.fault ?? "cannot be read: \(error)")
      }
    }
    var owners: [Digest: [Int]] = [:]
    var texts: [Digest: String] = [:]
    var specifications: [Digest: Specification] = [:]
    for (number, manifest) in manifests.enumerated() {
      let labels = RunLabels(manifest)
      for run in manifest.runs {
        owners[run.run, default: []].append(number)
        specifications[run.run] = run
        let label = labels.label(of: run)
        if texts[run.run] == nil {
          texts[run.run] = label.isEmpty ? manifest.name : "\(manifest.name): \(label)"
        }
      }
    }
    self.manifests = manifests
    self.damage = damage
    names = owners.reduce(into: [:]) { names, owner in
      names[owner.key] = Name(
        manifests: owner.value.map { manifests[$0].hash }, text: texts[owner.key] ?? "")
    }
    self.owners = owners
    self.specifications = specifications
  }

  /// A run as a manifest has it; nil where none asks for it.
  func specification(of run: Digest) -> Specification? { specifications[run] }

  /// What may be asked about a run of the store, which is looked up when it is.
  func facts(of run: Digest, in store: Store) -> RunFacts {
    RunFacts(
      run, owners: (owners[run] ?? []).map { RunFacts.Owner(manifests[$0]) },
      specification: specifications[run], directory: store.run(run))
  }

  /// The name of a run; by its most telling settings where no manifest asks for it.
  package func name(of run: Digest, settings: @autoclosure () -> Settings?) -> Name {
    if let name = names[run] { return name }
    let settings = settings()
    let telling = ["task.kind", "model.kind", "model.memory", "seed"].compactMap { key in
      settings?[key].map { "\(key)=\($0)" }
    }
    return Name(manifests: [], text: telling.joined(separator: " "))
  }
}
