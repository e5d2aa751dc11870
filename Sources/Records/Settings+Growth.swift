/// How a schema grows without renaming old runs.
///
/// A setting added later carries a *neutral* value: what the program did before the setting existed. A
/// setting equal to its neutral value is left out of the canonical form, so that a run of the old behaviour
/// has the id it always had. What manifests usually say may change later; a neutral value never does.
extension Settings {
  /// These settings as they are hashed and stored: without the entries that equal their neutral value.
  package func omitting(neutral: [String: Value]) -> Settings {
    Settings(sorted: entries.filter { neutral[$0.key] != $0.value })
  }

  /// These settings as they are run: with the neutral value of every key that is absent.
  ///
  /// Undoes `omitting(neutral:)`. `neutral` must hold the keys of the model and task at hand only.
  package func completed(neutral: [String: Value]) -> Settings {
    var result = self
    for (key, value) in neutral.sorted(by: { $0.key < $1.key }) where result[key] == nil {
      result[key] = value
    }
    return result
  }

  /// The bytes that `Identity.run` hashes and the store keeps: canonical, without neutral entries.
  package func identityBytes(neutral: [String: Value]) -> [UInt8] {
    omitting(neutral: neutral).canonicalBytes
  }
}
