import Testing

/// A way in which a plan's runs come to be computed. A new one is a case here, and what `Site` does for it.
enum Way: String, CaseIterable, CustomTestStringConvertible {
  case local = "processes of this machine"
  /// Scripts in `PATH`.
  case fakeSlurm = "a fake Slurm"
  /// A slurmctld and three slurmd.
  case realSlurm = "a real Slurm"

  /// Those that there are on this machine.
  static let here = allCases.filter { $0 != .realSlurm || RealSlurm.absence == nil }

  var isSlurm: Bool { self != .local }

  var testDescription: String { rawValue }

  /// Where whoever asks for runs is killed: while the store is made, and around the question to the cluster. What is
  /// published first is VERSION, two specifications, the manifest, and for a cluster the plan, the record and the receipt.
  static var deaths: [(Way, String)] {
    here.flatMap { way -> [(Way, String)] in
      let faults =
        switch way {
        case .local: ["place.after-folder#2", "publish.after-link#4"]
        case .fakeSlurm:
          ["place.after-folder#2", "publish.after-link#5", "publish.after-link#6", "publish.before-create#7"]
        case .realSlurm: ["publish.after-link#6", "publish.before-create#7"]
        }
      return faults.map { (way, $0) }
    }
  }
}
