/// Stops the program with `complaint` unless `condition` holds.
///
/// `precondition` would do, but an optimized build drops its message.
@inline(__always)
package func require(_ condition: Bool, _ complaint: @autoclosure () -> String) {
  guard condition else { fatalError(complaint()) }
}

/// One thing that makes a configuration impossible: the key it is about, and a sentence for its author.
package struct Complaint: Sendable, Equatable {
  /// The key relative to the configuration's group: `heads`, `memoria.engrams`.
  package let key: String
  /// What was found and what is possible.
  package let sentence: String

  package init(_ key: String, _ sentence: String) {
    self.key = key
    self.sentence = sentence
  }
}
