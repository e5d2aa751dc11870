import Foundation
import Harness
import Records
import Tables
import Testing

@Suite struct Bases {
  private let head = "mneme: 1\nname: a\ntier: quick\n"

  @Test func `a later file overrides its base key by key`() throws {
    let project = try ProjectFolder([
      "a.yaml": head + "base: b.yaml\ntask.length: 36\ngrid: {seed: [5]}\ntables: {t: {show: median}}\n",
      "b.yaml": Sample.sorting, "common/base.yaml": Sample.base,
    ])
    let manifest = try project.manifest("a.yaml")
    #expect(manifest.runs.map { $0.settings["task.length"] } == [.integer(36), .integer(36)])
    #expect(manifest.runs.map { $0.settings["seed"] } == [.integer(5), .integer(5)])
    #expect(manifest.runs.map { $0.settings["model.memory"] } == [.text("none"), .text("long-term")])
    #expect(manifest.name == "a")
    #expect(manifest.tables[0].specification.show == .median)
    #expect(manifest.tables[0].specification.rows == ["model.memory"])
    #expect(manifest.resources.timeout == 1800)
  }

  @Test func `a setting replaces an axis of the base, and an axis a setting`() throws {
    let project = try ProjectFolder([
      "a.yaml": head + "base: sorting.yaml\nseed: 9\ngrid: {task.data_seed: [3]}\n",
      "sorting.yaml": Sample.sorting, "common/base.yaml": Sample.base,
    ])
    let manifest = try project.manifest("a.yaml")
    #expect(manifest.runs.map { $0.settings["seed"] } == [.integer(9), .integer(9)])
    #expect(manifest.runs.map { $0.settings["task.data_seed"] } == [.integer(3), .integer(3)])
  }

  @Test func `paths are relative to the file that holds them`() throws {
    let csv = "model.memory,task.segments,test.accuracy,test.accuracy.unit\nnone,5,50,%\n"
    let project = try ProjectFolder([
      "a.yaml": head + "base: deep/er/b.yaml\n",
      "deep/er/b.yaml": Sample.sorting.replacing("base: common", with: "base: ../../common")
        .replacing("mean±std", with: "mean±std, reference: ../t.csv"),
      "deep/t.csv": csv, "common/base.yaml": Sample.base,
    ])
    #expect(try project.manifest("a.yaml").tables[0].specification.reference == "Experiments/deep/t.csv")
  }

  @Test func `a circle is shown as a circle`() throws {
    let project = try ProjectFolder([
      "a.yaml": head + "base: b.yaml\n", "b.yaml": "mneme: 1\nbase: common/c.yaml\n",
      "common/c.yaml": "mneme: 1\nbase: ../b.yaml\n",
    ])
    #expect(
      project.complaint("a.yaml")
        == "common/c.yaml:2: base leads in a circle: b.yaml → common/c.yaml → common/../b.yaml; remove one of them."
    )
  }

  @Test func `a missing base tells by which way it was reached`() throws {
    let project = try ProjectFolder(["a.yaml": head + "base: b.yaml\n", "b.yaml": "mneme: 1\nbase: c.yaml\n"])
    #expect(
      project.complaint("a.yaml")
        == "b.yaml:2: base is “c.yaml”, and there is no such file (a.yaml → b.yaml).")
  }

  @Test func `a symbolic link out of the project leaves it`() throws {
    let outside = try ProjectFolder(["base.yaml": Sample.base])
    let project = try ProjectFolder(["sorting.yaml": Sample.sorting])
    try FileManager.default.createSymbolicLink(
      atPath: project.path + "/Experiments/common/base.yaml",
      withDestinationPath: outside.path + "/Experiments/base.yaml")
    #expect(
      project.complaint() == "sorting.yaml:4: base is “common/base.yaml”, which leaves the project;"
        + " paths stay under the folder “project”.")
  }

  @Test func `a linked folder out of the project leaves it`() throws {
    let outside = try ProjectFolder(["base.yaml": Sample.base])
    let project = try ProjectFolder(["sorting.yaml": Sample.sorting.replacing("common/", with: "linked/")])
    try FileManager.default.createSymbolicLink(
      atPath: project.path + "/Experiments/linked", withDestinationPath: outside.path + "/Experiments")
    #expect(project.complaint().contains("leaves the project"))
  }

  @Test func `a symbolic link inside of the project is a file like any other`() throws {
    let project = try Sample.project()
    try FileManager.default.moveItem(
      atPath: project.path + "/Experiments/common/base.yaml", toPath: project.path + "/base.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: project.path + "/Experiments/common/base.yaml", withDestinationPath: "../../base.yaml")
    #expect(try project.manifest().runs.count == 4)
  }

  @Test func `a folder that only begins like the project is outside of it`() throws {
    let project = try Sample.project("base: common/base.yaml", "base: ../../NAME-b/base.yaml")
    let name = URL(fileURLWithPath: project.path).lastPathComponent
    try project.write(
      Sample.sorting.replacing("common/base.yaml", with: "../../\(name)-b/base.yaml"), to: "sorting.yaml")
    #expect(project.complaint().contains("leaves the project"))
  }

  @Test func `the usual value of a missing key is told`() throws {
    let project = try Sample.project("  heads: 2\n", "")
    try project.write("mneme: 1\nmodel: {heads: 4}\n", to: "common/usual.yaml")
    try project.write("no: yaml: at all\n", to: "common/broken.yaml")
    #expect(
      project.complaint() == "common/base.yaml:12: model.heads is missing, which the model memoria needs;"
        + " usual: 4 (common/usual.yaml).")
  }

  @Test func `a manifest outside of any project stays in its folder`() throws {
    let project = try ProjectFolder(["alone/a.yaml": Sample.sorting, "alone/common/base.yaml": Sample.base])
    let alone =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/alone-\(UUID().uuidString)"
    try FileManager.default.moveItem(atPath: project.path + "/Experiments/alone", toPath: alone)
    defer { try? FileManager.default.removeItem(atPath: alone) }
    #expect(try Manifest(reading: alone + "/a.yaml").runs.count == 4)
    #expect(throws: ManifestError.self) {
      try project.write("base: ../b.yaml\nmneme: 1\n", to: "b.yaml")
      try FileManager.default.copyItem(
        atPath: project.path + "/Experiments/b.yaml", toPath: alone + "/b.yaml")
      _ = try Manifest(reading: alone + "/b.yaml")
    }
  }
}

@Suite struct SettingsOfTheCommandLine {
  @Test(arguments: [
    ("heads", "--set heads: “heads” is not key=value, such as task.examples=2000."),
    ("=3", "--set =3: “=3” is not key=value, such as task.examples=2000."),
    ("seed=", "--set seed=: “seed=” is not key=value, such as task.examples=2000."),
    ("seed=x", "--set seed=x: seed is “x”; expected a whole number, not negative."),
    (
      "seed=[1",
      "--set seed=[1: this is not YAML: a list that begins with “[” is not closed with “]”, or lacks a comma."
    ),
    ("sed=1", "--set sed=1: sed is not a key; did you mean seed?"),
    (
      "tier=paper",
      "--set tier=paper: --set changes settings of runs only, and tier is another part of a manifest."
    ),
    (
      "resources.threads=2",
      "--set resources.threads=2: --set changes settings of runs only, and resources.threads is no part of what a run"
        + " is; it has an option of its own."
    ),
    (
      "task.segments=8",
      "--set task.segments=8: task.segments is derived and cannot be set; set task.length, from which it follows"
        + " (tables may use task.segments)."
    ),
    ("model.heads=3", "--set model.heads=3: model.heads …"),
  ])
  func `a bad argument gets one sentence`(argument: String, message: String) throws {
    let complaint = try Sample.project().complaint(settings: [argument])
    if message.hasSuffix("…") {
      #expect(complaint.hasPrefix(message.dropLast()))
    } else {
      #expect(complaint == message)
    }
  }

  @Test func `a key is given once`() throws {
    let complaint = try Sample.project().complaint(settings: ["seed=1", "seed=2"])
    #expect(complaint == "--set seed=2: seed is set twice, first in --set seed=1; remove one of them.")
  }

  @Test func `what is zipped or included is edited in the file`() throws {
    let project = try Sample.project(
      "seed: [1, 2]", "seed: [1, 2]\nzip: [{task.length: [35, 36], task.data_seed: [1, 2]}]")
    #expect(
      project.complaint(settings: ["task.length=35"])
        == "--set task.length=35: task.length is listed under zip or include, where one value cannot replace it;"
        + " edit the manifest.")
  }
}
