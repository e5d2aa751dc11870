import CKernels
import Foundation
import Testing

/// No kernel without a statement of its order, and a test that compares them.
@Suite struct KernelCatalogueTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  /// The function pointers of the table, read from the header.
  private static func kernels() throws -> [String] {
    let header = try text("Sources/CKernels/include/CKernels.h")
    let start = try #require(header.range(of: "const char *name;"), "the header has no table")
    let end = try #require(header.range(of: "} kernel_table;"), "the header has no table")
    return header[start.upperBound..<end.lowerBound].matches(of: /\(\*([a-z_0-9]+)\)\(/).map { String($0.1) }
  }

  @Test func `every kernel of the header has a line in the catalogue`() throws {
    let kernels = try Self.kernels()
    // One word each, and the name: so nothing of the table was overlooked.
    #expect(kernels.count + 1 == MemoryLayout<kernel_table>.size / MemoryLayout<UInt>.size)
    let tested = TestedKernel.all.map(\.name)
    #expect(Set(tested).count == tested.count, "a kernel has two lines in the catalogue")
    for kernel in kernels where !tested.contains(kernel) {
      Issue.record(
        """
        the kernel `\(kernel)` has no statement of its order. Write it, scalar, with every rounding in its place, in \
        a file of Tests/Expectations; compare the kernel of every InstructionSet.here with it by expectSameBits, over \
        edgeSizes, in a file of Tests/CKernelsTests; then add to KernelCatalogue.swift: \
        TestedKernel("\(kernel)", "<function or struct>", "<file of Expectations>", by: "<file of CKernelsTests>")
        """)
    }
    for kernel in tested where !kernels.contains(kernel) {
      Issue.record(
        "KernelCatalogue.swift has a line for `\(kernel)`, which is not in CKernels.h: remove the line")
    }
  }

  @Test func `every statement is where the catalogue says`() throws {
    for kernel in TestedKernel.all {
      guard case .statement(let name, let file) = kernel.origin else { continue }
      let statements = try Self.text("Tests/Expectations/\(file).swift")
      let isThere = try statements.contains(Regex("(func|struct) \(name)\\b"))
      #expect(
        isThere, "Tests/Expectations/\(file).swift has no `\(name)`, which \(kernel.name) is compared with")
    }
  }

  @Test func `every test calls its kernel, with all instruction sets`() throws {
    for kernel in TestedKernel.all {
      let test = try Self.text("Tests/CKernelsTests/\(kernel.test).swift")
      let isCalled = try test.contains(Regex("\\.\(kernel.name)[(,) ]"))
      #expect(isCalled, "Tests/CKernelsTests/\(kernel.test).swift does not call `\(kernel.name)`")
      #expect(test.contains("InstructionSet.here"), "\(kernel.test) does not go over InstructionSet.here")
    }
  }
}
