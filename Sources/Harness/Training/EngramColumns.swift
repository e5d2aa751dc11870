import Archive
import Engrams

extension MemoryLog {
  /// The logs of an evaluation's batches, end to end, as the columns that are stored.
  ///
  /// `doc` numbers examples among all examples of the data; identifiers of engrams are unique in their document.
  init?(split: String, _ logs: [EngramLog]) {
    let count = logs.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    func column(_ name: String, _ values: KeyPath<EngramLog, [Int32]>) -> Column {
      Column(name: name, values: .int32(logs.flatMap { $0[keyPath: values] }))
    }
    func offsets<E>(_ list: KeyPath<EngramLog, RaggedColumn<E>>) -> [Int] {
      var offsets = [0]
      for log in logs {
        let base = offsets.last ?? 0
        offsets += log[keyPath: list].offsets.dropFirst().map { base + Int($0) }
      }
      return offsets
    }
    func list(_ name: String, _ values: KeyPath<EngramLog, RaggedColumn<Int32>>) -> List {
      List(
        name: name, offsets: offsets(values), values: .int32(logs.flatMap { $0[keyPath: values].values }))
    }
    self.init(
      split: split, count: count,
      columns: [
        column("t", \.step), column("segment", \.segment), column("doc", \.example), column("lane", \.row),
        column("n_wm", \.working), column("n_stm", \.shortTerm), column("n_ltm", \.longTerm),
        column("born", \.firstBorn), column("found_ltm", \.found),
      ],
      lists: [
        list("rem_stm", \.remindedShortTerm), list("rem_ltm", \.remindedLongTerm), list("age", \.ages),
        List(
          name: "credit", offsets: offsets(\.credit), values: .float32(logs.flatMap { $0.credit.values })),
        list("to_ltm", \.enteredLongTerm), list("died", \.died),
        List(
          name: "died_as", offsets: offsets(\.diedAs), values: .uint8(logs.flatMap { $0.diedAs.values })),
      ])
  }
}
