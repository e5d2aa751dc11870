import Records

extension ManifestError: CustomStringConvertible {
  /// `sorting.yaml:7: model.kind is “memoira”, which is not a model. Known: memoria, transformer; did you mean memoria?`
  package var description: String {
    // No file that is typed has commands for a terminal in its words; one that is stored may.
    TerminalText.plain(origin.map { "\($0): \(fact.sentence)" } ?? fact.sentence)
  }
}

extension ManifestError.Fact {
  /// The sentence that follows the place.
  fileprivate var sentence: String {
    switch self {
    case .noSuchFile(let path, let nearest): "\(path): there is no such file" + suggested(nearest)
    case .isFolder(let path): "\(path) is a folder; a manifest is a file."
    case .isNoFile(let path): "\(path) is a pipe, socket or device; expected a file."
    case .noName: "the argument is empty; expected the name of a file."
    case .unreadable(let path, let reason): "\(path) cannot be read: \(withoutStop(reason))."
    case .tooLarge(let path, let limit): "\(path) has more than \(limit / 1024) KiB, the most that is read."
    case .notUTF8: "this line is not UTF-8 text; save the file as UTF-8."
    case .isEmpty(let path): "\(path) holds no settings; a manifest begins with “mneme: 1”."

    case .notYAML(let problem): "this is not YAML: \(withoutStop(YAMLProblem.sentence(problem)))."
    case .keyWithAlias:
      "a key must be a word where aliases are used; write “key: *alias”, never “*alias: value”."
    case .keyIsNoWord: "this key is a list or a group of keys; a key is a word such as task.length."
    case .repeatedKey(let key, let first):
      "\(key) is set twice\(first.map { ", first in \($0)" } ?? ""); remove one of them."
    case .control(let code):
      "there is the character \(code) in this text, which a terminal takes for a command; leave it out."
    case .tag(let tag):
      "the tag \(shortened(tag)) has no meaning here; types follow from the keys: remove it."
    case .tooDeep(let limit):
      "lists and groups lie more than \(limit) deep in each other; a manifest is flatter."
    case .tooManyNodes(let limit):
      "the file holds more than \(limit) values once aliases are replaced; write fewer."

    case .absolutePath(let key, let path):
      "\(key) is “\(shortened(path))”; a path is relative to the file that names it, so that a project can be moved."
    case .leavesProject(let key, let path, let project):
      "\(key) is “\(shortened(path))”, which leaves the project; paths stay under the folder “\(project)”."
    case .missingFile(let key, let path, let chain, let nearest):
      "\(key) is “\(shortened(path))”, and there is no such file\(ManifestError.Fact.by(chain))"
        + suggested(nearest)
    case .cycle(let chain): "base leads in a circle: \(chain.joined(separator: " → ")); remove one of them."

    case .noVersion(let file): "\(file) does not say “mneme: 1”, the version of its language; add the line."
    case .otherVersion(let found):
      "mneme is \(found); this program reads version 1 of the language: write “mneme: 1”."
    case .missingPart(let key, let file, let expected): "\(file) does not say \(key): \(expected)."
    case .wrongPart(let key, let found, let expected): "\(key) is \(found); expected \(expected)."
    case .unknownKey(let key, let nearest):
      "\(shortened(key)) is not a key\(nearest.map { "; did you mean \($0)" } ?? " that anything here reads")"
        + (nearest == nil ? ": remove it." : "?")
    case .foreignKey(let key, let owner, let model):
      "\(key) is a key of the model \(owner), and a run here is of \(model), which does not have it;"
        + " set it beside model.kind \(owner) only, under include for example."
    case .derivedKey(let key, let setting):
      "\(key) is derived and cannot be set; set \(setting), from which it follows (tables may use \(key))."
    case .notSettable(let key, let because): "--set changes settings of runs only, and \(key) is \(because)."
    case .malformedArgument(let text): "“\(shortened(text))” is not key=value, such as task.examples=2000."

    case .axisAndSetting(let key, let first):
      "\(key) is listed in the grid and set in \(first); remove one of them."
    case .emptyGrid: "the grid is empty; list at least one key in it, or remove “grid:” for a single run."
    case .emptyList(let key): "\(key) is an empty list, so there would be no run; give at least one value."
    case .unequalLists(let key, let count, let first, let firstCount):
      "\(key) has \(counted(count, "value")) and \(first) has \(firstCount); lists that are zipped are equally long."
    case .tooManyRules(let count, let limit):
      "exclude has \(count) rules; expected \(limit) at most: a rule's list means any of its values."
    case .tooManyBases(let limit):
      "this is the base of more than \(limit) files in a row; lay some of them together."
    case .matchesNothing: "this rule excludes nothing; remove it, or mend its keys and values."
    case .noRuns: "every combination is excluded, so there is no run."
    case .tooManyRuns(let count, let limit, let isMeant):
      "the grid has \(count == Int.max ? "beyond 2^63" : "\(count)") runs, more than \(limit); "
        + (isMeant ? "so many are never made: shorten its lists." : "shorten its lists, or say --really.")
    case .duplicateRun(let first, let second, let run, let dropped):
      "\(first) and \(second) are the same run, \(run.short); each run is listed once."
        + (dropped.isEmpty
          ? "" : " Its model does not have \(dropped.joined(separator: ", ")): vary that under include.")
    case .setInZipOrInclude(let key):
      "\(key) is listed under zip or include, where one value cannot replace it; edit the manifest."

    case .missingKey(let key, let neededBy, let usual):
      "\(key) is missing, which \(neededBy) needs; "
        + (usual.isEmpty
          ? "no file of Experiments/common sets it." : "usual: \(usual.joined(separator: ", ")).")
    case .noValue(let key, let expected): "\(key) has no value; expected \(expected)."
    case .wrongValue(let key, let found, let expected, let hint):
      "\(key) is \(found); expected \(expected)\(hint.map { ": \($0)" } ?? "")."
    case .outOfRange(let key, let found, let least, let greatest):
      "\(key) is \(found); expected a whole number from \(least) to \(greatest)."
    case .unknownName(let key, let found, let noun, let known, let nearest):
      "\(key) is \(found), which is not \(noun). Known: \(known.joined(separator: ", "))"
        + (nearest.map { "; did you mean \($0)?" } ?? ".")
    case .impossible(_, let sentence): stopped(sentence)

    case .badTable(let reason): stopped(reason)
    case .badReference(let reason): stopped("the reference is no table of published numbers: \(reason)")

    case .otherMeaning(let key, let found, let current):
      "\(key) is \(found) there and \(current) in this program, so the same settings now mean another run;"
        + " use the program that made it, or run the manifest anew."
    case .notIdentical(let expected, let found):
      "the bytes have the hash \(found.short) instead of \(expected.short); they were damaged: restore them from a copy."
    case .notStored(let reason): stopped(reason)
    case .newer(let key, let what):
      "it has \(shortened(key))\(what) in this program: a newer one stored it. Use that one, or update this one."
    case .ungrown(let key):
      "\(key) is missing: this program has that setting, and no neutral value that runs from before it mean. Add one to "
        + "`Growth.current`, or use the program that stored the run."
    }
  }

  /// ` (sorting.yaml → common/a.yaml)`, for a file that was reached through others.
  private static func by(_ chain: [String]) -> String {
    chain.count < 2 ? "" : " (\(chain.joined(separator: " → ")))"
  }
}

/// The end of a sentence about something unknown: what may have been meant.
func suggested(_ nearest: String?) -> String { nearest.map { "; did you mean \($0)?" } ?? "." }

/// `text` as a sentence that ends once.
private func stopped(_ text: String) -> String {
  text.hasSuffix(".") || text.hasSuffix("?") ? text : text + "."
}

/// `text` without the full stop it may end in, to go on behind it.
func withoutStop(_ text: String) -> String {
  text.hasSuffix(".") ? String(text.dropLast()) : text
}

/// `1 run`, `2 runs`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
