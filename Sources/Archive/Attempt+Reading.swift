/// A record of an attempt that can be read from what `QuickJSON` found.
protocol AttemptRecord: Codable {
  /// Nil wherever the general decoder is to decide: it says what is wrong, or reads what is only unusual.
  init?(quickly members: [String: QuickJSON.Member])
}

extension AttemptStart: AttemptRecord {
  init?(quickly members: [String: QuickJSON.Member]) {
    var record = QuickMembers(members)
    guard let attempt = record.integer("attempt"), let started = record.text("started"),
      let monotonic = record.real("monotonic"), let host = record.text("host"),
      let pid = record.integer("pid", as: Int32.self), let arguments = record.texts("arguments"),
      let cpu = record.text("cpu"), let kernel = record.text("kernel"), let hdf5 = record.text("hdf5"),
      let threads = record.integer("threads")
    else { return nil }
    self.init(
      attempt: attempt, started: started, monotonic: monotonic, host: host, pid: pid, arguments: arguments,
      manifest: record.text("manifest"), code: record.text("code"), gitCommit: record.text("git_commit"),
      gitDirty: record.flag("git_dirty"), toolchain: record.text("toolchain"), cpu: cpu, kernel: kernel,
      hdf5: hdf5,
      threads: threads, instructions: record.text("instructions"), leaseSeconds: record.real("lease_seconds"),
      job: record.text("job"))
    if record.isOther { return nil }
  }
}

extension AttemptEnd: AttemptRecord {
  init?(quickly members: [String: QuickJSON.Member]) {
    var record = QuickMembers(members)
    guard let attempt = record.integer("attempt"),
      let outcome = record.word("outcome", as: Outcome.self), let ended = record.text("ended"),
      let monotonic = record.real("monotonic"),
      let seconds = record.real("seconds")
    else { return nil }
    var cost: AttemptCost?
    if let group = record.group("cost") {
      guard let read = AttemptCost(quickly: group) else { return nil }
      cost = read
    }
    self.init(
      attempt: attempt, outcome: outcome, failure: record.word("failure", as: FailureClass.self),
      message: record.text("message"), ended: ended, monotonic: monotonic, seconds: seconds,
      userSeconds: record.real("user_seconds"),
      systemSeconds: record.real("system_seconds"),
      peakBytes: record.integer("peak_bytes"), resumedFrom: record.text("resumed_from"),
      keptWeights: record.flag("kept_weights"), cost: cost)
    if record.isOther { return nil }
  }
}

extension AttemptCost {
  fileprivate init?(quickly members: QuickMembers) {
    var record = members
    guard let training = record.real("training_seconds"),
      let evaluation = record.real("evaluation_seconds"),
      let steps = record.integer("steps"), let state = record.integer("state_bytes"),
      let associations = record.integer("association_bytes")
    else { return nil }
    let perStep = record.real("seconds_per_step")
    self.init(
      trainingSeconds: training, evaluationSeconds: evaluation, steps: steps, stateBytes: state,
      associationBytes: associations)
    // Worked out anew, it is the number that was written; one that somebody changed is theirs to keep.
    if record.isOther || perStep != secondsPerStep { return nil }
  }
}
