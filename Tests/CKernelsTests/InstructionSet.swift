import CKernels
import Testing

/// One of the tables of kernels.
enum InstructionSet: Int32, CaseIterable, Sendable, CustomTestStringConvertible {
  case portable, avx2, avx512

  /// Those that this processor can run. Tests of kernels go over all of them.
  static let here = allCases.filter(\.isHere)

  var isHere: Bool { kernels_for(rawValue) != nil }

  var name: String { String(cString: isa_name(rawValue)) }

  var testDescription: String { name }

  var kernels: kernel_table {
    guard let table = kernels_for(rawValue) else { fatalError("this processor cannot run \(name)") }
    return table.pointee
  }
}
