/// A table as lines of text parts, before a renderer gives it a shape. Built tables and differences share it.
struct Layout: Sendable {
  enum Tone: Sendable { case plain, faint }

  struct Line: Sendable {
    /// The leading columns. One part in a line of several leading columns spans them all.
    var stub: [String]
    var cells: [CellText]
    var tone = Tone.plain
  }

  var caption: [String]
  /// Names of the leading columns.
  var stub: [String]
  /// What the labels of the other columns mean: `task.segments`.
  var axis: String
  var heads: [String]
  /// Groups of lines, set apart from each other.
  var blocks: [[Line]]
  var notes: [String]
  /// A paragraph of its own at the end: a heading and sentences.
  var remarks: [String] = []

  /// Every part of foreign origin, with control characters taken out.
  func printable() -> Layout {
    var layout = self
    layout.caption = caption.map(Tables.printable)
    layout.stub = stub.map(Tables.printable)
    layout.axis = Tables.printable(axis)
    layout.heads = heads.map(Tables.printable)
    layout.notes = notes.map(Tables.printable)
    layout.remarks = remarks.map(Tables.printable)
    layout.blocks = blocks.map { block in
      block.map { line in
        var line = line
        line.stub = line.stub.map(Tables.printable)
        return line
      }
    }
    return layout
  }
}
