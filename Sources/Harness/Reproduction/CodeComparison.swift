package import Archive

/// What computed a run the first time and this time: in no result, and beside every comparison of two.
package struct CodeComparison: Sendable, Equatable {
  package struct Difference: Sendable, Equatable {
    /// `executable`, `processor`.
    package let part: String
    package let published: String
    package let again: String
  }

  package let differences: [Difference]
  /// Parts that one of the two records does not tell.
  package let unrecorded: [String]

  /// Compares the records of two attempts; nil for one that cannot be found.
  package init(published: AttemptStart?, again: AttemptStart?) {
    var (differences, unrecorded): ([Difference], [String]) = ([], [])
    for (part, read) in CodeComparison.parts {
      guard let old = published.flatMap(read), let new = again.flatMap(read) else {
        unrecorded.append(part)
        continue
      }
      if old != new { differences.append(Difference(part: part, published: old, again: new)) }
    }
    (self.differences, self.unrecorded) = (differences, unrecorded)
  }

  private static var parts: [(part: String, read: (AttemptStart) -> String?)] {
    [
      ("executable", { $0.code }),
      (
        "source commit",
        { start in start.gitCommit.map { $0 + (start.gitDirty == true ? " with changes" : "") } }
      ),
      ("toolchain", { $0.toolchain }), ("machine", { $0.host }), ("processor", { $0.cpu }),
      ("kernels", { $0.instructions }), ("threads", { "\($0.threads)" }), ("system", { $0.kernel }),
      ("hdf5", { $0.hdf5 }),
    ]
  }

  /// `executable 12ab… → 34cd…, kernels avx2 → avx512`; hashes are shortened.
  package var text: String {
    differences.map { "\($0.part) \(shown($0.published)) → \(shown($0.again))" }.joined(separator: ", ")
  }

  private func shown(_ text: String) -> String {
    let isHash = text.utf8.count >= 40 && text.allSatisfy(\.isHexDigit)
    return isHash ? String(text.prefix(12)) : text
  }
}

extension RunDirectory {
  /// Who began the attempt that published the result; nil where no record says so.
  func publisher() -> AttemptStart? {
    (try? attempts())?.last { $0.end?.outcome == .done }?.start
  }
}
