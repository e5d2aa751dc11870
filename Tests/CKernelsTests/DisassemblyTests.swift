import Foundation
import Testing

/// What the compiler made of the kernels: only operations that are rounded correctly, and nobody else's functions.
///
/// Reciprocals and roots by approximation differ between makers of processors, dot-product instructions round where no
/// statement does, and the C library's functions differ between its versions.
@Suite struct Disassembly {
  /// One of the objects beside the program that runs now, taken apart.
  private struct Object {
    let name: String
    private let path: String

    init(_ name: String) {
      self.name = name
      let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      path = products.appendingPathComponent("CKernels.build/isa_\(name).c.o").path
    }

    static let tools = ["/usr/bin/objdump", "/usr/bin/nm"]

    /// Why it cannot be taken apart; nil when it can.
    var obstacle: String? {
      for file in Object.tools + [path] where !FileManager.default.fileExists(atPath: file) {
        return "there is no \(file)"
      }
      return nil
    }

    private func output(_ tool: String, _ arguments: [String]) throws -> String {
      let (process, pipe) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: tool)
      process.arguments = arguments + [path]
      process.standardOutput = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(tool) could not read \(path)")
      return text
    }

    /// The instructions' names, each once.
    func instructions() throws -> Set<String> {
      let lines = try output("/usr/bin/objdump", ["-d", "--no-show-raw-insn"]).split(separator: "\n")
      return Set(lines.compactMap { Disassembly.instruction(in: $0) })
    }

    /// Functions that others must supply.
    func foreign() throws -> Set<String> {
      let lines = try output("/usr/bin/nm", ["-u"]).split(separator: "\n")
      return Set(lines.compactMap { $0.split(separator: " ").last.map(String.init) })
    }
  }

  /// The name in `  1c:<tab>vaddps %zmm0,%zmm1,%zmm2`.
  private static func instruction(in line: Substring) -> String? {
    let parts = line.split(separator: "\t")
    guard parts.count == 2, parts[0].hasSuffix(":") else { return nil }
    return parts[1].split(separator: " ").first.map(String.init)
  }

  private static func isInexact(_ instruction: String) -> Bool {
    instruction.contains(/rcp|rsqrt|exp2[ps]|^v?dpp|dpbf16|bf16|4fmadd/)
  }

  private static func isFused(_ instruction: String) -> Bool { instruction.contains(/^vfn?m(add|sub)/) }

  /// Memory, and the scratch memory of `scratch.c`: nothing that computes.
  private static func computes(_ function: String) -> Bool {
    !["memcpy", "memmove", "memset"].contains(function) && !function.hasPrefix("scratch_")
  }

  private static let names = ["portable", "avx2", "avx512"]
  private static let obstacle = names.compactMap { Object($0).obstacle }.first

  @Test(.enabled(if: obstacle == nil, "not run: \(obstacle ?? "")"), arguments: names)
  func `kernels use no approximations and call no one who computes`(name: String) throws {
    let object = Object(name)
    let instructions = try object.instructions()
    #expect(instructions.count > 50, "\(name): only \(instructions.count) kinds of instructions were read")
    let inexact = instructions.filter(Self.isInexact).sorted()
    #expect(inexact.isEmpty, "\(name) kernels use \(inexact)")
    let foreign = try object.foreign().filter(Self.computes).sorted()
    #expect(foreign.isEmpty, "\(name) kernels call \(foreign), whose results are not theirs")
    // What multiplies and adds in one instruction is there where it was asked for, and nowhere else.
    #expect(instructions.contains(where: Self.isFused) == (name != "portable"))
  }

  @Test func `what must not be there would be found`() {
    for line in [
      "   4:\tvrcp14ps %zmm0,%zmm1", "   4:\trsqrtps %xmm0,%xmm1", "  a0:\tvdpps $0x1,%ymm0,%ymm1,%ymm2",
      "  a0:\tvdpbf16ps %zmm0,%zmm1,%zmm2", "  a0:\tvexp2ps %zmm0,%zmm1",
    ] {
      #expect(Self.instruction(in: line[...]).map(Self.isInexact) == true, "\(line)")
    }
    #expect(Self.instruction(in: "  1c:\tvdivps %zmm0,%zmm1,%zmm2") == "vdivps")
    #expect(!Self.isInexact("vdivps") && !Self.isInexact("vsqrtps") && !Self.isInexact("vfmadd213ps"))
    #expect(Self.isFused("vfmadd213ps") && Self.isFused("vfnmadd231ss") && !Self.isFused("vmulps"))
    #expect(["expf", "log", "tanhf", "erf", "fmaf", "sqrtf"].allSatisfy(Self.computes))
    #expect(!Self.computes("memcpy") && !Self.computes("scratch_floats"))
  }
}
