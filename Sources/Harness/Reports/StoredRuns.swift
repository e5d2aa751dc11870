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
  package let complaints: [String]
  private let names: [Digest: Name]

  /// Reads every manifest of the store.
  package init(_ store: Store) throws {
    var manifests: [Manifest] = []
    var complaints: [String] = []
    for object in try store.objects() where object.kind == "manifest" {
      do {
        manifests.append(try Manifest(canonicalBytes: try store.object(object), hash: object.id))
      } catch {
        complaints.append("\(error)")
      }
    }
    var owners: [Digest: [Digest]] = [:]
    var texts: [Digest: String] = [:]
    for manifest in manifests {
      let labels = RunLabels(manifest)
      for run in manifest.runs {
        owners[run.run, default: []].append(manifest.hash)
        let label = labels.label(of: run)
        if texts[run.run] == nil {
          texts[run.run] = label.isEmpty ? manifest.name : "\(manifest.name): \(label)"
        }
      }
    }
    self.manifests = manifests
    self.complaints = complaints
    names = owners.reduce(into: [:]) { $0[$1.key] = Name(manifests: $1.value, text: texts[$1.key] ?? "") }
  }

  /// The name of a run; by its most telling settings where no manifest asks for it.
  package func name(of run: Digest, settings: Settings?) -> Name {
    if let name = names[run] { return name }
    let telling = ["task.kind", "model.kind", "model.memory", "seed"].compactMap { key in
      settings?[key].map { "\(key)=\($0)" }
    }
    return Name(manifests: [], text: telling.joined(separator: " "))
  }
}
