package import Archive
import Records

/// Whether everything in a store is what was put there: what `mneme fsck` says. Changes nothing.
package struct Checkup: Sendable {
  /// Something that is not as it should be: what was found, and what to do.
  package struct Finding: Sendable, Equatable {
    package let kind: Archive.Finding.Kind
    package let path: String
    package let sentence: String
  }

  package let findings: [Finding]
  package let runs: Int
  package let objects: Int
  private let isDeep: Bool

  /// - Parameter deep: whether every byte is compared with its digest; otherwise specifications, user blocks and lengths.
  package init(_ store: Store, deep: Bool) throws {
    var findings = try store.check(deep: deep).map {
      Finding(kind: $0.kind, path: $0.path, sentence: $0.sentence)
    }
    let objects = try store.objects()
    // What is intact as a file may still be no manifest.
    for object in objects where object.kind == "manifest" {
      guard let bytes = try? store.object(object) else { continue }
      do throws(ManifestError) {
        _ = try Manifest(canonicalBytes: bytes, hash: object.id)
      } catch {
        findings.append(Finding(kind: .damage, path: object.id.hex, sentence: error.description))
      }
    }
    self.findings = findings
    runs = try store.runs().count
    self.objects = objects.count
    isDeep = deep
  }

  /// 1 for damage and for two results of the same settings. What a killed process left behind harms nothing.
  package var status: ExitStatus { damage > 0 ? .finding : .done }

  private var damage: Int { findings.count { $0.kind == .damage || $0.kind == .conflict } }

  /// A line for every finding, then what it comes to.
  package var text: String {
    let looked =
      isDeep ? "every byte compared" : "specifications, headers and lengths; --deep compares every byte"
    let verdict = damage == 0 ? "no damage" : "\(damage) damaged"
    let others = findings.count - damage
    return findings.map { "\($0.kind.rawValue): \($0.sentence)\n" }.joined()
      + "\(counted(runs, "run")), \(counted(objects, "object")) (\(looked)): \(verdict)"
      + (others > 0 ? ", \(others) to tidy up" : "") + ".\n"
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      CheckupJSON(
        deep: isDeep, runs: runs, objects: objects, damaged: damage,
        findings: findings.map { .init(kind: $0.kind.rawValue, path: $0.path, sentence: $0.sentence) }))
  }
}

private struct CheckupJSON: Encodable {
  struct Finding: Encodable {
    let kind: String
    let path: String
    let sentence: String
  }

  let deep: Bool
  let runs: Int
  let objects: Int
  let damaged: Int
  let findings: [Finding]
}
