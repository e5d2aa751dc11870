package import Records

/// Why a manifest cannot be used: where, and what.
///
/// The description is one or two sentences: the place, what was found, what was expected, how to mend it.
package struct ManifestError: Error, Sendable, Equatable {
  /// Where it was written; nil when the fact itself names a file.
  package let origin: Origin?
  package let fact: Fact

  init(_ origin: Origin?, _ fact: Fact) {
    self.origin = origin
    self.fact = fact
  }

  /// The same about settings that were checked when they were stored: what they have too much is no slip of a pen but
  /// from a program newer than this one, and what they lack is younger than they are.
  var ofStored: ManifestError {
    switch fact {
    case .unknownKey(let key, _): ManifestError(origin, .newer(key: key, what: ", which is no key"))
    case .foreignKey(let key, _, let model):
      ManifestError(origin, .newer(key: key, what: ", which is no key of the model \(model)"))
    case .unknownName(let key, let found, let noun, _, _):
      ManifestError(origin, .newer(key: key, what: " \(found), which is not \(noun)"))
    case .missingKey(let key, _, _): ManifestError(origin, .ungrown(key: key))
    default: self
    }
  }

  /// What is wrong. Sentences are in one place, `ManifestError+Sentences.swift`.
  package enum Fact: Sendable, Equatable {
    // Reading files.
    case noSuchFile(String, nearest: String?)
    case isFolder(String)
    case isNoFile(String)
    case noName
    case unreadable(String, reason: String)
    case tooLarge(String, limit: Int)
    case notUTF8
    case isEmpty(String)
    // YAML.
    case notYAML(String)
    case keyWithAlias
    case keyIsNoWord
    case repeatedKey(String, first: Origin?)
    case tag(String)
    case control(String)
    case tooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    // Files that name files.
    case absolutePath(key: String, path: String)
    case leavesProject(key: String, path: String, project: String)
    case missingFile(key: String, path: String, chain: [String], nearest: String?)
    case cycle([String])
    case tooManyBases(limit: Int)
    // The parts of a manifest.
    case noVersion(String)
    case otherVersion(found: String)
    case missingPart(key: String, file: String, expected: String)
    case wrongPart(key: String, found: String, expected: String)
    case unknownKey(String, nearest: String?)
    case foreignKey(String, owner: String, model: String)
    case derivedKey(String, setting: String)
    case notSettable(String, because: String)
    case malformedArgument(String)
    // Combinations.
    case axisAndSetting(String, first: Origin)
    case emptyGrid
    case emptyList(key: String)
    case unequalLists(key: String, count: Int, first: String, firstCount: Int)
    case matchesNothing
    case tooManyRules(count: Int, limit: Int)
    case noRuns
    case tooManyRuns(count: Int, limit: Int, isMeant: Bool)
    case duplicateRun(first: String, second: String, run: Digest, dropped: [String])
    case setInZipOrInclude(String)
    // Values.
    case missingKey(String, neededBy: String, usual: [String])
    case noValue(key: String, expected: String)
    case wrongValue(key: String, found: String, expected: String, hint: String?)
    case outOfRange(key: String, found: String, least: String, greatest: String)
    case unknownName(key: String, found: String, noun: String, known: [String], nearest: String?)
    case impossible(key: String, sentence: String)
    // Tables.
    case badTable(String)
    case badReference(reason: String)
    // What the store kept.
    case otherMeaning(key: String, found: String, current: String)
    case notIdentical(expected: Digest, found: Digest)
    case notStored(String)
    case newer(key: String, what: String)
    case ungrown(key: String)
  }
}
