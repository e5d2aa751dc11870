import Records

extension CampaignReport {
  /// What happened and what to type next, for programs.
  package func json(_ commands: Commands) -> String {
    jsonText(
      CampaignJSON(
        manifest: plan.manifest.hex, name: plan.name, tier: plan.tier.rawValue, total: plan.steps.count,
        computed: outcome.done.map(\.run.hex), reused: reused,
        failed: failures.map { .init(run: $0.run.hex, label: $0.label, failure: $0.kind, reason: $0.reason) },
        left: outcome.left.map {
          .init(run: $0.run.hex, label: $0.label, reason: outcome.reasons[$0.run]?.rawValue ?? "")
        },
        commonCause: outcome.hasCommonCause, seconds: seconds, computingSeconds: outcome.computingSeconds,
        next: advice(commands).map(\.command), status: Int(status.rawValue)))
  }
}

private struct CampaignJSON: Encodable {
  struct Failure: Encodable {
    let run: String
    let label: String
    let failure: String
    let reason: String
  }

  struct Left: Encodable {
    let run: String
    let label: String
    let reason: String
  }

  let manifest: String
  let name: String
  let tier: String
  let total: Int
  let computed: [String]
  let reused: Int
  let failed: [Failure]
  let left: [Left]
  let commonCause: Bool
  let seconds: Double
  let computingSeconds: Double
  let next: [String]
  let status: Int

  enum CodingKeys: String, CodingKey {
    case manifest, name, tier, total, computed, reused, failed, left, seconds, next, status
    case commonCause = "common_cause"
    case computingSeconds = "computing_seconds"
  }
}
