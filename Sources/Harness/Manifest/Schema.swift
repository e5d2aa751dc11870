import Records
import Tensors

/// The keys of a configuration and what each can be, learnt from its type.
///
/// The configuration is decoded once from sample values while every question it asks is written down. So a schema
/// needs no line of code in a model, and cannot disagree with what the model decodes.
package struct Schema: Sendable {
  /// Types by key, without the group's name: `memoria.engrams`.
  package let types: [String: FieldType]

  package init<Configuration: Decodable>(of type: Configuration.Type) {
    let samples = Samples()
    do {
      _ = try Configuration(
        from: SettingsDecoder(source: samples, prefix: "", slot: Slot(key: "", index: nil)))
    } catch {
      // Enumerations must be CaseIterable to be probed, and errors need their names.
      require(
        false,
        "\(Configuration.self) cannot be read from settings, are its enumerations CaseIterable? \(error)")
    }
    types = samples.types
  }

  /// The same keys in the group `name`.
  func prefixed(_ name: String) -> [String: FieldType] {
    Dictionary(uniqueKeysWithValues: types.map { ("\(name).\($0.key)", $0.value) })
  }
}

/// Answers every question with some value of the right type, and remembers the question.
private final class Samples: ValueSource {
  private(set) var types: [String: FieldType] = [:]

  func value(at slot: Slot, _ type: FieldType) throws -> Value {
    types[slot.key] = slot.index == nil ? type : .list(type)
    switch type {
    case .boolean: return .boolean(false)
    case .integer(let range): return .integer(min(max(0, range.lowerBound), range.upperBound))
    case .real: return .real(0)
    case .text: return .text("")
    case .choice(let names): return .text(names.first ?? "")
    case .list: return .list([])
    }
  }

  /// One element is enough to learn what elements are.
  func count(of key: String) throws -> Int { 1 }
}
