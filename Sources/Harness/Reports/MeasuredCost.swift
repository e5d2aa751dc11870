package import Archive
import Foundation
import Glibc
import Records

/// What a run would take on one machine, as `plan --measure` found: an object of kind `cost` in the store.
///
/// Derived, and in no result: it may be deleted at any time. What finished runs really took is believed first.
struct MeasuredCost: Sendable, Equatable {
  /// The run's settings, as they are hashed.
  let settings: Settings
  /// Where it was measured.
  let machine: String
  /// UTC, ISO 8601.
  let date: String
  /// The whole run.
  let seconds: Double
  /// What that was worked out from; nil in objects that are older than this.
  let basis: Extrapolation?

  init(settings: Settings, machine: String, date: String, seconds: Double, basis: Extrapolation? = nil) {
    (self.settings, self.machine, self.date, self.seconds) = (settings, machine, date, seconds)
    self.basis = basis
  }

  func put(in store: Store) throws(ArchiveError) {
    var parts: [String: CBOR.Item] = [
      "settings": settings.item, "machine": .text(machine), "date": .text(date), "seconds": .real(seconds),
    ]
    if let basis { parts["basis"] = .map(basis.numbers.mapValues { .real($0) }) }
    let bytes = CBOR.encode(.map(parts))
    try store.put(bytes, as: StoredObject(kind: "cost", id: MeasuredCost.id(of: bytes)))
  }

  /// The id that such bytes are kept under.
  static func id(of bytes: [UInt8]) -> Digest {
    var builder = DigestBuilder(kind: "cost")
    builder.update(bytes)
    return builder.finish()
  }

  /// Nil for bytes that are no cost.
  init?(_ bytes: [UInt8]) {
    guard case .map(let parts)? = try? CBOR.decode(bytes), let item = parts["settings"],
      let settings = try? Settings(item: item), case .text(let machine)? = parts["machine"],
      case .text(let date)? = parts["date"], case .real(let seconds)? = parts["seconds"], seconds >= 0
    else { return nil }
    var basis: Extrapolation?
    if case .map(let numbers)? = parts["basis"] {
      basis = Extrapolation(
        numbers.compactMapValues { if case .real(let number) = $0 { number } else { nil } })
    }
    self.init(settings: settings, machine: machine, date: date, seconds: seconds, basis: basis)
  }

  /// This machine, as far as costs go: its name and its processor.
  static var thisMachine: String {
    var names = utsname()
    guard unsafe uname(&names) == 0 else { return "unknown" }
    let host = unsafe withUnsafeBytes(of: &names.nodename) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? "unknown processor"
    return
      "\(host), \(model.trimmingCharacters(in: .whitespaces)) ×\(ProcessInfo.processInfo.activeProcessorCount)"
  }
}

extension Store {
  /// What alike runs took, and for those of which none has finished, what was measured last on this machine.
  package func costsWithMeasured(of specifications: [Specification]) throws -> Costs {
    var costs = try self.costs(of: specifications)
    let newest = try newestMeasured { $0.machine == MeasuredCost.thisMachine }
    let finished = costs
    for run in specifications where finished.seconds(of: run) == nil {
      if let cost = newest[run.storedSettings] { costs.add(cost.settings, seconds: cost.seconds) }
    }
    return costs
  }

  /// What was measured last, by settings.
  func newestMeasured(
    where isWanted: (MeasuredCost) -> Bool
  ) throws(ArchiveError) -> [Settings: MeasuredCost] {
    var newest: [Settings: MeasuredCost] = [:]
    for object in try objects() where object.kind == "cost" {
      // One that is damaged tells nothing; `fsck` names it.
      guard let cost = (try? self.object(object)).flatMap(MeasuredCost.init), isWanted(cost) else { continue }
      // Of two of one moment it is always the same one.
      let isNewer = newest[cost.settings].map { ($0.date, $0.machine) < (cost.date, cost.machine) } ?? true
      if isNewer { newest[cost.settings] = cost }
    }
    return newest
  }
}
