import ArgumentParser
import Harness

/// What runs may use together, and how long they may take, for every command that starts some.
struct SchedulingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What there is of the things that resources.slots asks for: gpu=1,licence=3.", valueName: "name=count,…"
    ))
  var slots: String?

  @Option(
    help: ArgumentHelp(
      "Memory for all runs together: 8GiB. If not given, what the machine and its control group have.",
      valueName: "amount"))
  var memory: String?

  @Option(
    help: ArgumentHelp(
      "Time for one attempt, in place of resources.timeout: 90s, 30m, 2h. It goes on while it comes further.",
      valueName: "time"))
  var timeout: String?

  @Option(
    help: ArgumentHelp(
      "Time for everything: begin nothing that cannot end in it, as alike runs show; then leave with 3.",
      valueName: "time"))
  var timeBudget: String?

  @Flag(
    name: .customLong("retry-oom"),
    help: "Try runs again that were killed for want of memory, each time with half as much again.")
  var retryOutOfMemory = false

  func validate() throws {
    guard slots == nil || chosenSlots != nil else {
      throw ValidationError(
        "--slots is \(slots ?? ""); expected names with numbers from 1 to 1024, such as gpu=1,licence=3.")
    }
    _ = try MemoryAmount(memory)
    for (name, text) in [("--timeout", timeout), ("--time-budget", timeBudget)] {
      guard let text, Quantity.seconds(text) == nil else { continue }
      throw ValidationError("\(name) is \(text); expected a time such as 90s, 30m or 2h.")
    }
  }

  /// Nil where the text says something else than names with numbers.
  private var chosenSlots: [String: Int]? {
    var chosen: [String: Int] = [:]
    for pair in (slots ?? "").split(separator: ",", omittingEmptySubsequences: slots == nil) {
      let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, Resources.isName(parts[0]), let count = Int(parts[1]),
        (1...1024).contains(count), chosen[parts[0]] == nil
      else { return nil }
      chosen[parts[0]] = count
    }
    return chosen
  }

  func apply(to options: inout RunOptions) {
    options.slots = chosenSlots ?? [:]
    options.memory = memory.flatMap(Quantity.bytes)
    options.timeout = timeout.flatMap(Quantity.seconds)
    options.timeBudget = timeBudget.flatMap(Quantity.seconds)
    options.retriesOutOfMemory = retryOutOfMemory
  }

  /// The arguments that say the same to another invocation.
  var arguments: [String] {
    let texts = [
      ("--slots", slots), ("--memory", memory), ("--timeout", timeout), ("--time-budget", timeBudget),
    ]
    return texts.flatMap { name, text in text.map { [name, $0] } ?? [] }
      + (retryOutOfMemory ? ["--retry-oom"] : [])
  }
}

/// Which of a manifest's runs this invocation takes, beside others that share the store.
struct SharingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Begin so many runs at most, the first of the table.", valueName: "count"))
  var maxRuns: Int?

  @Flag(help: "Do not wait for runs that other processes have; leave with 3 if there are any.")
  var noWait = false

  func validate() throws {
    guard maxRuns.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--max-runs is \(maxRuns ?? 0); expected 1 or more.")
    }
  }

  func apply(to options: inout RunOptions) { (options.maxRuns, options.waits) = (maxRuns, !noWait) }

  /// The arguments that say the same to another invocation.
  var arguments: [String] {
    (maxRuns.map { ["--max-runs", "\($0)"] } ?? []) + (noWait ? ["--no-wait"] : [])
  }
}
