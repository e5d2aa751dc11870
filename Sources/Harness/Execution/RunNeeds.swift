package import Archive
import Foundation
package import Records

/// What earlier runs needed of their machine, to tell what others will need.
///
/// Memory depends on the sizes: everything of model and task, and the batch. What a run leaves on the disk depends on
/// the training, too. Nothing is guessed from runs of other sizes.
package struct RunNeeds: Sendable {
  private var peaks: [Settings: Int] = [:]
  private var stored: [Settings: Int] = [:]
  /// What alike runs took.
  package var costs = Costs()

  /// Nothing was measured.
  package init() {}

  /// Takes note of what a run held at most, and of what it left.
  package mutating func add(_ settings: Settings, peakBytes: Int?, storedBytes: Int? = nil) {
    if let peakBytes { peaks[RunNeeds.sizes(of: settings), default: 0].formMax(peakBytes) }
    if let storedBytes { stored[Costs.work(of: settings), default: 0].formMax(storedBytes) }
  }

  /// The most bytes that a run of the same sizes held; nil where there was none.
  package func memory(of run: Specification) -> Int? { peaks[RunNeeds.sizes(of: run.storedSettings)] }

  /// The most bytes that an alike run left on the disk; nil where there was none.
  package func bytes(of run: Specification) -> Int? { stored[Costs.work(of: run.storedSettings)] }

  /// What the memory depends on.
  static func sizes(of settings: Settings) -> Settings {
    var sizes = settings
    for key in settings.keys {
      let isSize =
        key.hasPrefix("model.") || (key.hasPrefix("task.") && key != "task.data_seed")
        || key == "training.batch" || key == "numerics"
      if !isSize { sizes[key] = nil }
    }
    return sizes
  }
}

extension Int {
  fileprivate mutating func formMax(_ other: Int) { self = Swift.max(self, other) }
}

extension Store {
  /// What the store's runs of the same sizes as `runs` needed, whichever manifest asked for them.
  ///
  /// Of many alike, the first 16 by their hash are asked: the last digit of an estimate is not worth thousands of
  /// files. A run that cannot be read tells nothing; `fsck` names it.
  package func needs(of runs: [Specification]) throws(ArchiveError) -> RunNeeds {
    var needs = RunNeeds()
    var counts: [Settings: Int] = [:]
    let wanted = Set(runs.map { RunNeeds.sizes(of: $0.storedSettings) })
    guard !wanted.isEmpty else { return needs }
    for id in try self.runs() {
      let directory = run(id)
      guard let settings = try? directory.settings() else { continue }
      let work = Costs.work(of: settings)
      guard wanted.contains(RunNeeds.sizes(of: settings)), counts[work, default: 0] < 16,
        let attempts = try? directory.attempts(), !attempts.isEmpty
      else { continue }
      let ends = attempts.compactMap(\.end)
      needs.add(settings, peakBytes: ends.compactMap(\.peakBytes).max())
      guard ends.last?.outcome == .done else { continue }
      needs.add(settings, peakBytes: nil, storedBytes: directory.publishedBytes)
      let seconds = ends.reduce(0) { $0 + $1.seconds }
      // What a damaged record told is not known, and the rest of the sum is no measurement of the run.
      if seconds > 0, !attempts.contains(where: \.hasLostEnd) { needs.costs.add(settings, seconds: seconds) }
      counts[work, default: 0] += 1
    }
    return needs
  }
}

extension RunDirectory {
  /// The length of what is published.
  fileprivate var publishedBytes: Int {
    [resultPath, weightsPath].reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }
}
