package import Archive
import Foundation
import Glibc
import Records

/// What `plan --measure` does: times a few segments of every size, and works out what the runs would take.
///
/// Runs are of one size where a segment of theirs is: same model, same batch, same tokens in a segment. The longest of
/// them is timed for all.
package struct Measurement: Sendable {
  /// One size that was timed.
  package struct Size: Sendable {
    /// The run that was timed, as its manifest names it.
    package let label: String
    package let runs: Int
    package let parameters: Int
    package let times: SegmentTimes
  }

  package let sizes: [Size]
  package let machine: String
  package let threads: Int
  /// Optimizer steps of all runs of the manifest.
  package let steps: Int
  /// Seconds of computing of all its runs, done or not.
  package let seconds: Double
  private let runs: Int
  private let costs: [MeasuredCost]

  /// - Parameter note: hears what is being timed.
  package init(_ manifest: Manifest, by clock: some SegmentClock, note: (String) -> Void) {
    let labels = RunLabels(manifest)
    let groups = Measurement.groups(of: manifest)
    machine = MeasuredCost.thisMachine
    threads = clock.threads
    let date = ISO8601DateFormatter().string(from: Date())
    var sizes: [Size] = []
    var costs: [MeasuredCost] = []
    var (steps, seconds) = (0, 0.0)
    for (number, runs) in groups.enumerated() {
      // Runs that differ in nothing but the seed are the same work.
      var works: [Settings: Workload] = [:]
      guard let facts = runs.first.map(Workload.ModelFacts.init) else { continue }
      for run in runs where works[Measurement.work(of: run)] == nil {
        works[Measurement.work(of: run)] = Workload(run, facts)
      }
      func workload(_ run: Specification) -> Workload? { works[Measurement.work(of: run)] }
      guard let longest = runs.max(by: { (workload($0)?.segments ?? 0) < (workload($1)?.segments ?? 0) }),
        let example = workload(longest)
      else { continue }
      note("measuring size \(number + 1) of \(groups.count): \(labels.label(of: longest))")
      let times = clock.times(of: longest)
      sizes.append(
        Size(label: labels.label(of: longest), runs: runs.count, parameters: example.parameters, times: times)
      )
      for run in runs {
        guard let workload = workload(run) else { continue }
        steps += workload.steps
        let basis = Extrapolation(workload, times, threads: clock.threads)
        seconds += workload.seconds(times)
        costs.append(
          MeasuredCost(
            settings: run.storedSettings, machine: machine, date: date, seconds: workload.seconds(times),
            basis: basis))
      }
    }
    (self.sizes, self.costs, self.steps, self.seconds) = (sizes, costs, steps, seconds)
    runs = manifest.runs.count
  }

  /// The longest run of every size of a manifest, under its name there.
  package static func sizes(of manifest: Manifest) -> [(label: String, run: Specification)] {
    let labels = RunLabels(manifest)
    func segments(_ run: Specification) -> Int {
      if case .integer(let count)? = run.derived["task.segments"] { count } else { 0 }
    }
    return groups(of: manifest).compactMap { runs in
      runs.max { segments($0) < segments($1) }.map { (labels.label(of: $0), $0) }
    }
  }

  /// The runs of a manifest, those of one size together.
  private static func groups(of manifest: Manifest) -> [[Specification]] {
    var groups: [[Specification]] = []
    var places: [Settings: Int] = [:]
    for run in manifest.runs {
      let size = Measurement.size(of: run)
      if let place = places[size] {
        groups[place].append(run)
      } else {
        places[size] = groups.count
        groups.append([run])
      }
    }
    return groups
  }

  /// Throws where `put` could not write.
  package static func refuseUnwritable(_ store: Store) throws(ReportError) {
    for folder in [store.root, store.root + "/objects"] where fileKind(at: folder) != nil {
      // Named as what a killed process leaves, for `fsck` to tell.
      let probe = "\(folder)/.probe.tmp-\(getpid())"
      let file = unsafe open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard file >= 0 else {
        throw .noWriting(store: store.root, reason: unsafe String(cString: strerror(errno)))
      }
      close(file)
      unsafe unlink(probe)
    }
  }

  /// Keeps what was found, for later plans.
  package func put(in store: Store) throws {
    for cost in costs { try cost.put(in: store) }
  }

  /// What a segment's cost depends on.
  private static func size(of run: Specification) -> Settings {
    var size = run.settings.group("model").prefixed("model")
    size["training.batch"] = run.settings["training.batch"]
    for key in ["numerics", "semantics.model"] { size[key] = run.settings[key] }
    let tokens = Workload.tokens(of: run)
    size["task.vocabulary"] = .integer(tokens.vocabulary)
    size["task.segment_length"] = .integer(tokens.segmentLength)
    return size
  }

  private static func work(of run: Specification) -> Settings {
    var work = run.settings
    work["seed"] = nil
    return work
  }

  /// What was found, for people.
  package var text: String {
    var rows = [["size", "runs", "parameters", "early segment", "last segment", "optimizer", "peak memory"]]
    for size in sizes {
      let times = size.times
      rows.append(
        [size.label.isEmpty ? "all runs" : size.label, "\(size.runs)", "\(size.parameters)"]
          + [times.earlySegment, times.lastSegment, times.optimizerStep].map {
            NumberText.rough($0 * 1000) + " ms"
          } + [times.peakBytes.map { NumberText.rough(Double($0) * 1e-6) + " MB" } ?? "–"])
    }
    return "Measured on \(machine), for one batch on \(counted(threads, "thread")):\n"
      + inColumns(rows, indentation: "  ")
      + "\(counted(runs, "run")), \(counted(steps, "step")): \(duration(seconds)) of computing, one run at a time.\n"
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      MeasurementJSON(
        machine: machine, threads: threads, runs: runs, steps: steps, seconds: seconds,
        sizes: sizes.map { .init(label: $0.label, runs: $0.runs, parameters: $0.parameters, times: $0.times) }
      ))
  }
}

private struct MeasurementJSON: Encodable {
  struct Size: Encodable {
    let label: String
    let runs: Int
    let parameters: Int
    let times: SegmentTimes
  }

  let machine: String
  let threads: Int
  let runs: Int
  let steps: Int
  let seconds: Double
  let sizes: [Size]
}
