import Archive
package import Records

/// One column of an export: a key, and a value or none for every run.
package struct ExportColumn: Sendable, Equatable {
  /// Where the values come from.
  package enum Role: String, Sendable {
    /// Which run it is, and who asked for it.
    case identity
    case setting
    /// What follows from the settings.
    case derived
    case metric
    case cost
    /// Who computed it, where, when, with what.
    case provenance
  }

  package let key: String
  package let role: Role
  /// `nat`, `s`; nil for what has none.
  package let unit: String?
  /// `lower`, `higher`, or nil where neither is better.
  package let better: String?
  /// Nil where a run has no such value.
  package var values: [Value?]

  package init(
    key: String, role: Role, unit: String? = nil, better: String? = nil, values: [Value?] = []
  ) {
    (self.key, self.role, self.unit, self.better) = (key, role, unit, better)
    self.values = values
  }

  /// What every value can be written as.
  enum Kind { case integer, real, boolean, text }

  var kind: Kind {
    var (integers, reals, booleans, others) = (0, 0, 0, 0)
    var isExact = true
    for case let value? in values {
      switch value {
      case .integer(let number):
        integers += 1
        isExact = isExact && number.magnitude <= 1 << 53
      case .real: reals += 1
      case .boolean: booleans += 1
      case .text, .list: others += 1
      }
    }
    let hasGaps = values.contains(nil)
    if others > 0 || booleans > 0 && (integers + reals > 0 || hasGaps) { return .text }
    if booleans > 0 { return .boolean }
    if reals == 0, !hasGaps { return .integer }
    // A gap is NaN, which integers do not have; those that no real number holds stay as they are written.
    return isExact ? .real : .text
  }

  /// The column as a dataset over the scale at `scale`; it is that scale itself where that is nil.
  ///
  /// A gap is NaN among numbers, and an empty text.
  func dataset(scale: String?) -> Dataset {
    let elements: Elements =
      switch kind {
      case .integer: .int64(values.map { if case .integer(let number)? = $0 { Int64(number) } else { 0 } })
      case .boolean: .uint8(values.map { $0 == .boolean(true) ? 1 : 0 })
      case .text: .texts(values.map { $0?.description ?? "" })
      case .real:
        .float64(
          values.map {
            switch $0 {
            case .integer(let number)?: Double(number)
            case .real(let number)?: number
            default: .nan
            }
          })
      }
    var attributes = [Attribute("role", .text(role.rawValue))]
    if let unit { attributes.append(Attribute("units", .text(unit))) }
    if let better { attributes.append(Attribute("better", .text(better))) }
    if kind == .boolean { attributes.append(Attribute("values", .text("0 false, 1 true"))) }
    return Dataset(
      shape: [values.count], elements, attributes: attributes, compressed: true,
      scaleName: scale == nil ? key : nil, dimensions: scale.map { [$0] } ?? [])
  }
}
