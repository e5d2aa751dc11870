import CKernels
import Testing

/// One of the tables of kernels.
enum InstructionSet: Int32, CaseIterable, Sendable, CustomTestStringConvertible {
  case portable, avx2, avx512
  /// The best that this processor runs, each kernel timed: the same tests show that it hands on what it is given.
  case timed

  /// Those that this processor can run. Tests of kernels go over all of them.
  static let here = allCases.filter(\.isHere)

  var isHere: Bool { self == .timed || kernels_for(rawValue) != nil }

  var name: String { self == .timed ? "timed" : String(cString: isa_name(rawValue)) }

  var testDescription: String { name }

  var kernels: kernel_table {
    let table = self == .timed ? timed_kernels_for(isa_best()) : kernels_for(rawValue)
    guard let table else { fatalError("this processor cannot run \(name)") }
    return table.pointee
  }
}
