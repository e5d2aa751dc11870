import Harness
import Records
import Testing

@Suite struct StepSizesTests {
  @Test func `the presets are those of the yardstick's tables`() {
    let quick = StepSizes(.quick64)
    #expect(
      (quick.width, quick.layers, quick.segmentLength, quick.segments, quick.batch) == (64, 2, 32, 8, 32))
    let wide = StepSizes(.quick128)
    #expect((wide.width, wide.layers, wide.segmentLength, wide.segments, wide.batch) == (128, 2, 64, 16, 32))
    let paper = StepSizes(.paper1024)
    #expect(
      (paper.width, paper.layers, paper.segmentLength, paper.segments, paper.batch) == (512, 5, 1024, 4, 8))
    #expect(StepSizes(.paper256).segmentLength == 256)
    for preset in StepSizes.Preset.allCases {
      let sizes = StepSizes(preset)
      #expect(sizes.heads == 4 && sizes.innerWidth == 4 * sizes.width && sizes.vocabulary == 21)
      #expect(sizes.memoryLength == sizes.segmentLength)
    }
  }

  @Test func `every model can be made at every preset, with documents of whole segments`() throws {
    for preset in StepSizes.Preset.allCases {
      for model in StepSizes.models {
        let sizes = StepSizes(preset)
        let run = try sizes.specification(of: model)
        #expect(run.settings["model.kind"] == .text(model))
        #expect(run.derived["task.segments"] == .integer(sizes.segments))
        #expect(run.derived["task.last_segment_length"] == .integer(sizes.segmentLength))
      }
    }
  }

  @Test func `memories are in proportion to the memory length`() throws {
    var sizes = StepSizes(.paper256)
    sizes.memoryLength = 128
    func expect(_ model: String, _ values: [String: Int]) throws {
      let run = try sizes.specification(of: model)
      for (key, value) in values { #expect(run.settings["model.\(key)"] == .integer(value), "\(key)") }
    }
    try expect("transformer-xl", ["transformer_xl.memory_length": 128, "transformer_xl.head_width": 128])
    try expect(
      "compressive-transformer",
      ["compressive_transformer.memory_length": 64, "compressive_transformer.compressed_length": 64])
    try expect(
      "infinity-former", ["infinity_former.basis_functions": 128, "infinity_former.samples": 128])
    try expect(
      "memoria",
      [
        "memoria.engrams": 16, "memoria.reminded_short_term": 32, "memoria.reminded_long_term": 80,
        "memoria.short_term_capacity": 64,
      ])
  }

  @Test func `sizes that cannot be are told`() throws {
    func complaint(_ model: String = "transformer", _ change: (inout StepSizes) -> Void) -> String {
      var sizes = StepSizes(.quick64)
      change(&sizes)
      do { _ = try sizes.specification(of: model) } catch { return "\(error)" }
      return "none"
    }
    #expect(complaint { _ in } == "none")
    #expect(
      complaint { $0.heads = 3 }
        == "these sizes cannot be: model.heads is 3, which does not divide the width of 64.")
    #expect(complaint { $0.batch = 0 } == "these sizes cannot be: --batch is 0; expected 1 to 1048576.")
    #expect(complaint { ($0.segments, $0.segmentLength) = (1, 8) }.contains("task.length"))
    #expect(complaint { $0.dropout = 1.5 }.contains("model.dropout"))
    let known = StepSizes.models.joined(separator: ", ")
    #expect(
      complaint("memory") { _ in }
        == "--model memory is no model; expected one of \(known); did you mean memoria?")
    #expect(complaint("cat") { _ in } == "--model cat is no model; expected one of \(known).")
  }
}
