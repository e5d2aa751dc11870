import Records

/// A table as lines of text parts, before a renderer gives it a shape. Built tables and differences share it.
struct Layout: Sendable {
  enum Tone: Sendable { case plain, faint }

  struct Line: Sendable {
    /// The leading columns. One part in a line of several leading columns spans them all.
    var stub: [String]
    var cells: [CellText]
    var tone = Tone.plain
  }

  /// How columns of several keys are named when they stand in blocks below each other: the block by all keys but the
  /// last, a column by the last.
  struct Sections: Sendable {
    /// The block of each column: `task.segment_length 16`.
    var names: [String]
    var heads: [String]
    var axis: String
  }

  var caption: [String]
  /// Names of the leading columns.
  var stub: [String]
  /// What the labels of the other columns mean: `task.segments`.
  var axis: String
  var heads: [String]
  /// Nil for columns of one key.
  var sections: Sections?
  /// Groups of lines, set apart from each other.
  var blocks: [[Line]]
  var notes: [String]
  /// A paragraph of its own at the end: a heading and sentences.
  var remarks: [String] = []

  /// Every part of foreign origin, with control characters taken out.
  func printable() -> Layout {
    var layout = self
    layout.caption = caption.map(Records.printable)
    layout.stub = stub.map(Records.printable)
    layout.axis = Records.printable(axis)
    layout.heads = heads.map(Records.printable)
    layout.sections = sections.map {
      Sections(
        names: $0.names.map(Records.printable), heads: $0.heads.map(Records.printable),
        axis: Records.printable($0.axis))
    }
    layout.notes = notes.map(Records.printable)
    layout.remarks = remarks.map(Records.printable)
    layout.blocks = blocks.map { block in
      block.map { line in
        var line = line
        line.stub = line.stub.map(Records.printable)
        return line
      }
    }
    return layout
  }
}
