package import Archive
import Records

/// What nothing needs any more in a store, found or removed: what `mneme gc` says.
package struct Tidying: Sendable {
  private let items: [Sweep.Item]
  private let busy: Int
  private let isDry: Bool
  private let isStopped: Bool
  /// What could not be looked at or removed, a sentence each.
  package let complaints: [String]

  /// - Parameters:
  ///   - isDry: whether it is only looked for.
  ///   - isToStop: asked before each run.
  package init(_ store: Store, isDry: Bool, isToStop: () -> Bool) throws {
    let idle = try IdleObjects.all(in: store)
    let sweep = try Sweep(store, removing: !isDry, objects: idle, isToStop: isToStop)
    (items, busy, complaints) = (sweep.items, sweep.busy.count, sweep.complaints)
    self.isDry = isDry
    isStopped = isToStop()
  }

  /// 3 where it was stopped, 2 where something could not be looked at or removed.
  package var status: ExitStatus { isStopped ? .stopped : complaints.isEmpty ? .done : .unable }

  /// A line for everything, then what it comes to by its kind.
  package var text: String {
    let list = inColumns(items.map { [$0.kind.rawValue, "\($0.bytes.grouped) bytes", $0.path] })
    var sums: [String] = []
    for kind in Sweep.Item.Kind.allCases {
      let count = items.count { $0.kind == kind }
      guard count > 0 else { continue }
      let isNoun = [.checkpoint, .place, .object].contains(kind)
      sums.append(isNoun ? counted(count, kind.rawValue) : "\(count) \(kind.rawValue)")
    }
    let bytes = items.reduce(0) { $0 + $1.bytes }
    let sum =
      items.isEmpty
      ? "Nothing to remove."
      : "\(isDry ? "Would remove" : "Removed") \(sums.joined(separator: ", ")): \(bytes.grouped) bytes."
    let passed = busy > 0 ? " \(counted(busy, "run")) passed over: somebody works on them." : ""
    return list + sum + passed + "\n"
  }

  /// An object for programs.
  package var json: String {
    jsonText(
      TidyingJSON(
        removed: !isDry, bytes: items.reduce(0) { $0 + $1.bytes }, busy: busy,
        items: items.map { .init(kind: $0.kind.rawValue, path: $0.path, bytes: $0.bytes) }))
  }

  private struct TidyingJSON: Encodable {
    struct Item: Encodable {
      let kind: String
      let path: String
      let bytes: Int
    }

    let removed: Bool
    let bytes: Int
    let busy: Int
    let items: [Item]
  }
}
