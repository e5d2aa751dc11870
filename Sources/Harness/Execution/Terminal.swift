import Foundation
import Glibc

/// Where standard error goes.
package enum Terminal {
  /// How progress is best shown on standard error: live if it is a terminal that moves its cursor and
  /// nobody asked for plain text (`NO_COLOR`, `TERM=dumb`).
  package static var progressSurface: ProgressPrinter.Surface {
    let environment = ProcessInfo.processInfo.environment
    guard isatty(STDERR_FILENO) == 1, !Page.isPlainWanted(environment), environment["TERM"] != "dumb" else {
      return .plain
    }
    return .terminal { Terminal.size(of: STDERR_FILENO) }
  }

  /// Columns and rows of a terminal; 80 × 24 where it does not say.
  package static func size(of descriptor: Int32) -> (width: Int, height: Int) {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
