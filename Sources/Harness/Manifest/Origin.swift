/// Where something in a manifest was written, for errors.
package enum Origin: Sendable, Hashable {
  /// A place in a file; lines and columns count from one.
  case file(String, line: Int, column: Int)
  /// An argument of the command line, such as `--set seed=4`.
  case argument(String)
  /// Something kept in the store, such as `run 3f9a2c1b04d1`.
  case stored(String)

  /// The line in the file, if it is one.
  package var line: Int? {
    guard case .file(_, let line, _) = self else { return nil }
    return line
  }
}

extension Origin: CustomStringConvertible {
  /// `sorting.yaml:7`, `--set seed=4`, or `stored run 3f9a2c1b04d1`.
  package var description: String {
    switch self {
    case .file(let name, let line, _): "\(name):\(line)"
    case .argument(let text): text
    case .stored(let what): "stored \(what)"
    }
  }
}
