/// The chosen rows of every sequence, one after another, and zeros up to `places` of them: [B, places, width]. Records
/// nothing.
package func gathered(_ chosen: [ChosenRows], places: Int, width: Int) -> Tensor {
  for (table_ND, rows) in chosen.lazy.map({ ($0.table_ND, $0.rows) }) {
    require(rows.count <= places, "\(rows.count) rows do not fit \(places) places")
    require(
      rows.allSatisfy { $0 >= 0 && ($0 + 1) * width <= table_ND.count },
      "a row outside 0..<\(table_ND.count / max(width, 1)) was chosen of a table of vectors")
  }
  return Tensor([chosen.count, places, width]) { out in
    Processor.current.workers.share(chosen.count, cost: places * width) { sequences in
      for b in sequences {
        var place = out + b * places * width
        chosen[b].table_ND.withUnsafeBufferPointer { table in
          for row in chosen[b].rows {
            place.update(from: table.baseAddress! + row * width, count: width)
            place += width
          }
        }
        place.update(repeating: 0, count: (places - chosen[b].rows.count) * width)
      }
    }
  }
}
