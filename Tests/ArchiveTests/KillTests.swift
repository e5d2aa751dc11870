import Archive
import Foundation
import Records
import Testing

@Suite struct `Kills while publishing` {
  /// A process publishes file after file and is killed after some milliseconds, wherever it is.
  @Test(arguments: [3, 7, 12, 18, 25, 33] as [UInt32])
  func `leave only whole files under their names`(milliseconds: UInt32) async throws {
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
  }
}
