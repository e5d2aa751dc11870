import Records

/// What a whole run would take, worked out from a few pieces of it that were timed:
///
///     training    = steps · (early · e + labelled · l + o)
///     evaluation  = evaluation batches · (early + labelled) · e
///     peak memory = that of the process while it timed the pieces
///
/// with e an early segment, the median of those that were timed while memories filled, l one with labels, forward and
/// backward, and o the optimizer. What a memory holds in the end is not extrapolated.
struct Extrapolation: Sendable, Equatable {
  let steps, evaluationBatches, earlySegments, labelledSegments: Int
  let times: SegmentTimes
  let threads: Int

  init(_ workload: Workload, _ times: SegmentTimes, threads: Int) {
    (steps, evaluationBatches) = (workload.steps, workload.evaluationBatches)
    (earlySegments, labelledSegments) = (workload.earlySegments, workload.labelledSegments)
    (self.times, self.threads) = (times, threads)
  }

  /// Seconds of one optimizer step.
  var secondsPerStep: Double {
    Double(earlySegments) * times.earlySegment + Double(labelledSegments) * times.lastSegment
      + times.optimizerStep
  }

  /// By the keys of `Cost`.
  var costs: [String: Double] {
    let training = Double(steps) * secondsPerStep
    let evaluation =
      Double(evaluationBatches) * Double(earlySegments + labelledSegments) * times.earlySegment
    var costs: [Cost: Double] = [
      .trainingSeconds: training, .evaluationSeconds: evaluation, .seconds: training + evaluation,
      .steps: Double(steps), .secondsPerStep: secondsPerStep,
    ]
    costs[.peakBytes] = times.peakBytes.map { Double($0) }
    return Dictionary(uniqueKeysWithValues: costs.map { ($0.key.key, $0.value) })
  }

  /// The formula of a cost with its numbers in it; nil for a cost that is not extrapolated.
  func formula(of cost: Cost) -> String? {
    func time(_ seconds: Double) -> String {
      seconds < 1 ? NumberText.rough(seconds * 1000) + " ms" : NumberText.rough(seconds) + " s"
    }
    let step =
      "(\(counted(earlySegments, "early segment")) · \(time(times.earlySegment)) + \(labelledSegments) last · "
      + "\(time(times.lastSegment)) + optimizer \(time(times.optimizerStep)))"
    let training = "\(counted(steps, "step")) · \(step)"
    let evaluation =
      "\(evaluationBatches) batches · \(counted(earlySegments + labelledSegments, "segment")) · "
      + time(times.earlySegment)
    switch cost {
    case .trainingSeconds: return training
    case .evaluationSeconds: return evaluation
    case .seconds: return "\(training) + \(evaluation)"
    case .secondsPerStep: return step
    case .steps: return "that of the settings"
    case .peakBytes:
      return times.peakBytes.map { _ in "the peak of the process that timed its segments" + share }
    case .cpuSeconds, .stateBytes, .associationBytes, .attempts: return nil
    }
  }

  /// How far into a run's segments timing came, for what is held in memory grows with them.
  private var share: String {
    // The first, those that were timed, and the last.
    let (read, all) = (times.timedSegments + 2, earlySegments + labelledSegments)
    return read < all
      ? ", after \(read) of the \(all) that a run computes: memories of engrams grow further"
      : ", after no fewer than a run computes"
  }

  /// What was timed.
  var basis: String {
    "the median of \(counted(times.timedSegments, "early segment")) after the first, while memories fill, one last "
      + "segment forward and backward, one optimizer step, of one batch on \(counted(threads, "thread"))"
  }
}

extension Extrapolation {
  /// As the store keeps it.
  var numbers: [String: Double] {
    var numbers: [String: Double] = [
      "steps": Double(steps), "evaluation_batches": Double(evaluationBatches),
      "early_segments": Double(earlySegments), "labelled_segments": Double(labelledSegments),
      "early_segment": times.earlySegment, "last_segment": times.lastSegment,
      "optimizer_step": times.optimizerStep, "timed_segments": Double(times.timedSegments),
      "threads": Double(threads),
    ]
    numbers["peak_bytes"] = times.peakBytes.map { Double($0) }
    return numbers
  }

  /// Reads `numbers` back; nil where some are missing or are no counts.
  init?(_ numbers: [String: Double]) {
    func count(_ key: String) -> Int? { numbers[key].flatMap { Int(exactly: $0) } }
    guard let steps = count("steps"), let batches = count("evaluation_batches"),
      let early = count("early_segments"), let labelled = count("labelled_segments"),
      let earlySegment = numbers["early_segment"], let lastSegment = numbers["last_segment"],
      let optimizerStep = numbers["optimizer_step"], let timed = count("timed_segments"),
      let threads = count("threads")
    else { return nil }
    (self.steps, evaluationBatches) = (steps, batches)
    (earlySegments, labelledSegments, self.threads) = (early, labelled, threads)
    times = SegmentTimes(
      earlySegment: earlySegment, lastSegment: lastSegment, optimizerStep: optimizerStep,
      timedSegments: timed, peakBytes: count("peak_bytes"))
  }
}
