import Foundation
import Records
import Tables

/// A table of few numbers beside published ones, to be verified.
enum Trial {
  /// - measured: The numbers of each row by seed, from 1; a nil one is not finished yet.
  /// - published: Columns `model.kind` and what belongs to `test.accuracy`.
  static func verification(
    _ measured: [(row: String, values: [Double?])], published: String, margin: Margin? = nil,
    tier: String = "paper", claims: String? = nil, isPaired: Bool = false
  ) throws -> Verification {
    let list = try CellList(csv: Array(published.utf8), file: "trial.csv", metric: "test.accuracy")
    let specification = try TableSpecification(
      name: "trial", rows: ["model.kind"], columns: [], cell: "test.accuracy", over: ["seed"],
      show: .meanAndDeviation, better: .higher, reference: "paper/trial.csv",
      comparison: ComparisonSpecification(isPaired: isPaired))
    let observations = measured.enumerated().flatMap { row, entry in
      entry.values.enumerated().map { observation(row, entry.row, seed: $0 + 1, $1, tier: tier) }
    }
    let table = try Table(
      specification, heading: Heading(title: "trial", tier: tier, manifest: nil), unit: .fraction,
      observations: observations, order: ["model.kind": measured.map { .text($0.row) }], reference: list,
      extraRows: [], notes: [])
    let head = "table,claim,form,metric,a,b,along,each,at,printed,text,source\n"
    let declared = try claims.map { try ClaimFile(csv: Array((head + $0).utf8), file: "claims.csv").claims }
    return try Verification(
      table, published: list, claims: declared ?? [], others: [:],
      rules: VerificationRules(alpha: 0.05, margin: margin))
  }

  private static func observation(
    _ row: Int, _ name: String, seed: Int, _ value: Double?, tier: String
  ) -> Observation {
    var settings = Settings()
    settings["model.kind"] = .text(name)
    settings["numerics"] = .text("numerics-1")
    settings["seed"] = .integer(seed)
    let run = SortingAblation.digest(0x100 + row * 16 + seed)
    let record = value.map {
      Record(run: run, settings: settings, derived: Settings(), metrics: ["test.accuracy": $0], cost: [:])
    }
    return Observation(
      run: run, settings: settings, derived: Settings(), tier: tier,
      state: record.map { .finished($0) } ?? .waiting)
  }

  /// One published number.
  static func bare(_ text: String, tier: String = "paper") -> String {
    "model.kind,test.accuracy,test.accuracy.unit,tier\na,\(text),%,\(tier)\n"
  }

  /// A published mean, deviation and number of runs.
  static func spread(_ mean: String, _ deviation: String, _ runs: Int) -> String {
    "model.kind,test.accuracy,test.accuracy.unit,test.accuracy.deviation,test.accuracy.runs,tier\n"
      + "a,\(mean),%,\(deviation),\(runs),paper\n"
  }

  /// A shipped file of published numbers or claims.
  static func shipped(_ name: String) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appendingPathComponent("Experiments/paper/\(name)")))
  }

  /// What the paper says of a shipped table, from its own numbers.
  static func paper(_ name: String, _ metric: String = "test.accuracy") throws -> Verification {
    func list(_ name: String) throws -> CellList {
      try CellList(csv: try shipped(name), file: name, metric: metric)
    }
    let claims = try ClaimFile(csv: try shipped("claims.csv"), file: "claims.csv")
      .claims(about: name, metric: metric)
    let others = Set(claims.compactMap(\.otherTable))
    return try Verification(
      published: try list(name), name: name, claims: claims,
      others: Dictionary(uniqueKeysWithValues: try others.map { ($0, try list($0)) }),
      rules: VerificationRules(alpha: 0.05, margin: nil))
  }
}
