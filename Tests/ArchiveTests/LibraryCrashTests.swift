import Foundation
import Glibc
import Testing

@testable import Archive

@Suite struct `A crash of the library` {
  @Test func `ends the process with a sentence that names the file`() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(2), observing: [\.standardErrorContent]
    ) {
      LibraryCrash.watch()
      _ = try LibraryCrash.reading("store/a\u{1B}b.h5") { () throws(ArchiveError) -> Int in
        raise(SIGSEGV)
        return 0
      }
    }
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      text.contains(
        "store/a?b.h5: reading it ended this process inside the HDF5 library: the file is damaged, or was made to do "
          + "that. What is stored stays as it was. Remove it, or bring it back from a copy.\n"))
  }

  /// Found by fuzzing: version 1.10.8 goes where an address in this file points. One that refuses it throws.
  @Test func `in a forged file ends it the same way, where the library does not refuse the file`()
    async throws
  {
    let result = try await #require(
      processExitsWith: .exitCode(2), observing: [\.standardErrorContent]
    ) {
      LibraryCrash.watch()
      do {
        _ = try HDF5.read(beside("../Fuzz/Found/library/forged-address.h5"), varying: false)
      } catch {
        try FileHandle.standardError.write(contentsOf: Data("\(error)\n".utf8))
        exit(2)
      }
    }
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("forged-address.h5: "))
  }

  @Test func `anywhere else is what it always was`() async throws {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      LibraryCrash.watch()
      _ = try LibraryCrash.reading("a.h5") { () throws(ArchiveError) -> Int in 0 }
      raise(SIGSEGV)
    }
  }
}
