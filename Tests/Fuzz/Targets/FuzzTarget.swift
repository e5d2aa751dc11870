/// A reader of untrusted bytes, with what must hold of it for any bytes at all.
///
/// `read` returns: what is wrong with the input is told in a sentence that a terminal shows as it stands. It never
/// traps, and neither its time nor its memory grows faster than the input does. `mneme-fuzz` calls it with inputs that
/// libFuzzer makes up, the tests with all that were ever found to break it.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// A manifest's text, from YAML to the plan of its runs.
  case manifest
  /// What is typed after `--where`.
  case selection
  /// Tables and claims in CSV: published, or printed by this program.
  case tables
  /// Everything in a store that is no HDF5: settings, manifests, records of attempts, logs, notes, plans, the index.
  case records
  /// Results, weights, checkpoints, and HDF5 files of other programs.
  case results

  package func read(_ bytes: [UInt8]) {
    switch self {
    case .manifest: readManifest(bytes)
    case .selection: readSelection(bytes)
    case .tables: readTables(bytes)
    case .records: readRecords(bytes)
    case .results: readResults(bytes)
    }
  }
}

/// Stops the program with a sentence, in release too: that is how libFuzzer learns of it.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
  if !condition { fatalError(sentence()) }
}

/// Stops the program where a terminal would do something else with a sentence than show it.
func requireShown(_ sentence: String) {
  for scalar in sentence.unicodeScalars {
    let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    let turnsText = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    require(!isControl && !turnsText, "U+\(String(scalar.value, radix: 16)) in: \(sentence)")
  }
}

/// What `body` gives; nil where it throws, whose sentence must be one that can be shown.
func result<Value>(_ body: () throws -> Value) -> Value? {
  do { return try body() } catch {
    requireShown("\(error)")
    return nil
  }
}
