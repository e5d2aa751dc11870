import Foundation
import Harness
import Models
import Records
import Testing

/// Bases that hold one model's settings, for others to lay sizes over.
@Suite struct Presets {
  private static let folder =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/Experiments/"

  /// Everything that such a base leaves open, at sizes of nothing.
  private func manifest(base: String, _ settings: [String] = []) throws -> Manifest {
    let text = """
      mneme: 1
      name: preset
      tier: paper
      base: \(base)
      seed: 1
      task: {kind: sorting, symbols: 20, length: 4000, segment_length: 1024, examples: 32,
        validation_examples: 8, test_examples: 8, data_seed: 1}
      model: {layers: 5, heads: 4, width: 512, inner_width: 2048, positions: 1024, dropout: 0.1,
        residual_initialization: plain}
      training: {batch: 32, epochs: 1, rate: 2e-4, warm_up: 0.06, clip: 1.0, beta1: 0.9, beta2: 0.999,
        epsilon: 1e-8}

      """
    let preset = try String(contentsOfFile: Self.folder + base, encoding: .utf8)
    return try ProjectFolder(["preset.yaml": text, base: preset]).manifest("preset.yaml", settings: settings)
  }

  @Test func `∞-former can be run as Memoria's authors ran it, and as first published`() throws {
    let compared = try manifest(base: "common/infinity-former.yaml").runs[0]
    let original = try manifest(base: "common/infinity-former-original.yaml").runs[0]
    #expect(compared.model.name == "infinity-former" && original.model.name == "infinity-former")
    let memory = compared.configuration(of: InfinityFormer.self).infinityFormer
    #expect(memory.basisFunctions == 1024 && memory.samples == 1024 && memory.basisWidths == [0.005, 0.01])
    #expect(memory.ridgePenalty == 0.5 && memory.contraction == 0.5 && memory.varianceFloor == 1e-4)
    #expect(memory.sampling == .sticky && memory.stickyBins == 128 && memory.gate == .convolution)
    #expect(memory.memoryDropout == 0.1 && memory.divergenceWeight == 0)
    let first = original.configuration(of: InfinityFormer.self).infinityFormer
    #expect(first.basisFunctions == 512 && first.samples == 512 && first.basisWidths == [0.01, 0.05])
    #expect(first.ridgePenalty == 1 && first.contraction == 0.75 && first.varianceFloor == 1e-6)
    #expect(first.sampling == .uniform && first.gate == .none && first.memoryDropout == 0)
    #expect(first.divergenceWeight == 1e-6 && first.divergenceDeviation == 0.05)
    #expect(first.divergenceForm == .variance)
    #expect(compared.run != original.run)
  }

  @Test func `∞-former's contradictions are refused when a manifest is read, with the rule`() throws {
    func complaint(_ setting: String) -> String {
      do {
        _ = try manifest(base: "common/infinity-former.yaml", [setting])
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    let group = "model.infinity_former"
    #expect(
      complaint("\(group).basis_functions=1").contains("\(group).basis_functions is 1; it must be from 2"))
    #expect(complaint("\(group).basis_functions=7").contains("must be a multiple of 2"))
    #expect(complaint("\(group).contraction=1.5").contains("it must be between 0 and 1"))
    #expect(complaint("\(group).basis_widths=[]").contains("must hold a width at least"))
    #expect(
      complaint("task.segment_length=1023").contains(
        "\(group) cannot be used with segments of 1023 tokens: the length of a segment must be even"))
    #expect(complaint("\(group).sampling=random").contains("sticky, uniform"))
    #expect(complaint("\(group).basis_widths=[0.05, 0.1]") == "accepted")
  }
}
