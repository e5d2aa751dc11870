import Testing

/// Manifests of the Compressive Transformer.
@Suite struct CompressiveManifests {
  private func complaint(_ found: String = "", _ replacement: String = "") throws -> String {
    let group = """
        kind: compressive-transformer
        compressive_transformer:
          segment_length: 8
          memory_length: 4
          compressed_length: 4
          compression_rate: 4
          key_value: trainable
          auxiliary_weight: 0
          auxiliary_target: aligned
      """
    let text = found.isEmpty ? group : group.replacing(found, with: replacement)
    #expect(found.isEmpty || text != group)
    let kept = Sample.base.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      !["positions", "residual_initialization", "abstractor_activation"].contains {
        line.contains("  \($0):")
      }
    }
    return try ProjectFolder([
      "sorting.yaml": Sample.sorting.replacing("  model.memory: [none, long-term]\n", with: "")
        .replacing("rows: model.memory", with: "rows: model.kind"),
      "common/base.yaml": kept.joined(separator: "\n").replacing("  kind: memoria", with: text),
    ]).complaint()
  }

  @Test func `the settings of a possible one are accepted, those of another model dropped`() throws {
    #expect(try complaint() == "accepted")
    #expect(try complaint("trainable", "frozen") == "accepted")
  }

  @Test(arguments: [
    (
      "compression_rate: 4", "compression_rate: 3",
      "common/base.yaml:17: model.compressive_transformer.compression_rate is 3, which does not divide the memory_length"
        + " of 4: a full memory must make whole compressed rows"
    ),
    (
      "memory_length: 4", "memory_length: 0",
      "common/base.yaml:15: model.compressive_transformer.memory_length is 0; it must be from 1 to 100000"
    ),
    (
      "segment_length: 8", "segment_length: 7",
      "common/base.yaml:14: model.compressive_transformer.segment_length is 7, fewer than the 8 tokens of a segment:"
        + " positions are numbered from it"
    ),
    (
      "key_value: trainable", "key_value: frozn",
      "common/base.yaml:18: model.compressive_transformer.key_value is “frozn”, which is not one of its values. Known:"
        + " trainable, frozen; did you mean frozen?"
    ),
    (
      "    auxiliary_weight: 0\n", "",
      "common/base.yaml:12: model.compressive_transformer.auxiliary_weight is missing"
    ),
  ])
  func `an impossible one is refused with the rule that it breaks`(
    found: String, replacement: String, message: String
  ) throws {
    let complaint = try complaint(found, replacement)
    #expect(complaint.hasPrefix(message), "\(complaint)")
  }
}
