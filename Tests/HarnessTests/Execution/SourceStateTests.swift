import Foundation
import Harness
import Records
import Testing

/// What stands beside a program about its sources.
@Suite struct SourceStateTests {
  private static let commit = String(repeating: "5c", count: 20)
  private static let bytes = Digest.sha256([1, 2, 3])
  private static let code = Identity.code(executable: bytes, sources: nil, toolchain: OwnCode.toolchain)

  /// What is read where `text` stands beside a program of this code.
  private static func read(_ text: String?, code: Digest = code) throws -> SourceState? {
    let program = FileManager.default.temporaryDirectory.path + "/mneme-sources-\(UUID().uuidString)"
    if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(program).source")) }
    defer { try? FileManager.default.removeItem(atPath: "\(program).source") }
    return SourceState(of: program, code: code)
  }

  @Test(arguments: [true, false])
  func `the commit, and whether there were changes, are read`(isDirty: Bool) throws {
    let text = #"{"commit":"\#(Self.commit)","dirty":\#(isDirty),"executable":"\#(Self.bytes.hex)"}"#
    let state = try #require(try Self.read(text))
    #expect(state.commit == Self.commit && state.isDirty == isDirty)
  }

  @Test func `what was written beside another program is not believed`() throws {
    let text = #"{"commit":"\#(Self.commit)","dirty":false,"executable":"\#(Digest.sha256([4]).hex)"}"#
    #expect(try Self.read(text) == nil)
  }

  @Test(arguments: [
    nil, "", "no JSON", #"{"commit":"HEAD","dirty":false,"executable":"\#(bytes.hex)"}"#,
    #"{"commit":"\#(commit)","executable":"\#(bytes.hex)"}"#,
    #"{"commit":"\#(commit)","dirty":false,"executable":"12"}"#,
    String(repeating: " ", count: 5000)
      + #"{"commit":"\#(commit)","dirty":false,"executable":"\#(bytes.hex)"}"#,
  ])
  func `nothing, and what is no such record, tells nothing`(text: String?) throws {
    #expect(try Self.read(text) == nil)
  }
}
