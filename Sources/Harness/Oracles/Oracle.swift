import Foundation

/// Something that replays files of numbers which a public reference implementation computed.
///
/// The format is described in the README of the folder of such files: a tiny model with random weights, token
/// sequences, and what came out. A new oracle is one file here and one line in `oracleCatalogue`.
protocol Oracle: SendableMetatype {
  /// Whether this oracle replays files of this model and with these groups.
  static func replays(_ file: OracleFile) -> Bool
  /// Computes everything in the file again and compares.
  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison
}

/// Every oracle that can be replayed, asked in this order.
let oracleCatalogue: [any Oracle.Type] = [
  OptimizerOracle.self,
  TransformerOracle.self,
  MemoriaOracle.self,
  InfinityFormerOracle.self,
  TransformerXLOracle.self,
  CompressiveTransformerOracle.self,
]

/// What came of one oracle file.
package struct OracleReport: Sendable {
  package enum Outcome: Sendable {
    /// In the order of computing.
    case replayed([OracleQuantity])
    case skipped(reason: String)
    case unreadable(reason: String)
  }

  /// The file's name without its folder.
  package let file: String
  package let outcome: Outcome

  /// The first quantity out of tolerance, if there is one.
  package var firstFailure: OracleQuantity? {
    guard case .replayed(let quantities) = outcome else { return nil }
    return quantities.first { !$0.isWithinTolerance }
  }
}

/// Replays every oracle file of a folder, in the order of their names.
///
/// - Throws: `OracleError` when the folder cannot be read or holds no oracle file.
package func replayOracles(in folder: String) throws(OracleError) -> [OracleReport] {
  let names: [String]
  do {
    names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".h5") }
      .sorted()
  } catch {
    let near = nearestFile(to: folder, kind: .typeDirectory).map { " (did you mean \($0)?)" }
    throw .folder(folder, "there is no such folder, or it may not be read" + (near ?? ""))
  }
  guard !names.isEmpty else { throw .folder(folder, "it holds no .h5 file") }
  return names.map { OracleReport(file: $0, outcome: replayOracle(at: folder + "/" + $0)) }
}

/// Replays one oracle file.
package func replayOracle(at path: String) -> OracleReport.Outcome {
  do throws(OracleError) {
    let file = try OracleFile(path)
    guard let oracle = oracleCatalogue.first(where: { $0.replays(file) }) else {
      return .skipped(reason: "no oracle of this program replays the model \"\(file.model)\"")
    }
    return .replayed(try oracle.replay(file).quantities)
  } catch {
    return .unreadable(reason: error.description)
  }
}

/// Why an oracle could not be replayed.
package enum OracleError: Error, CustomStringConvertible {
  case folder(String, String)
  case file(String, String)
  case missing(file: String, what: String)

  package var description: String {
    switch self {
    case .folder(let path, let reason): "\(path) has no oracles to replay: \(reason)."
    case .file(let path, let reason): "\(path) is not an oracle file: \(reason)."
    case .missing(let file, let what): "\(file) has no \(what), which its model needs."
    }
  }
}
