import Records
import Testing

@Suite struct `What errors say` {
  @Test(arguments: [
    (
      RecordsError.malformedKey("task.segmentLength"),
      "the key “task.segmentLength” is not lower-case words (a–z, 0–9, _) joined by dots;"
        + " write it like task.segment_length"
    ),
    (
      .conflict(key: "task", existing: "task.kind"),
      "task cannot be set beside task.kind: a name is a value or a group, never both; remove one of them"
    ),
    (
      .notFinite(key: "training.rate"),
      "training.rate is NaN or infinite; a setting must be a finite number,"
        + " for two NaNs are never the same run"
    ),
    (.tooDeep(key: "grid"), "grid holds lists and groups more than 64 deep; flatten it"),
    (
      .notCanonical(offset: 3, found: "a tag", expected: "an item without tags"),
      "byte 3: found a tag, expected an item without tags; these bytes are damaged or foreign;"
        + " restore them from a copy"
    ),
    (
      .notSettings(key: "", found: "a list", expected: "a map of settings"),
      "the settings: found a list, expected a map of settings;"
        + " these bytes are not a specification written by mneme"
    ),
    (.malformedPrefix("xy"), "“xy” cannot begin a hash; give 4 to 64 hexadecimal digits, such as 3f9a2c"),
  ])
  func `a sentence with what was found, what was expected and how to mend it`(
    error: RecordsError, text: String
  ) {
    #expect(error.description == text)
  }

  @Test func `foreign text is shortened`() {
    let error = RecordsError.malformedKey(String(repeating: "É", count: 100_000))
    #expect(error.description.utf8.count < 400)
  }

  @Test(arguments: [
    ("1817", 0, "23 in 1 bytes"), ("8200fb3ff0000000000000", 2, "1.0 as a long float"), ("f97e00", 0, "nan"),
    ("a2616200616100", 4, "the key “a” after “b”"), ("a2616100616100", 4, "the key “a” twice"),
    ("0000", 1, "1 more bytes"),
    ("9f00ff", 0, "an indefinite length"), ("", 0, "the end"), ("830102", 0, "a count of 3 items"),
    ("f98000", 0, "−0"),
    ("8161ff", 1, "a text that is not UTF-8"), ("6461", 0, "a text of 4 bytes"),
  ])
  func `bytes that are not canonical are shown by their place`(hex: String, offset: Int, found: String) throws
  {
    let bytes = try octets(hex)
    do throws(RecordsError) {
      _ = try CBOR.decode(bytes)
      Issue.record("accepted")
    } catch {
      guard case .notCanonical(offset, found, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
