import Archive
import Records

/// What is intact as a file in `objects/` may still not be what its name says: looked at by what it holds.
struct ObjectCheck {
  private(set) var findings: [Archive.Finding] = []
  /// The manifests that need a run, by name and short hash.
  private(set) var manifests: [Digest: [String]] = [:]
  private(set) var hasDamagedManifest = false

  /// - Parameter deep: whether the ids of all objects are made again; otherwise those of manifests.
  init(_ store: Store, deep: Bool) throws {
    for object in try store.objects() {
      let path = store.place(of: object)
      guard let bytes = try? store.object(object) else {
        if object.kind == "manifest" { hasDamagedManifest = true }
        continue
      }
      switch object.kind {
      case "manifest": readManifest(bytes, object, path)
      case "cost" where deep:
        if MeasuredCost(bytes) == nil || MeasuredCost.id(of: bytes) != object.id { forged(path, "costs") }
      case "baselines" where deep:
        if Baselines.id(ofStored: bytes) != object.id { forged(path, "baselines") }
      case FrozenPlan.kind where deep:
        if FrozenPlan(bytes) == nil || FrozenPlan.id(of: bytes) != object.id { forged(path, "runs") }
      case SubmissionRecord.kind where deep:
        if !SubmissionRecord.isIntact(bytes, id: object.id) { forged(path, "words") }
      case Receipt.kind where deep:
        if !Receipt.isIntact(bytes, id: object.id) { forged(path, "words") }
      case "cost", "baselines", FrozenPlan.kind, SubmissionRecord.kind, Receipt.kind: break
      default:
        findings.append(
          .init(
            kind: .stranger, path: path,
            sentence:
              "\(path) is of the kind \(object.kind), which this program does not know: a newer one stored it.",
            remedy: .moveAway))
      }
    }
  }

  private mutating func readManifest(_ bytes: [UInt8], _ object: StoredObject, _ path: String) {
    do throws(ManifestError) {
      let manifest = try Manifest(canonicalBytes: bytes, hash: object.id)
      for run in manifest.runs {
        manifests[run.run, default: []].append("\(manifest.name) (\(manifest.hash.short))")
      }
    } catch {
      hasDamagedManifest = true
      findings.append(
        .init(
          kind: .damage, path: path, sentence: "\(path): \(error.description)",
          remedy: .compute(removing: [path])))
    }
  }

  private mutating func forged(_ path: String, _ what: String) {
    findings.append(
      .init(
        kind: .damage, path: path,
        sentence:
          "\(path) holds other \(what) than those it is named by. Remove it: they are measured or counted again.",
        remedy: .remove([path])))
  }
}
