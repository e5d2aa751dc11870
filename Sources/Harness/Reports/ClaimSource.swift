import Foundation
import Tables

/// The claims about one published file, and the other published files that they speak of.
struct ClaimSource: Sendable {
  /// The name that a file of claims has beside published numbers.
  static let name = "claims.csv"

  private let all: [Claim]
  /// Where other published tables lie.
  private let folder: String

  /// - file: The published numbers.
  /// - asked: The file of claims that somebody named; it must be there.
  /// - Returns: nil, with a note, where there are no claims about the file.
  init?(beside file: String, asked: String?, notes: inout [String]) throws {
    let url = URL(fileURLWithPath: file)
    folder = url.deletingLastPathComponent().path
    let place = asked ?? folder + "/" + ClaimSource.name
    guard asked != nil || fileKind(at: place) != nil else {
      ClaimSource.note(
        "no claims: there is no \(ClaimSource.name) beside \(url.lastPathComponent).", in: &notes)
      return nil
    }
    let shown = asked ?? ClaimSource.name
    let bytes = try SourceText.bytes(of: SourceFile(named: place).path, shown: shown)
    all = try ClaimFile(csv: bytes, file: shown).claims.filter { $0.table == url.lastPathComponent }
    guard !all.isEmpty else {
      ClaimSource.note("no claims: \(shown) declares none about \(url.lastPathComponent).", in: &notes)
      return nil
    }
  }

  /// Every metric that something is claimed about, in the order of the file.
  var metrics: [String] {
    all.reduce(into: []) { metrics, claim in
      if !metrics.contains(claim.metric) { metrics.append(claim.metric) }
    }
  }

  func claims(of metric: String) -> [Claim] { all.filter { $0.metric == metric } }

  /// The other published tables that claims about a metric speak of, by the names of their files.
  func others(metric: String) throws -> [String: CellList] {
    var lists: [String: CellList] = [:]
    for name in Set(claims(of: metric).compactMap(\.otherTable)).sorted() {
      lists[name] = try PublishedFile(folder + "/" + name).cells(of: metric)
    }
    return lists
  }

  /// Says a thing once, whichever table it is said of.
  private static func note(_ sentence: String, in notes: inout [String]) {
    if !notes.contains(sentence + "\n") { notes.append(sentence + "\n") }
  }
}
