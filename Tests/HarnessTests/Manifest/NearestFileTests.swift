import Foundation
import Testing

@testable import Harness

@Suite struct NearestFileTests {
  private let project: ProjectFolder

  init() throws {
    project = try ProjectFolder([
      "sorting-ablation.yaml": "", "sorting.yaml": "", "smoke.yaml": "", "common/base.yaml": "",
      "paper/table6.csv": "", ".hidden.yaml": "",
    ])
  }

  @Test(arguments: [
    ("Experiments/sorting-abblation.yaml", "Experiments/sorting-ablation.yaml"),
    ("Experiments/sorting.yml", "Experiments/sorting.yaml"),
    ("expriments/smoke.yaml", "Experiments/smoke.yaml"),
    ("Experimnets/papre/tabel6.csv", "Experiments/paper/table6.csv"),
    // Without its ending, or without its folder.
    ("Experiments/smoke", "Experiments/smoke.yaml"),
    ("smoke", "Experiments/smoke.yaml"),
    ("smoke.yaml", "Experiments/smoke.yaml"),
    ("sorting-abblation", "Experiments/sorting-ablation.yaml"),
    // What is near to nothing, to a folder, or to what is hidden.
    ("Experiments/elephants.yaml", nil), ("Experiments/comon", nil), ("Experiments/hiden.yaml", nil),
    ("a/b/c/d.yaml", nil), ("", nil), ("/", nil), ("\0", nil),
  ])
  func `a file is found by a name that is nearly its own`(name: String, near: String?) {
    #expect(nearestFile(to: name, from: project.path) == near)
    if let near, name.contains("/") {
      #expect(nearestFile(to: "\(project.path)/\(name)", from: "/") == "\(project.path)/\(near)")
    }
  }

  @Test func `names in folders that may not be looked at are not told`() {
    let own = project.path + "/Experiments"
    #expect(nearestFile(to: "../paper/tabel6.csv", from: own + "/common") == "../paper/table6.csv")
    #expect(nearestFile(to: "../paper/tabel6.csv", from: own + "/common") { $0 != own + "/paper" } == nil)
  }

  @Test func `a manifest that names a file wrongly hears the nearest`() throws {
    let project = try Sample.project("common/base.yaml", "common/bass.yaml")
    #expect(
      project.complaint()
        == "sorting.yaml:4: base is “common/bass.yaml”, and there is no such file; did you mean common/base.yaml?"
    )
    try project.write("mneme: 1\nbase: common/a.yaml\n", to: "b.yaml")
    try project.write("mneme: 1\nbase: bas.yaml\n", to: "common/a.yaml")
    #expect(
      project.complaint("b.yaml")
        == "common/a.yaml:2: base is “bas.yaml”, and there is no such file (b.yaml → common/a.yaml); did you mean "
        + "base.yaml?")
    #expect(
      project.complaint("sortnig.yaml") == "sortnig.yaml: there is no such file; did you mean sorting.yaml?")
  }

  @Test func `files outside of the project are not named`() throws {
    let project = try ProjectFolder([
      "a.yaml": "mneme: 1\nbase: ../Experiments/../Experiments/commn/bse.yaml\n"
    ])
    try project.write("", to: "common/base.yaml")
    #expect(
      project.complaint("a.yaml").hasSuffix("did you mean ../Experiments/../Experiments/common/base.yaml?"))
    let outside = try ProjectFolder(["secret.yaml": ""])
    let name = URL(fileURLWithPath: outside.path).lastPathComponent
    try project.write("mneme: 1\nbase: ../../\(name)x/../project/Experiments/secrt.yaml\n", to: "a.yaml")
    #expect(!project.complaint("a.yaml").contains("did you mean"))
  }
}
