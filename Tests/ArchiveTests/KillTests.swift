import Archive
import Foundation
import Records
import Testing

@Suite struct `Kills while publishing` {
  /// A process publishes file after file and is killed after some milliseconds, wherever it is; longer and longer
  /// after its start, and at least until some process came far enough to be killed in its work.
  @Test func `leave only whole files under their names`() async throws {
    var (published, milliseconds) = (0, 3 as UInt32)
    while milliseconds < 40 || published < 2 && milliseconds < 5000 {
      published += try await wholeFiles(ofProcessKilledAfter: milliseconds)
      milliseconds += milliseconds / 2 + 1
    }
    #expect(published >= 2, "no process came to publish anything")
  }

  private func wholeFiles(ofProcessKilledAfter milliseconds: UInt32) async throws -> Int {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, milliseconds = milliseconds as UInt32] in
      Thread.detachNewThread {
        usleep(milliseconds * 1000)
        kill(getpid(), SIGKILL)
      }
      for number in 0... {
        _ = try WeightsFile.write(Sample.parameters, run: Sample.run, to: "\(path)/\(number).h5")
      }
    }
    let whole = folder.names.filter { !$0.hasPrefix(".") }
    for name in whole {
      #expect(try WeightsFile.read(folder[name], run: Sample.run) == Sample.parameters)
    }
    #expect(folder.names.count <= whole.count + 1, "at most one file aside")
    return whole.count
  }
}
