import Records

/// Why nothing can be measured or compared.
package enum BenchmarkError: Error, CustomStringConvertible, Equatable {
  case unknownModel(String, known: [String])
  case impossibleSize(String)
  case childFailed(what: String, reason: String)
  case noAnswer(what: String, expected: String)
  case otherWork(what: String, size: String, found: String, asked: String)
  case unreadable(String, reason: String)
  case noBenchmark(String)
  case otherBenchmark(String, found: String, expected: String)
  case otherSizes(String, size: String, saved: String, here: String)
  case nothingAlike(String)

  package var description: String {
    switch self {
    case .unknownModel(let name, let known):
      "--model \(name) is no model; expected one of \(known.joined(separator: ", "))"
        + suggested(nearest(name, among: known))
    case .impossibleSize(let sentence): "these sizes cannot be: \(sentence)."
    case .childFailed(let what, let reason): "\(what) did not measure: \(reason)"
    case .noAnswer(let what, let expected):
      "\(what) printed nothing that could be read; expected \(expected) on its standard output."
    case .otherWork(let what, let size, let found, let asked):
      "\(what) measured \(size) \(found) and was asked for \(asked): it did other work, so it is not compared."
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .noBenchmark(let path):
      "\(path) is no saved benchmark; expected what `mneme bench … --json` printed, a list of objects."
    case .otherBenchmark(let path, let found, let expected):
      "\(path) was saved by `mneme bench \(found)`; expected one of `mneme bench \(expected)`."
    case .otherSizes(let path, let size, let saved, let here):
      "\(path) is of other sizes: \(size) is \(saved) there and \(here) here. Measure with the same options."
    case .nothingAlike(let path): "\(path) has no row in common with what was measured here."
    }
  }
}
