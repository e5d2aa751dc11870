import ArgumentParser
import Records
import Tensors

/// By which kernels runs are computed.
struct InstructionsOption: ParsableArguments {
  @Option(
    name: .customLong("instructions"),
    help: ArgumentHelp(
      "portable, avx2 or avx512; the best of this machine if not given. Results do not depend on it.",
      valueName: "set"))
  var name: String?

  func validate() throws {
    guard let name, chosen == nil else { return }
    let available = InstructionSet.available.map(\.description)
    throw ValidationError(
      "--instructions is \(name); this machine runs \(available.joined(separator: ", "))"
        + (nearest(name, among: available).map { "; did you mean \($0)?" } ?? "."))
  }

  /// Nil where none was asked for.
  var chosen: InstructionSet? { InstructionSet.available.first { $0.description == name } }

  /// The arguments that say the same to another invocation.
  var arguments: [String] { name.map { ["--instructions", $0] } ?? [] }
}
