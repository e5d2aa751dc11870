import FuzzTargets
import Glibc

/// libFuzzer with one of the readers: `mneme-fuzz --target=manifest -max_total_time=60 CORPUS`. libFuzzer itself passes
/// over what begins with two hyphens, and hands it on to the processes that it starts.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What libFuzzer calls with every input, by the name that it knows it by.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  target.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

private func chosen() -> FuzzTarget {
  let words = CommandLine.arguments.filter { $0.hasPrefix("--target=") }
  guard let word = words.first, let target = FuzzTarget(rawValue: String(word.dropFirst("--target=".count)))
  else {
    let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("Say which reader: --target= and one of \(known).")
  }
  return target
}

/// Set before libFuzzer begins, and never again.
nonisolated(unsafe) private var target = chosen()

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments, test))
