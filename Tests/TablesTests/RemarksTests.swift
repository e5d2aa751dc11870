import Foundation
import Records
import Tables
import Testing

@Suite struct RemarksUnderATable {
  /// Claims 92 to 94 of the specification, which say what the published numbers show: worked out there by hand.
  @Test func `the published numbers say what a person reads in them`() throws {
    let remarks = try #require(try SortingTable.table().remarks)
    #expect(remarks.keys == ["task.segment_length"])
    #expect(remarks.places.map(\.labels) == [["16"], ["24"], ["32"]])
    let published = try remarks.places.map { try #require($0.published) }
    #expect(published.allSatisfy { $0.leastLost == ["memoria"] })
    for (side, loss) in zip(published, [30.34, 24.51, 18.85]) {
      #expect(abs((side.losses["memoria"] ?? 0) * 100 - loss) < 1e-9)
    }
    #expect(published.map { $0.best[0] } == [["infinity-former"], ["infinity-former"], ["infinity-former"]])
    #expect(published.map { $0.best[1] } == [["memoria"], ["infinity-former"], ["infinity-former"]])
    #expect(published.map(\.leadsFrom) == ["8", "16", "16"])
    #expect(published.allSatisfy { $0.worsening == SortingTable.kinds })
  }

  /// The made-up numbers, by eye: at 16 two models are equally good at 8 segments; at 24 Transformer-XL stands still
  /// from 16 to 32; at 32 Memoria is not best at the end.
  @Test func `the measured numbers are read by the same rule`() throws {
    let places = try #require(try SortingTable.table().remarks).places
    let measured = places.map(\.measured)
    #expect(measured.map(\.leastLost) == [["memoria"], ["memoria"], ["infinity-former"]])
    #expect(abs((measured[0].losses["memoria"] ?? 0) - 0.17) < 1e-12)
    #expect(
      measured[0].best == [["infinity-former"], ["infinity-former", "memoria"], ["memoria"], ["memoria"]])
    #expect(measured[2].best == [["transformer-xl"], ["memoria"], ["memoria"], ["infinity-former"]])
    #expect(measured.map(\.leadsFrom) == ["8", "8", nil])
    #expect(measured[1].worsening == Array(SortingTable.kinds.dropFirst()))
    #expect(places.allSatisfy { $0.along == ["4", "8", "16", "32"] && $0.complete == $0.planned })
  }

  @Test(arguments: Format.allCases)
  func `a table with remarks is printed as agreed`(format: Format) throws {
    expectGolden(
      try SortingTable.table().render(format, width: 120, colour: false), "remarks.\(format.fileExtension)")
  }

  /// At 16 one run is missing, at 24 one model is left, at 32 nothing has finished.
  @Test func `what is not complete takes no part, and that is said`() throws {
    let table = try SortingTable.table(
      SortingTable.observations { kind, length, segments in
        switch length {
        case 0: kind == 2 && segments == 3 ? .running : nil
        case 1: kind == 0 ? nil : segments == 0 ? .failed : nil
        default: .waiting
        }
      })
    let places = try #require(table.remarks).places
    #expect(places.map(\.complete.count) == [3, 1, 0])
    #expect(places[0].measured.best[0] == ["transformer-xl"])
    #expect(places[0].published?.best[0] == ["memoria"], "the same three models are compared")
    expectGolden(table.render(.text, width: 120, colour: false), "remarks-partial.txt")
  }

  /// One model of four is still running in one place of three: the other two are whole, and they alone are counted.
  @Test func `what more runs could take back is no verdict`() throws {
    let table = try SortingTable.table(
      SortingTable.observations { kind, length, _ in kind == 3 && length == 0 ? .running : nil })
    #expect(try #require(table.remarks).places.map(\.isWhole) == [false, true, true])
    let lines = table.render(.text, width: 1000, colour: false).split(separator: "\n")
    let halfway = lines.filter {
      $0.hasPrefix("task.segment_length 16 (256): ") && !$0.contains("measured value")
    }
    #expect(halfway.count == 2)
    #expect(
      halfway.allSatisfy { $0.contains("(3 of 4 series complete on both sides)") && !$0.contains("agree") })
    #expect(halfway.allSatisfy { !$0.contains("differs") })
    #expect(
      lines.contains(
        "Agreement of quick with published (only the 2 of 3 places whose series are all complete): who loses least, 1 of 2; "
          + "who is best, 4 of 8; from where on memoria is best, 0 of 2."))
  }

  /// Guessing is at 64.5, 66.5 and 75 percent: with made-up numbers, one model, two and all of them begin there.
  @Test func `who begins at the chance floor has nothing to lose`() throws {
    var values: [[Value]: Double] = [:]
    for (length, chance) in zip(SortingTable.lengths, [0.645, 0.665, 0.75]) {
      for count in SortingTable.segments { values[[.integer(length), .integer(count)]] = chance }
    }
    let table = try SortingTable.table(floors: [ExtraRow(label: "chance floor", values: values)])
    let places = try #require(table.remarks).places
    #expect(
      places.map(\.measured.atFloor) == [
        ["compressive-transformer"], ["compressive-transformer", "memoria"], SortingTable.kinds,
      ])
    #expect(places.map(\.measured.leastLost) == [["memoria"], ["transformer-xl"], []])
    #expect(places[0].published?.atFloor == ["compressive-transformer"])
    #expect(places[0].measured.worsening == ["transformer-xl", "infinity-former", "memoria"])
    expectGolden(table.render(.text, width: 120, colour: false), "remarks-floor.txt")
  }

  @Test func `shuffled runs say the same`() throws {
    let expected = try SortingTable.table().render(.json, width: 120, colour: false)
    var generator = Shuffling(state: 3)
    for _ in 0..<5 {
      let table = try SortingTable.table(SortingTable.observations().shuffled(using: &generator))
      #expect(table.render(.json, width: 120, colour: false) == expected)
    }
  }

  @Test func `without a reference nothing is compared`() throws {
    let text = try SortingTable.table(isCompared: false).render(.text, width: 200, colour: false)
    #expect(text.contains("16: least lost from 4 to 32 task.segments: memoria 17.00, from 66.00 (quick).\n"))
    #expect(!text.contains("published"))
    #expect(!text.contains("agree"))
  }

  /// A model that nobody published stands in the table, and in no comparison.
  @Test func `only series of both sides are compared`() throws {
    let extra = SortingTable.observations().filter { $0.settings["model.kind"] == .text("memoria") }.map {
      run in
      var settings = run.settings
      settings["model.kind"] = .text("transformer")
      let id = SortingAblation.digest(0x9000 + Int(run.run.short.prefix(4), radix: 16)!)
      guard case .finished(let record) = run.state else { return run }
      return Observation(
        Record(
          run: id, settings: settings, derived: run.derived, metrics: record.metrics, cost: [:]),
        tier: "quick")
    }
    let table = try SortingTable.table(SortingTable.observations() + extra)
    let place = try #require(table.remarks).places[0]
    #expect(place.planned.count == 5)
    #expect(place.complete == SortingTable.kinds)
    #expect(table.render(.text, width: 200, colour: false).contains("(4 of 5 series complete on both sides)"))
  }

  @Test func `several seeds are not told that they are one`() throws {
    let one = try SortingTable.table().render(.markdown, width: 0, colour: false)
    let three = try SortingTable.table(SortingTable.observations(seeds: [1, 2, 3])).render(
      .markdown, width: 0, colour: false)
    #expect(one.contains("One seed a cell carries no significance"))
    #expect(!three.contains("One seed"))
    #expect(three.contains("is not tested here"))
  }

  @Test func `where less is better, worse is more`() throws {
    let table = try SortingTable.table(
      SortingTable.observations(), SortingTable.specification(better: .lower), isCompared: false)
    let side = try #require(table.remarks).places[0].measured
    // Every series of accuracies falls, which would be a gain of a loss.
    #expect(side.worsening.isEmpty)
    #expect(side.leastLost == ["transformer-xl", "infinity-former"])
    #expect(abs((side.losses["transformer-xl"] ?? 0) + 0.27) < 1e-12)
    #expect(side.best[0] == ["compressive-transformer"])
    #expect(table.render(.text, width: 200, colour: false).contains("test.accuracy rises with every step"))
  }

  @Test func `remarks need axes of the table and a direction`() throws {
    func complaint(_ along: String, _ of: String, better: Better? = .higher) -> String {
      let error = #expect(throws: TablesError.self) {
        try SortingTable.specification(
          better: better, remarks: RemarkSpecification(along: along, of: of, about: nil))
      }
      return error?.description ?? ""
    }
    #expect(complaint("task.length", "model.kind").contains("remarks.along: task.length"))
    #expect(complaint("task.segments", "seed").contains("remarks.of: seed"))
    #expect(complaint("task.segments", "task.segments").contains("not the same for both"))
    #expect(complaint("task.segments", "model.kind", better: nil).contains("better: higher"))
  }

  @Test func `remarks are about a label of the table`() throws {
    func complaint(_ about: String, isCompared: Bool = true) throws -> String {
      let specification = try SortingTable.specification(
        remarks: .init(along: "task.segments", of: "model.kind", about: about))
      let error = #expect(throws: TablesError.self) {
        try SortingTable.table(SortingTable.observations(), specification, isCompared: isCompared)
      }
      return error?.description ?? ""
    }
    #expect(
      try complaint("memorya")
        == "table table4, remarks.about: no run and no published number here has model.kind=memorya; did you mean "
        + "memoria?")
    #expect(
      try complaint("gru", isCompared: false).hasSuffix(
        "known are \(SortingTable.kinds.sorted().joined(separator: ", "))."))
  }

  @Test func `remarks are in the hash of a table that has them, and only there`() throws {
    let with = try SortingTable.specification()
    let without = try SortingTable.specification(remarks: nil)
    #expect(!without.settings.keys.contains { $0.hasPrefix("remarks") })
    #expect(with.settings.canonicalBytes != without.settings.canonicalBytes)
    #expect(RemarkSpecification(with.settings.group("remarks")) == with.remarks)
    #expect(try SortingTable.table(SortingTable.observations(), without).remarks == nil)
    let bare = try SortingTable.table(
      SortingTable.observations(), SortingTable.specification(remarks: nil, isPaired: false))
    let text = bare.render(.json, width: 0, colour: false)
    #expect(!text.contains("remarks") && !text.contains("published_as"))
  }
}
