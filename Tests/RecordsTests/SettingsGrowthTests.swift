import Records
import Testing

@Suite struct `A schema grows` {
  let neutral: [String: Value] = [
    "model.residual_initialization": .text("plain"), "training.averaging": .boolean(false),
  ]

  private func stored() throws -> (bytes: [UInt8], id: Digest) {
    let vector = try #require(
      PublishedVectors.load().vectors.first { $0.name == "a run of the first schema" })
    return (vector.bytes, vector.sha256)
  }

  @Test func `an older stored run keeps its id`() throws {
    let (bytes, id) = try stored()
    let settings = try Settings(canonicalBytes: bytes).completed(neutral: neutral)
    #expect(settings["model.residual_initialization"] == .text("plain"))
    #expect(settings["training.averaging"] == .boolean(false))
    #expect(settings.identityBytes(neutral: neutral) == bytes)
    #expect(Identity.run(settings.omitting(neutral: neutral)) == id)
  }

  @Test func `what uses the new setting is a new run`() throws {
    let (bytes, id) = try stored()
    var settings = try Settings(canonicalBytes: bytes).completed(neutral: neutral)
    settings["training.averaging"] = .boolean(true)
    #expect(Identity.run(settings.omitting(neutral: neutral)) != id)
    let reread = try Settings(canonicalBytes: settings.identityBytes(neutral: neutral))
    #expect(reread.completed(neutral: neutral) == settings)
  }

  @Test func `a group of neutral settings alone leaves no trace`() {
    let settings = Settings(["a.b": .integer(1), "a.c.d": .real(0), "e": .integer(2)])
    #expect(
      settings.omitting(neutral: ["a.b": .integer(1), "a.c.d": .real(-0.0)]) == Settings(["e": .integer(2)]))
  }

  @Test func `a value that is set wins over the neutral one`() {
    let settings = Settings(["a": .integer(3)])
    #expect(settings.completed(neutral: ["a": .integer(1), "b": .integer(2)])["a"] == .integer(3))
  }
}
