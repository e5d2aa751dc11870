import Synchronization

/// Looks at whatever operations make, as soon as it is made, and keeps the first number that is not finite.
///
/// Training looks at a step's loss and norm, which tell that something went wrong and not what. The step that went
/// wrong is then computed once more under scrutiny: it gives the same bits, so the same number goes wrong again.
///
/// Its sendability is unchecked: operations are called, and looked at, on the thread that asked for scrutiny.
package final class Scrutiny: @unchecked Sendable {
  /// The first number that was not finite, and what made it.
  package struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// In words: `layer norm`.
    package let operation: String
    /// The parameter that the operation read, else the last that was read before it; nil before any.
    package let parameter: String?
    package let readsParameter: Bool
    package let isBackward: Bool
    package let shape: Shape
    /// In row-major order.
    package let element: Int
    package let value: Float
    /// What the caller said it was at: `segment 15`.
    package let occasion: String?

    package var description: String {
      [
        operation, parameter.map { readsParameter ? $0 : "after \($0)" },
        isBackward ? "backward" : "forward", "\(shape)", "element \(element) = \(Scrutiny.words(value))",
      ].compactMap(\.self).joined(separator: ", ") + (occasion.map { " (\($0))" } ?? "")
    }
  }

  /// What made a tensor: which operation, after which parameter.
  private struct Origin {
    let operation: String
    let parameter: String?
    let readsParameter: Bool
  }

  @TaskLocal private static var running: Scrutiny?
  /// How many are running in the process: while none is, an operation pays for reading a number.
  private static let count = Atomic<Int>(0)

  static var current: Scrutiny? { count.load(ordering: .relaxed) == 0 ? nil : running }

  private let paths: [ObjectIdentifier: String]
  private var finding: Finding?
  /// The storage that the finding is about, until the operation that filled it has said its name.
  private var unnamed: Storage?
  private var occasion: String?
  private var latestParameter: String?
  /// What was recorded, by its place on the tape.
  private var recorded: [Int: Origin] = [:]
  /// Whose pullback is being called.
  private var swept: Origin?

  private init(_ parameters: [(path: String, value: Tensor)]) {
    paths = Dictionary(
      parameters.map { (ObjectIdentifier($0.value.storage), $0.path) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The first number of all that `body` computes that is not finite; nil where there is none.
  ///
  /// - parameters: By which places are told.
  package static func firstNonFinite(
    parameters: [(path: String, value: Tensor)], in body: () -> Void
  ) -> Finding? {
    let scrutiny = Scrutiny(parameters)
    count.add(1, ordering: .relaxed)
    defer { count.subtract(1, ordering: .relaxed) }
    $running.withValue(scrutiny, operation: body)
    return scrutiny.finding
  }

  /// Says where the computation is; nothing happens where nobody looks.
  package static func note(_ occasion: @autoclosure () -> String) { current?.occasion = occasion() }

  /// A number that is not finite, as sentences have it.
  package static func words(_ value: some BinaryFloatingPoint) -> String { value.isNaN ? "NaN" : "\(value)" }

  /// A tensor was filled, inside of whichever function.
  func filled(_ tensor: Tensor, in file: StaticString, _ function: StaticString) {
    guard finding == nil, tensor.hasNonFinite else { return }
    find(
      tensor,
      swept
        ?? Origin(
          operation: Scrutiny.words(file, function), parameter: latestParameter, readsParameter: false))
    if swept == nil { unnamed = tensor.storage }
  }

  /// An operation made `output` of `inputs`; it has `place` on the tape, if it was recorded.
  func made(
    _ output: Tensor, of inputs: [Tensor], place: Int?, in file: StaticString, _ function: StaticString
  ) {
    let read = inputs.lazy.compactMap { self.paths[ObjectIdentifier($0.storage)] }.first
    if let read { latestParameter = read }
    let origin = Origin(
      operation: Scrutiny.words(file, function), parameter: latestParameter, readsParameter: read != nil)
    if let place { recorded[place] = origin }
    if finding == nil ? output.hasNonFinite : unnamed === output.storage { find(output, origin) }
    unnamed = nil
  }

  /// The pullback of what stands at `place` of the tape is about to be called.
  func pullsBack(_ place: Int) { swept = recorded[place] }

  /// It gave these.
  func pulledBack(_ contributions: [Tensor?]) {
    guard finding == nil, let swept else { return }
    if let bad = contributions.lazy.compactMap(\.self).first(where: \.hasNonFinite) { find(bad, swept) }
  }

  /// The tape was swept; what comes now goes forward, on another tape.
  func endSweep() { (swept, recorded) = (nil, [:]) }

  private func find(_ tensor: Tensor, _ origin: Origin) {
    guard let (element, value) = tensor.firstNonFinite else { return }
    finding = Finding(
      operation: origin.operation, parameter: origin.parameter, readsParameter: origin.readsParameter,
      isBackward: swept != nil, shape: tensor.shape, element: element, value: value, occasion: occasion)
  }

  /// The name of an operation from that of the function, or, where a type is called, of the file: `cross entropy`.
  private static func words(_ file: StaticString, _ function: StaticString) -> String {
    var name = "\(function)".prefix { $0 != "(" }
    switch name {
    case "+": return "sum"
    case "-": return "difference"
    case "*": return "product"
    case "init": return "constant"
    case "callAsFunction": name = "\(file)".split(separator: "/").last?.prefix { $0 != "." } ?? name
    default: break
    }
    return name.reduce(into: "") { words, letter in
      words += letter.isUppercase ? (words.isEmpty ? "" : " ") + letter.lowercased() : String(letter)
    }
  }
}

extension Tensor {
  /// The first element that is NaN or infinite, in row-major order.
  package var firstNonFinite: (element: Int, value: Float)? {
    guard hasNonFinite else { return nil }
    return (0..<shape.count).first { !pointer[$0].isFinite }.map { ($0, pointer[$0]) }
  }
}
