import Archive
import Foundation
import Harness
import Testing

/// The folder of oracle files beside the tests: copies of files of the public reference implementations.
private let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent()
  .appendingPathComponent("Reference").path

/// A folder that is gone when its owner is.
private final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("oracles-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A copy of an oracle file in which one thing is changed.
  func altered(_ name: String, _ change: (inout Group) throws -> Void) throws -> String {
    var root = try HDF5.read("\(reference)/\(name)")
    try change(&root)
    try HDF5.write(root, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }

  /// What comes of the only file in it.
  func report() throws -> OracleReport { try replayOracles(in: path)[0] }
}

@Suite struct OracleTests {
  @Test(arguments: [
    "transformer.h5", "memoria-distance.h5", "memoria-exponential.h5", "memoria-early-death-distance.h5",
    "memoria-early-death-exponential.h5", "optimizer.h5", "infinity-uniform.h5", "infinity-sticky.h5",
    "infinity-sticky-narrow.h5",
    "transformer-xl.h5", "transformer-xl-long.h5",
    "compressive-reference.h5", "compressive-trainable.h5",
  ])
  func `the reference is replayed within tolerance`(name: String) throws {
    let outcome = replayOracle(at: "\(reference)/\(name)")
    guard case .replayed(let quantities) = outcome else {
      Issue.record("\(name): \(outcome)")
      return
    }
    for quantity in quantities {
      #expect(
        quantity.isWithinTolerance,
        "\(quantity.name) differs by \(quantity.difference) at \(quantity.place), allowed \(quantity.tolerance)"
      )
    }
    let names = Set(quantities.map(\.name))
    if name == "optimizer.h5" {
      #expect(
        names == ["loss", "gradient_norm", "learning_rate", "weights", "first moments", "second moments"])
    } else {
      #expect(names.isSuperset(of: ["logits", "loss", "gradients"]))
    }
    if name.hasPrefix("transformer-xl") {
      #expect(names == ["logits", "log_probabilities", "loss", "gradients", "memory"])
    }
    if name.hasPrefix("memoria") {
      #expect(
        names.isSuperset(of: ["working_memory", "reminded_slots", "co_firing_counts", "lifespans", "types"]))
    }
  }

  @Test(arguments: ["infinity-uniform.h5", "infinity-sticky.h5", "infinity-sticky-narrow.h5"])
  func `everything in the files of the ∞-former is compared`(name: String) throws {
    guard case .replayed(let quantities) = replayOracle(at: "\(reference)/\(name)") else {
      Issue.record("\(name) was not replayed")
      return
    }
    var expected: Set = [
      "logits", "loss", "gradients", "with_kl loss", "with_kl gradients", "kl_term", "stored_input",
      "basis_coefficients", "attention_mean", "attention_variance", "branch_output", "basis_centres",
      "basis_deviations", "first_fit_operator", "update_operator",
    ]
    if name != "infinity-uniform.h5" { expected.insert("bin_probabilities") }
    #expect(Set(quantities.map(\.name)) == expected)
  }

  @Test func `everything in the files of the Compressive Transformer is compared`() throws {
    for name in ["compressive-reference.h5", "compressive-trainable.h5"] {
      guard case .replayed(let quantities) = replayOracle(at: "\(reference)/\(name)") else {
        Issue.record("\(name) was not replayed")
        return
      }
      #expect(
        Set(quantities.map(\.name)) == [
          "logits", "recent memory", "compressed memory", "loss", "gradients", "auxiliary_loss",
          "auxiliary/aligned", "auxiliary/aligned gradients", "auxiliary/reference",
          "auxiliary/reference gradients",
        ])
    }
  }

  @Test func `a folder is replayed in the order of names`() throws {
    let summary = OracleSummary(try replayOracles(in: reference))
    #expect(summary.reports.map(\.file) == summary.reports.map(\.file).sorted())
    #expect(summary.replayed == 13 && summary.failed.isEmpty && summary.unreadable.isEmpty)
    #expect(summary.text.hasSuffix("13 files replayed: all within tolerance\n"))
    #expect(summary.text.contains("co_firing_counts"))
    let json = try JSONSerialization.jsonObject(with: Data(summary.json.utf8)) as? [[String: Any]]
    #expect(json?.count == 13 && json?.allSatisfy { $0["outcome"] as? String == "within tolerance" } == true)
  }

  @Test(arguments: [
    ("transformer.h5", "segments/2/logits", 0.01, "logits"), ("transformer.h5", "loss", 1e-4, "loss"),
    ("transformer.h5", "gradients/transformer.ln_f.weight", 0.01, "gradients"),
    ("memoria-distance.h5", "segments/3/memory/after/lifespans", 0.01, "lifespans"),
    ("memoria-distance.h5", "segments/3/memory/working_memory", 0.01, "working_memory"),
    ("optimizer.h5", "steps/gradient_norm", 0.01, "gradient_norm"),
    ("infinity-sticky.h5", "segments/3/memory/layer_1/stored_input", 0.01, "stored_input"),
    ("infinity-sticky.h5", "segments/3/memory/layer_1/basis_coefficients", 0.01, "basis_coefficients"),
    ("infinity-sticky.h5", "segments/3/memory/layer_0/attention_mean", 0.001, "attention_mean"),
    ("infinity-sticky.h5", "segments/3/memory/layer_1/attention_variance", 0.001, "attention_variance"),
    ("infinity-uniform.h5", "segments/3/memory/layer_1/branch_output", 0.001, "branch_output"),
    ("infinity-sticky.h5", "segments/4/memory/layer_0/bin_probabilities", 1e-4, "bin_probabilities"),
    ("infinity-sticky.h5", "segments/2/kl_term", 1e-4, "kl_term"),
    ("infinity-uniform.h5", "constants/first_fit_operator", 1e-6, "first_fit_operator"),
    ("infinity-uniform.h5", "constants/update_operator", 1e-6, "update_operator"),
    ("infinity-uniform.h5", "with_kl/loss", 1e-4, "with_kl loss"),
    (
      "infinity-uniform.h5", "with_kl/gradients/transformer.h.1.attn.long_term_attention.mu.weight", 0.1,
      "with_kl gradients"
    ),
    ("transformer-xl.h5", "segments/3/memory/layer_2", 0.01, "memory"),
    ("transformer-xl-long.h5", "segments/2/log_probabilities", 0.01, "log_probabilities"),
    (
      "transformer-xl-long.h5", "gradients/transformer.layers.1.dec_attn.qkv_net.weight", 0.1, "gradients"
    ),
    ("transformer-xl.h5", "gradients/transformer.layers.0.dec_attn.r_r_bias", 0.1, "gradients"),
    ("compressive-trainable.h5", "segments/3/memory/compressed/layer_0", 0.01, "compressed memory"),
    ("compressive-trainable.h5", "segments/3/memory/recent/layer_1", 0.01, "recent memory"),
    ("compressive-reference.h5", "segments/2/auxiliary_loss", 0.01, "auxiliary_loss"),
    ("compressive-reference.h5", "auxiliary/aligned/value", 0.01, "auxiliary/aligned"),
    (
      "compressive-reference.h5",
      "auxiliary/reference/gradients/compressive_transformer.attn_layers.1.fn.fn.compress_mem_fn.conv.weight",
      1,
      "auxiliary/reference gradients"
    ),
  ])
  func `one altered number fails, and is named`(name: String, path: String, by: Double, quantity: String)
    throws
  {
    let folder = try Folder()
    _ = try folder.altered(name) { root in
      guard var dataset = root.dataset(path) else {
        Issue.record("\(name) has no \(path)")
        return
      }
      dataset.elements.addToLast(by)
      root.set(.dataset(dataset), at: path)
    }
    let report = try folder.report()
    #expect(report.firstFailure?.name == quantity)
    #expect((report.firstFailure?.difference ?? 0) > by / 3)
    let summary = OracleSummary([report])
    #expect(summary.text.contains("FAILED at "))
    #expect(summary.text.contains("1 failed; first \(name): \(quantity) differs by "))
  }

  @Test func `one altered weight fails in the logits`() throws {
    let folder = try Folder()
    let path = "weights/transformer.h.0.mlp.c_fc.weight"
    _ = try folder.altered("transformer.h5") { root in
      guard var dataset = root.dataset(path) else {
        Issue.record("there is no \(path)")
        return
      }
      dataset.elements.addToLast(0.05)
      root.set(.dataset(dataset), at: path)
    }
    let report = try folder.report()
    #expect(report.firstFailure?.name == "logits")
  }

  @Test func `one altered integer fails`() throws {
    let folder = try Folder()
    let path = "segments/4/memory/after/co_firing_counts"
    _ = try folder.altered("memoria-exponential.h5") { root in
      guard var dataset = root.dataset(path) else {
        Issue.record("there is no \(path)")
        return
      }
      dataset.elements.addToLast(1)
      root.set(.dataset(dataset), at: path)
    }
    let failure = try folder.report().firstFailure
    #expect(failure?.name == "co_firing_counts" && failure?.difference == 1 && failure?.tolerance == 0)
  }

  @Test func `a number that is none fails`() throws {
    let folder = try Folder()
    _ = try folder.altered("transformer.h5") { root in
      guard var dataset = root.dataset("segments/0/logits") else { return }
      dataset.elements.addToLast(.nan)
      root.set(.dataset(dataset), at: "segments/0/logits")
    }
    let failure = try folder.report().firstFailure
    #expect(failure?.name == "logits")
  }

  @Test func `an unknown model is skipped by its name`() throws {
    let folder = try Folder()
    let file = try folder.altered("transformer.h5") { root in root.replace("model", with: "hopfield-network")
    }
    guard case .skipped(let reason) = replayOracle(at: file) else {
      Issue.record("it was not skipped")
      return
    }
    #expect(reason.contains("hopfield-network"))
  }

  @Test func `what cannot be replayed is unreadable, with a reason`() throws {
    let folder = try Folder()
    func reason(_ path: String) -> String {
      if case .unreadable(let reason) = replayOracle(at: path) { reason } else { "replayed or skipped" }
    }
    #expect(reason("\(folder.path)/absent.h5").contains("absent.h5"))
    try Data("not HDF5".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/text.h5"))
    #expect(reason("\(folder.path)/text.h5").contains("is not an oracle file"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(reference)/transformer.h5"))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: "\(folder.path)/half.h5"))
    #expect(reason("\(folder.path)/half.h5").contains("is not an oracle file"))
    try HDF5.write(Group(), to: "\(folder.path)/foreign.h5")
    #expect(reason("\(folder.path)/foreign.h5").contains("its attribute \"format\" does not say so"))
  }

  @Test func `a file without segments or with impossible sizes does not pass`() throws {
    func expect(_ sentence: String, _ change: (inout Group) throws -> Void) throws {
      let folder = try Folder()
      let outcome = replayOracle(at: try folder.altered("transformer.h5", change))
      guard case .unreadable(let reason) = outcome else {
        Issue.record("expected “\(sentence)”, found \(outcome)")
        return
      }
      #expect(reason.contains(sentence))
    }
    try expect("number of segments") { $0.replace("sizes", with: "{}") }
    try expect("number of segments") { $0.replace("sizes", with: "{\"segments\": 0, \"segment\": 16}") }
    try expect("not a JSON object") { $0.replace("config", with: "[]") }
    try expect("heads") { $0.replaceInText("config", "\"n_head\": 2", "\"n_head\": 3") }
    try expect("feed_forward") { $0.replaceInText("config", "\"n_inner\": ", "\"n_inner\": 1") }
    try expect("is not below the vocabulary") { root in
      guard var dataset = root.dataset("segments/0/input_ids") else { return }
      dataset.elements.addToLast(1e6)
      root.set(.dataset(dataset), at: "segments/0/input_ids")
    }
  }

  @Test func `a fused map that cannot be shared out is told`() throws {
    let folder = try Folder()
    let path = "weights/transformer.layers.0.dec_attn.qkv_net.weight"
    let file = try folder.altered("transformer-xl.h5") { root in
      root.set(.dataset(Dataset(shape: [4, 2], .float32([Float](repeating: 0, count: 8)))), at: path)
    }
    guard case .unreadable(let reason) = replayOracle(at: file) else {
      Issue.record("it was replayed or skipped")
      return
    }
    #expect(reason.contains("\(path) is not a map that can be shared out in 3 equal parts"))
  }

  @Test func `a folder without oracles is told`() throws {
    let folder = try Folder()
    #expect(throws: OracleError.self) { try replayOracles(in: folder.path) }
    #expect(throws: OracleError.self) { try replayOracles(in: folder.path + "/absent") }
  }
}

extension Elements {
  /// Adds to the last number.
  fileprivate mutating func addToLast(_ change: Double) {
    switch self {
    case .float32(var values):
      if let last = values.popLast() { values.append(last + Float(change)) }
      self = .float32(values)
    case .float64(var values):
      if let last = values.popLast() { values.append(last + change) }
      self = .float64(values)
    case .int32(var values):
      if let last = values.popLast() { values.append(last + Int32(change)) }
      self = .int32(values)
    default: Issue.record("these elements are not altered by this test")
    }
  }
}

extension Group {
  /// Another text for an attribute.
  fileprivate mutating func replace(_ name: String, with text: String) {
    attributes = attributes.map { $0.name == name ? Attribute(name, .text(text)) : $0 }
  }

  fileprivate mutating func replaceInText(_ name: String, _ old: String, _ new: String) {
    let text = attribute(name)?.text ?? ""
    #expect(text.contains(old), "\(name) has no \(old): \(text)")
    replace(name, with: text.replacingOccurrences(of: old, with: new))
  }
}
