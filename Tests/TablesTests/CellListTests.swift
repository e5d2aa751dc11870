import Records
import Tables
import Testing

@Suite struct CellLists {
  /// The numbers as printed in the paper.
  @Test func `the published Table 6 is that of the paper`() throws {
    let printed: [(memory: String, accuracy: [String])] = [
      ("none", ["36.19", "33.79", "31.69", "29.94", "19.04"]),
      ("working", ["79.69", "70.85", "62.21", "52.01", "34.32"]),
      ("short-term", ["82.66", "76.20", "66.37", "58.75", "54.87"]),
      ("long-term", ["82.27", "74.08", "66.58", "63.42", "63.26"]),
    ]
    let list = try SortingAblation.published()
    #expect(list.keys == ["model.memory", "task.segments", "task.length", "task.segment_length"])
    #expect(list.unit == .fraction)
    #expect(list.tier == "paper")
    #expect(list.entries.count == 20)
    for (memory, accuracies) in printed {
      for (place, accuracy) in zip(
        [("4", "4000"), ("8", "8000"), ("16", "16000"), ("32", "32000"), ("47", "48000")], accuracies)
      {
        let entry = try #require(list.entries.first { $0.labels == [memory, place.0, place.1, "1024"] })
        #expect(entry.cell.summary?.mean == Double(accuracy + "e-2"))
        #expect(entry.cell.decimals == 2)
      }
    }
  }

  /// The published gains, all but the one that the paper misprints (82.66 − 79.69 is 2.97, not 2.79).
  @Test func `the gains printed in the paper follow from Table 6`() throws {
    let list = try SortingAblation.published()
    let gains: [(String, String, [String])] = [
      ("working", "none", ["43.50", "37.06", "30.52", "22.07", "15.28"]),
      ("short-term", "working", ["2.97", "5.35", "4.16", "6.74", "20.55"]),
      ("long-term", "short-term", ["-0.39", "-2.12", "0.21", "4.67", "8.39"]),
    ]
    for (memory, below, printed) in gains {
      for (segments, gain) in zip(["4", "8", "16", "32", "47"], printed) {
        let pair = [memory, below].compactMap { memory in
          list.entries.first { $0.labels.starts(with: [memory, segments]) }?.cell.summary?.mean
        }
        #expect(abs((pair[0] - pair[1]) * 100 - (try #require(Double(gain)))) < 1e-9)
      }
    }
  }

  @Test func `the published Table 4 has its twelve settings of four models`() throws {
    let list = try SortingAblation.published("table4.csv")
    #expect(list.entries.count == 48)
    #expect(Set(list.entries.map(\.labels)).count == 48)
    let ofMemoria = list.entries.filter { $0.labels[0] == "memoria" && $0.labels[3] == "1024" }
    let ofTable6 = try SortingAblation.published().entries
      .filter { $0.labels[0] == "long-term" && $0.labels[1] != "47" }
    #expect(ofMemoria.map(\.cell) == ofTable6.map(\.cell))
  }

  @Test func `what a table writes as CSV reads back as the same cells`() throws {
    for table in [try SortingAblation.table(), try SortingAblation.halfway()] {
      let text = table.render(.csv, width: 0, colour: false)
      let list = try CellList(csv: Array(text.utf8), file: "t.csv", metric: nil)
      #expect(list.tier == "quick")
      #expect(list.manifest == SortingAblation.manifest)
      #expect(list.keys == ["model.memory", "task.segments"])
      let own = table.measuredCells.entries
      for entry in own {
        let read = try #require(list.entries.first { $0.labels == entry.labels }).cell
        #expect(read.summary == entry.cell.summary)
        #expect(read.planned == entry.cell.planned && read.finished == entry.cell.finished)
        #expect(read.running == entry.cell.running && read.failed == entry.cell.failed)
      }
    }
  }

  @Test func `percent and fraction are the same number`() throws {
    for (percent, fraction) in [
      ("36.19", "0.3619"), ("0.1", "0.001"), ("100", "1"), ("7e1", "0.7"), ("29.94", "0.2994"),
    ] {
      let a = try CellList(csv: Array("k,m,m.unit\nx,\(percent),%\n".utf8), file: "a", metric: nil)
      let b = try CellList(csv: Array("k,m,m.unit\nx,\(fraction),1\n".utf8), file: "b", metric: nil)
      #expect(a.entries[0].cell.summary == b.entries[0].cell.summary)
    }
  }

  @Test func `labels of equal numbers are equal`() throws {
    let list = try CellList(
      csv: Array(
        "k,m,m.unit\n1024,1,s\n1024.0,1,s\n1.024e3,1,s\n2e-4,1,s\n0.0002,1,s\n007,1,s\ninf,1,s\n".utf8),
      file: "a", metric: nil)
    #expect(
      list.entries.map(\.labels) == [["1024"], ["1024"], ["1024"], ["0.0002"], ["0.0002"], ["007"], ["inf"]])
  }

  @Test(arguments: [
    ("k,m\nx,1\n", "has no metric"),
    ("k,m,m.unit\nx,1\n", "t.csv:2: found 2 fields, expected 3"),
    ("k,m,m.unit\nx,one,%\n", "t.csv:2: found \"one\" as m"),
    ("k,m,m.unit\nx,nan,%\n", "t.csv:2: found \"nan\" as m"),
    ("k,m,m.unit\nx,1e999,%\n", "t.csv:2: found \"1e999\" as m"),
    ("k,m,m.unit\nx,1,\n", "t.csv:2: found no unit of m"),
    ("k,m,m.unit\nx,1,%\ny,1,s\n", "unit 1 here and s in line 3 of t.csv"),
    ("k,k,m,m.unit\nx,y,1,%\n", "found column k twice"),
    ("Key,m,m.unit\nx,1,%\n", "found \"Key\" as column 1"),
    ("a..b,m,m.unit\nx,1,%\n", "found \"a..b\" as column 1"),
    ("k,m,m.unit,m.runs\nx,1,%,-1\n", "found \"-1\" in m.runs"),
    ("k,m,m.unit,m.deviation\nx,1,%,-1\n", "found the deviation"),
    ("k,m,m.unit,n,n.unit\nx,1,%,2,s\n", "holds several metrics, m, n"),
    ("k,m,m.unit,tier\nx,1,%,quick\ny,1,%,paper\n", "would mix tier paper and quick"),
    ("k,m,m.unit\n", "found no cell"), ("", "found an empty file"),
  ])
  func `says what is wrong with a published table`(text: String, expected: String) {
    let error = #expect(throws: TablesError.self) {
      try CellList(csv: Array(text.utf8), file: "t.csv", metric: nil)
    }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func `a published table must tell its cells apart and have the axes`() throws {
    let bytes = Array(
      "model.memory,task.segments,task.length,test.accuracy,test.accuracy.unit\nnone,4,1,5,%\nnone,4,2,6,%\n"
        .utf8)
    let list = try CellList(csv: bytes, file: "p.csv", metric: nil)
    let error = #expect(throws: TablesError.self) {
      try Table(
        SortingAblation.specification(), heading: SortingAblation.heading, unit: .fraction,
        observations: SortingAblation.observations(), order: [:], reference: list, extraRows: [], notes: [])
    }
    #expect(error?.description.contains("differ in task.length") == true)
    let other = #expect(throws: TablesError.self) {
      try Table(
        SortingAblation.specification(columns: ["task.segment_length"]), heading: SortingAblation.heading,
        unit: .fraction, observations: [], order: [:], reference: list, extraRows: [], notes: [])
    }
    #expect(other?.description.contains("has no column task.segment_length") == true)
  }
}
