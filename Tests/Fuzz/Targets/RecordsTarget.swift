import Foundation
import Records

@testable import Archive
@testable import Harness

/// Bytes that are read as every kind of record that they could be. Checks of bytes are made to fit: whoever forges a
/// record makes them fit, too.
func readRecords(_ bytes: [UInt8]) {
  guard bytes.count <= 1 << 20 else { return }
  if bytes.first.map({ $0 < 0x80 }) == true { readLines(bytes) } else { readItems(bytes) }
  readFrames(bytes)
}

/// Canonical CBOR: settings, manifests, costs, baselines, entries of the index.
private func readItems(_ bytes: [UInt8]) {
  guard let item = result({ try CBOR.decode(bytes) }) else { return }
  require(CBOR.encode(item) == bytes, "bytes that were taken for canonical are not")
  if let settings = result({ try Settings(canonicalBytes: bytes) }) {
    require(settings.canonicalBytes == bytes, "settings are others when they are written again")
    // A text among them may be anything, and is shown through the terminal's own filter.
    requireShown(
      TerminalText.painted(settings.keys.map { settings[$0]?.description ?? "" }.joined(separator: " ")))
  }
  if let run = result({ try Specification(canonicalBytes: bytes) }) {
    require(run.canonicalBytes == bytes, "a run is another one when it is written again")
  }
  _ = result { try Manifest(canonicalBytes: bytes, hash: Digest.sha256(bytes)) }
  _ = MeasuredCost(bytes)
  _ = Baselines.id(ofStored: bytes)
  _ = FinalNumbers(indexed: bytes)
}

/// JSON: records of attempts, logs, notes, plans and what was submitted.
private func readLines(_ bytes: [UInt8]) {
  let store = FuzzFolder.store
  let run = store.run(FuzzFolder.run)
  let attempt = run.attemptPath(1)
  FuzzFolder.write(bytes, to: "\(attempt)/attempt.json")
  FuzzFolder.write(bytes, to: "\(attempt)/end.json")
  let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    .flatMap { checked($0) + [UInt8(ascii: "\n")] }
  FuzzFolder.write(lines, to: "\(attempt)/live.jsonl")
  FuzzFolder.write(lines, to: "\(store.root)/notes.jsonl")
  for attempt in result({ try run.attempts() }) ?? [] {
    for damage in attempt.damage { requireShown(damage.sentence) }
  }
  _ = result { try run.state() }
  _ = result { try run.live() }
  if let notebook = result({ try Notebook(of: store) }) {
    for remark in notebook.remarks {
      requireShown(remark.text + remark.author + remark.written)
      require(
        Remark(line: remark.line.dropLast()[...]) == remark, "a note is another one when it is read back")
    }
    for (id, _) in notebook.subjects { _ = (notebook.tags(of: id), notebook.notes(on: id)) }
  }
  if let plan = FrozenPlan(bytes) { require(FrozenPlan(plan.bytes) == plan, "a plan is another one") }
  _ = SubmissionRecord(bytes)
  _ = Receipt(bytes)
  _ = result { try SavedBenchmark(path: "fuzz.json", Data(bytes)) }
}

/// A line with a check that fits what stands before it.
private func checked(_ line: ArraySlice<UInt8>) -> [UInt8] {
  let mark = Array(",\"crc\":\"".utf8)
  guard line.count > 18, line.dropLast(10).suffix(mark.count).elementsEqual(mark) else { return Array(line) }
  let head = line.dropLast(18)
  return head + Array(",\"crc\":\"\(LiveLog.hexadecimal(crc32c(head)))\"}".utf8)
}

/// What stands behind a frame with a digest: objects, the index of results, user blocks.
private func readFrames(_ bytes: [UInt8]) {
  let object = StoredObject(kind: "manifest", id: FuzzFolder.run)
  require(
    result { try object.content(of: object.framed(bytes), path: "fuzz") } == bytes, "an object is another one"
  )
  _ = result { try object.content(of: bytes, path: "fuzz") }
  if bytes.count >= UserBlock.size {
    _ = result { try UserBlock(Array(bytes.prefix(UserBlock.size)), path: "fuzz") }
  }
  let store = FuzzFolder.store
  FuzzFolder.write(
    Array("mneme 1\nindex 1\n\(Digest.sha256(bytes).hex)\n".utf8) + bytes, to: ResultIndex.path(in: store))
  _ = ResultIndex(of: store)
}
