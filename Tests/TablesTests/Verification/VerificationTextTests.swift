import Foundation
import Tables
import Testing

@Suite struct VerificationTextTests {
  private func verification(_ table: Table) throws -> Verification {
    let claims = try ClaimFile(csv: try Trial.shipped("claims.csv"), file: "claims.csv")
    let other = try CellList(
      csv: try Trial.shipped("table4.csv"), file: "table4.csv", metric: "test.accuracy")
    return try Verification(
      table, published: try SortingAblation.published(),
      claims: claims.claims(about: "table6.csv", metric: "test.accuracy"), others: ["table4.csv": other],
      rules: VerificationRules(alpha: 0.05, margin: Margin("2%")))
  }

  @Test(arguments: [Format.text, .markdown, .csv, .latex])
  func `a verification is printed as agreed`(format: Format) throws {
    let text = Verification.render(
      [try verification(SortingAblation.halfway())], format, width: 120, colour: false)
    expectGolden(text, "verification.\(format.fileExtension)")
  }

  @Test func `another reader reads the JSON, and finds every check`() throws {
    let text = Verification.render(
      [try verification(SortingAblation.table())], .json, width: 0, colour: false)
    let list = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    let object = list[0]
    #expect(object["schema"] as? String == "mneme/verification/v1")
    #expect((object["values"] as? [Any])?.count == 20)
    #expect((object["order"] as? [Any])?.count == 30)
    #expect((object["claims"] as? [Any])?.count == 20)
    #expect(object["mixes_tiers"] as? Bool == true)
    let counts = try #require((object["counts"] as? [String: [String: Int]])?["values"])
    #expect(counts.values.reduce(0, +) == 20 && counts["inconclusive"] == 5)
  }

  @Test func `CSV has one line for each check, and one more for a claim that was asked of our runs`() throws {
    let verification = try verification(SortingAblation.table())
    let text = Verification.render([verification], .csv, width: 0, colour: false)
    let records = try CSV.records(Array(text.utf8), file: "t.csv")
    #expect(records.allSatisfy { $0.fields.count == 12 })
    #expect(records.count == 1 + 20 + 30 + 20 + verification.claims.count { $0.measured != nil })
  }
}
