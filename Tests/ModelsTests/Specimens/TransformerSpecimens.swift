import Models

extension Specimen {
  static let transformers = ResidualInitialization.allCases.map { transformer($0) }

  private static func transformer(_ residual: ResidualInitialization) -> Specimen {
    Specimen(
      Transformer.self, residual.rawValue,
      Transformer.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, positions: 6, dropout: 0.3,
        residualInitialization: residual),
      remembers: false, state: { _, _ in [] })
  }
}
