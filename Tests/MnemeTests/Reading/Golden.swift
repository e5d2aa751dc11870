import Foundation
import Testing

/// Compares text with `Golden/<name>`. On a mismatch writes what was found to `<name>.got` beside it and shows the lines
/// that differ.
func expectGolden(_ found: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  let file = folder.appendingPathComponent(name)
  let got = folder.appendingPathComponent(name + ".got")
  let expected = try? String(contentsOf: file, encoding: .utf8)
  guard expected != found else {
    try? FileManager.default.removeItem(at: got)
    return
  }
  #expect(throws: Never.self, sourceLocation: sourceLocation) { try Data(found.utf8).write(to: got) }
  let old = (expected ?? "").split(separator: "\n", omittingEmptySubsequences: false)
  let new = found.split(separator: "\n", omittingEmptySubsequences: false)
  var report = expected == nil ? ["there is no \(name) yet"] : []
  for change in new.difference(from: old) {
    switch change {
    case .remove(let line, let text, _): report.append("-\(line + 1): \(text)")
    case .insert(let line, let text, _): report.append("+\(line + 1): \(text)")
    }
  }
  Issue.record(
    "\(name) differs (what was found is in \(name).got):\n\(report.joined(separator: "\n"))",
    sourceLocation: sourceLocation)
}
