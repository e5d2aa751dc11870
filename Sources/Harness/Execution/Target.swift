package import Archive
package import Records

/// What a hash on the command line names.
package enum Target: Sendable {
  case run(Digest)
  case manifest(StoredObject)

  /// What a hash may name, where a command has use for one kind alone.
  package enum Kind: String, Sendable {
    case run
    case manifest
  }

  /// The run or manifest in the store whose hash begins with `prefix`; only one of `kind`, if that is given.
  ///
  /// Throws `TargetError` when none does or several do, and `RecordsError` for what begins no hash.
  package init(_ prefix: String, in store: Store, only kind: Kind? = nil) throws {
    // Says no to what is too short or no hash at all.
    _ = try Digest.resolve(prefix: prefix, among: [])
    let candidates = try store.candidates(prefix: prefix).compactMap { named -> Target? in
      switch named {
      case .run(let run): kind == .manifest ? nil : .run(run)
      case .object(let object): object.kind == "manifest" && kind != .run ? .manifest(object) : nil
      }
    }
    guard let first = candidates.first else { throw TargetError.unknown(prefix, kind, store: store.root) }
    guard candidates.count == 1 else {
      throw TargetError.ambiguous(prefix, candidates.map { $0.described(in: store) })
    }
    self = first
  }

  /// `3f9a2c1b04d1  manifest sorting-ablation`, for lists of candidates.
  private func described(in store: Store) -> String {
    switch self {
    case .run(let run): return "\(run.short)  run"
    case .manifest(let object):
      let manifest = try? Manifest(canonicalBytes: try store.object(object), hash: object.id)
      return "\(object.id.short)  manifest \(manifest?.name ?? "that cannot be read")"
    }
  }
}

/// Why a hash names nothing.
package enum TargetError: Error, CustomStringConvertible {
  case unknown(String, Target.Kind?, store: String)
  case ambiguous(String, [String])

  package var description: String {
    switch self {
    case .unknown(let prefix, let kind, let store):
      "\(store) has no \(kind?.rawValue ?? "run and no manifest") that begins with \(prefix). `mneme ls` lists what it has."
    case .ambiguous(let prefix, let candidates):
      "\(prefix) begins \(candidates.count) hashes; type more of the one you mean:\n  "
        + candidates.prefix(20).joined(separator: "\n  ") + (candidates.count > 20 ? "\n  …" : "")
    }
  }
}

extension Digest {
  /// The run in the store whose hash begins with `prefix`; throws as `Target` does.
  package static func run(_ prefix: String, in store: Store) throws -> Digest {
    guard case .run(let run) = try Target(prefix, in: store, only: .run) else {
      throw TargetError.unknown(prefix, .run, store: store.root)
    }
    return run
  }
}
