import Archive
import Records
import Tables

/// What a store knows of one run, each part looked up when it is first asked for. Numbers are read from files whose bytes
/// were verified.
struct RunFacts: Sendable {
  /// A manifest that asks for the run.
  struct Owner: Sendable {
    let hash: Digest
    let name: String
    let tier: Tier

    init(_ manifest: Manifest) { (hash, name, tier) = (manifest.hash, manifest.name, manifest.tier) }
  }

  let run: Digest
  let owners: [Owner]
  /// As a manifest has it; nil for a run that none asks for.
  private let specification: Specification?
  /// Nil where nothing has been stored yet.
  private let directory: RunDirectory?
  private var ownSettings: Settings?
  private var ownDerived: Settings?
  private var seen: (state: RunState, final: FinalNumbers?)?
  /// With what the run took, and what is damaged beside the result.
  private var ownAccount: (record: Record, damage: [RunDirectory.Damage])?

  init(_ run: Digest, owners: [Owner], specification: Specification?, directory: RunDirectory?) {
    (self.run, self.owners, self.specification, self.directory) = (run, owners, specification, directory)
  }

  /// How far the run is. It is done only where its numbers can be read.
  mutating func state(_ index: inout ResultIndex?) throws(ArchiveError) -> RunState { try look(&index).state }

  /// Settings and final metrics; nil until the run is done.
  mutating func final(_ index: inout ResultIndex?) throws(ArchiveError) -> FinalNumbers? {
    try look(&index).final
  }

  private mutating func look(
    _ index: inout ResultIndex?
  ) throws(ArchiveError) -> (state: RunState, final: FinalNumbers?) {
    if let seen { return seen }
    if let reading = try look(index) { index?.keep(reading) }
    return seen ?? (.pending, nil)
  }

  /// Looks how far the run is and what its result holds, by any number of threads at once, so that it need not be looked
  /// up when it is asked for.
  ///
  /// - Returns: what the index is to keep.
  mutating func look(_ index: ResultIndex?) throws(ArchiveError) -> ResultIndex.Reading? {
    guard seen == nil, let directory else { return nil }
    if !directory.hasResult {
      let state = try directory.state(known: specification?.canonicalBytes)
      seen = (state, nil)
      guard state == .done else { return nil }
    }
    do throws(ArchiveError) {
      guard let index else {
        seen = (.done, try directory.final())
        return nil
      }
      let known = specification.map { ($0.storedSettings, $0.canonicalBytes) }
      let reading = try index.read(directory, known: known)
      seen = (.done, reading.final)
      return reading
    } catch {
      seen = (.corrupt(RunDirectory.Damage(to: directory.resultPath, of: directory, error).sentence), nil)
      return nil
    }
  }

  /// Every setting, those included that are left out of the run's identity; empty where they cannot be read, which is
  /// damage.
  mutating func settings() -> Settings {
    if let known = specification?.settings ?? ownSettings ?? seen?.final?.settings { return completed(known) }
    let found = (try? directory?.intactSettings()) ?? Settings()
    ownSettings = found
    return completed(found)
  }

  private func completed(_ settings: Settings) -> Settings {
    let neutral = Growth.current.neutral(
      model: settings[RunSchema.modelKind]?.description ?? "",
      task: settings[RunSchema.taskKind]?.description ?? "")
    return neutral.isEmpty ? settings : settings.completed(neutral: neutral)
  }

  /// What follows from the settings; empty where neither a manifest, a result nor this program knows.
  mutating func derived(_ index: inout ResultIndex?) throws(ArchiveError) -> Settings {
    if let known = specification?.derived ?? ownDerived { return known }
    var found = try final(&index)?.derived
    if found == nil { found = (try? Specification(canonicalBytes: settings().canonicalBytes))?.derived }
    ownDerived = found ?? Settings()
    return found ?? Settings()
  }

  /// What is damaged beside the result of a finished run.
  func damageBeside() throws(ArchiveError) -> [RunDirectory.Damage] {
    if let ownAccount { return ownAccount.damage }
    return try directory?.damageBeside(known: specification?.canonicalBytes) ?? []
  }

  /// The finished run as tables see it; what it took only where that is wanted, since it is in many files.
  mutating func record(
    _ index: inout ResultIndex?, withCosts: Bool
  ) throws(ArchiveError) -> Record? {
    if let ownAccount { return ownAccount.record }
    guard let final = try final(&index), let directory else { return nil }
    guard !withCosts else { return try directory.record(of: final) }
    return Record(
      run: run, settings: final.settings, derived: final.derived,
      metrics: Dictionary(final.metrics.map { ($0.name, $0.value) }) { first, _ in first }, cost: [:])
  }

  /// Looks up what a finished run took and what is damaged beside its result, to be told later.
  mutating func lookUpAccount() throws(ArchiveError) {
    guard let directory, let final = seen?.final else { return }
    let (record, damage) = try directory.account(of: final)
    let settings = directory.damageOfSettings(known: specification?.canonicalBytes).map { [$0] } ?? []
    ownAccount = (record, settings + damage)
  }

  /// The values that the run has under a key of a selection.
  mutating func values(
    of key: SelectionKey, _ index: inout ResultIndex?
  ) throws(ArchiveError) -> [Value] {
    switch key.name {
    case "run": return [.text(run.hex)]
    case "manifest": return owners.flatMap { [.text($0.hash.hex), .text($0.name)] }
    case "tier": return owners.map { .text($0.tier.rawValue) }
    case "status": return [.text(try state(&index).word)]
    case "failure":
      guard case .failed(let failure, _) = try state(&index) else { return [] }
      return [.text(failure.rawValue)]
    default: break
    }
    guard key.holder == .number else {
      if let value = settings()[key.name] { return [value] }
      return try derived(&index)[key.name].map { [$0] } ?? []
    }
    guard Cost(key: key.name) != nil else {
      return try final(&index)?.metrics.filter { $0.name == key.name }.map { .real($0.value) } ?? []
    }
    return try record(&index, withCosts: true)?.cost[key.name].map { [.real($0)] } ?? []
  }
}
