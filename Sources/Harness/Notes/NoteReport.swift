package import Archive
import Records

/// What was written about runs and manifests: what `mneme note` prints.
package struct NoteReport: Sendable {
  private let entries: [(subject: NoteSubject, tags: [String], notes: [Remark])]
  /// What is damaged, for standard error; empty if nothing is.
  package let complaints: String

  /// - Parameter subjects: in the order in which they are shown.
  package init(_ subjects: [NoteSubject], _ notebook: Notebook) {
    entries = subjects.map { ($0, notebook.tags(of: $0.id), notebook.notes(on: $0.id)) }
    complaints = notebook.damage.map { "damaged: \($0)\n" } ?? ""
  }

  /// 1 where something is damaged.
  package var status: ExitStatus { complaints.isEmpty ? .done : .finding }

  package func text(width: Int) -> String {
    entries.map { subject, tags, notes in
      let name = subject.name.isEmpty ? "" : "  \(subject.name)"
      let body = remarkText(tags: tags, notes: notes, width: width)
      return "\(subject.kind.rawValue) \(subject.id.short)\(name)\n"
        + (body.isEmpty ? "  no note and no tag\n" : body)
    }.joined(separator: "\n")
  }

  /// A list of objects, each with its run or manifest.
  package var json: String {
    jsonText(
      entries.map { subject, tags, notes in
        EntryJSON(
          run: subject.kind == .run ? subject.id.hex : nil,
          manifest: subject.kind == .manifest ? subject.id.hex : nil, name: subject.name, tags: tags,
          notes: notes.map(NoteJSON.init))
      })
  }

  private struct EntryJSON: Encodable {
    let run: String?
    let manifest: String?
    let name: String
    let tags: [String]
    let notes: [NoteJSON]
  }
}

/// A note as JSON has it.
struct NoteJSON: Encodable {
  let written: String
  let by: String
  let text: String

  init(_ note: Remark) { (written, by, text) = (note.written, note.author, note.text) }
}

/// Tags in a line, then the notes, oldest first; nothing where there are none.
func remarkText(tags: [String], notes: [Remark], width: Int) -> String {
  var lines = tags.isEmpty ? [] : ["  tags: \(tags.joined(separator: ", "))"]
  for note in notes {
    let head = "\(note.written.prefix(16).map { $0 == "T" ? " " : String($0) }.joined()) \(note.author): "
    lines += (head + note.text).wrapped(width: max(20, width - 4)).enumerated().map { index, line in
      (index == 0 ? "  " : "    ") + line
    }
  }
  return lines.map { "\($0)\n" }.joined()
}

/// The tags, and the beginning of the newest note, as one or two cells of a line.
func remarkCells(tags: [String], notes: [Remark]) -> [String] {
  var cells = tags.isEmpty ? [] : [tags.map { "#\($0)" }.joined(separator: " ")]
  if let first = notes.last?.text.split(separator: "\n").first {
    cells.append("“\(first.prefix(40))\(first.count > 40 ? "…" : "")”")
  }
  return cells
}
