package import Records

/// Something in a store that should not be as it is.
package struct Finding: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// A file that is not what was published.
    case damage
    /// A file aside, left by a process that died while publishing.
    case leftover
    /// A file or folder that no store has.
    case stranger
    /// Two different results of the same settings.
    case conflict
    /// An intact file that nothing needs any more.
    case orphan
    /// Something that could not be looked at: it may be damaged or not.
    case unseen
  }

  /// What mends it. Nothing is ever done about it by the program that found it.
  package enum Remedy: Sendable, Equatable {
    /// Remove these files, and compute the run again.
    case compute(removing: [String])
    /// Remove these: nothing needs them.
    case remove([String])
    /// Nothing needs it, and `mneme gc` takes it.
    case tidy
    /// Take it out of the store: it may be somebody's.
    case moveAway
    /// Compute the run again and see which of two results comes out.
    case compare
    /// Only a copy from elsewhere, where there is one.
    case restore
    /// The same; and where there is none, nothing but what the file told is lost with it.
    case restoreOrRemove
    /// Look at why the file cannot be read.
    case look
  }

  package let kind: Kind
  package let path: String
  /// What was found, and what to do.
  package let sentence: String
  /// The run whose file it is; nil for what is no run's.
  package let run: Digest?
  package let remedy: Remedy

  package init(kind: Kind, path: String, sentence: String, run: Digest? = nil, remedy: Remedy) {
    (self.kind, self.path, self.sentence, self.run, self.remedy) = (kind, path, sentence, run, remedy)
  }

  /// A file or folder whose name no store has: what a killed process left, or somebody else's.
  static func stray(_ path: String, _ name: String, run: Digest? = nil) -> Finding {
    name.contains(Publication.mark)
      ? Finding(
        kind: .leftover, path: path,
        sentence: "\(path) was left by a process that died while writing; remove it.", run: run,
        remedy: .remove([path]))
      : Finding(
        kind: .stranger, path: path, sentence: "\(path) belongs to no store; move it away.", run: run,
        remedy: .moveAway)
  }
}

/// Findings in the order in which they are made, and what makes them.
struct FindingList {
  private(set) var all: [Finding] = []

  mutating func add(_ finding: Finding) { all.append(finding) }

  /// Calls `read`; an error of it is damage to the file at `path`, or that it could not be looked at.
  mutating func add(
    damageOf path: String, run: Digest? = nil, remedy: Finding.Remedy,
    _ read: () throws(ArchiveError) -> Void
  ) {
    do throws(ArchiveError) { try read() } catch {
      let isUnseen = if case .system = error { true } else { false }
      add(
        Finding(
          kind: isUnseen ? .unseen : .damage, path: path, sentence: "\(path) \(error.fault).", run: run,
          remedy: isUnseen ? .look : remedy))
    }
  }

  /// The names in a folder; none, and a finding, where it cannot be listed.
  mutating func names(in path: String, run: Digest? = nil) -> [String] {
    do throws(ArchiveError) { return try Folder.names(in: path) } catch {
      add(Finding(kind: .unseen, path: path, sentence: error.description, run: run, remedy: .look))
      return []
    }
  }
}
