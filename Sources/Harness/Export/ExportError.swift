/// Why runs cannot be handed on.
package enum ExportError: Error, CustomStringConvertible, Equatable {
  case unknownFormat(String, nearest: String?)
  case exists(String)
  case noneFinished(leftOut: [String: Int])

  package var description: String {
    switch self {
    case .unknownFormat(let file, let near):
      "the format of \(file) cannot be told from its name; expected one that ends in "
        + ExportFormat.allCases.flatMap(\.endings).map { ".\($0)" }.joined(separator: ", ")
        + (near.map { ": did you mean .\($0)?" } ?? ".")
    case .exists(let path):
      "\(path) exists already; add --replace to write over it, or choose another name."
    case .noneFinished(let leftOut):
      "none of the chosen runs is finished (\(stateCounts(leftOut))), so there is nothing to export; "
        + "`mneme status` tells how far they are."
    }
  }
}

/// `2 failed, 1 running`, in one order.
func stateCounts(_ counts: [String: Int]) -> String {
  counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
}
