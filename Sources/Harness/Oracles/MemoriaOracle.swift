import Engrams
import Models
import Networks
import Tensors

/// `memoria*.h5`: the released Memoria Transformer in both correlations, with everything it remembered after every
/// segment. The tie-breaking numbers of the reference are injected.
enum MemoriaOracle: Oracle {
  static func replays(_ file: OracleFile) -> Bool { file.model == "memoria-transformer" }

  static func replay(_ file: OracleFile) throws(OracleError) -> Comparison {
    let replay = try SegmentReplay<Memoria>(
      file, try configuration(file), names: memoriaNames(layers: try file.integer("n_layer")))
    return try replay.run(
      before: { segment, memory throws(OracleError) in
        let path = "segments/\(segment)/memory/tie_break_draws"
        guard file.has(path) else { return }
        memory.injectedTieBreak = .injected(try file.doubles(path).map { Float($0) })
      },
      after: { segment, memory, comparison throws(OracleError) in
        try compare(file, segment, memory, &comparison)
      })
  }

  private static func configuration(_ file: OracleFile) throws(OracleError) -> Memoria.Configuration {
    let host = try TransformerOracle.configuration(file)
    return Memoria.Configuration(
      layers: host.layers, heads: host.heads, width: host.width, innerWidth: host.innerWidth,
      positions: host.positions, dropout: 0, residualInitialization: .plain, memory: .longTerm,
      abstractorActivation: .none,
      memoria: EngramConfiguration(
        behaviour: file.text("correlation") == "exponential" ? .reference10 : .reference11, order: .text,
        engrams: try file.integer("memoria_num_memories"),
        remindedShortTerm: try file.integer("memoria_num_reminded_stm"),
        remindedLongTerm: try file.integer("memoria_num_reminded_ltm"),
        shortTermCapacity: try file.integer("memoria_stm_capacity"),
        searchDepth: try file.integer("memoria_ltm_search_depth"),
        initialLifespan: try file.setting("memoria_initial_lifespan"),
        lifespanGain: try file.setting("memoria_lifespan_extend_scale")))
  }

  private static func compare(
    _ file: OracleFile, _ segment: Int, _ memory: Memoria.Memory, _ comparison: inout Comparison
  ) throws(OracleError) {
    let (path, place) = ("segments/\(segment)/memory", "segment \(segment)")
    if let carried = memory.previous_BLD {
      comparison.compare(
        "carried_hidden", carried.values, try file.doubles("\(path)/carried_hidden"), tolerance: 1e-4,
        at: place)
    }
    guard file.has("\(path)/working_memory"), let working = memory.working_BND, let engrams = memory.engrams,
      let trace = engrams.trace
    else { return }
    comparison.compare(
      "working_memory", working.values, try file.doubles("\(path)/working_memory"), tolerance: 1e-4, at: place
    )
    comparison.compare(
      "short_term_scores", trace.shortTermScores, try file.doubles("\(path)/short_term_scores"),
      tolerance: 1e-4,
      at: place)
    comparison.compare(
      "reminded_vectors", trace.remindedVectors, try file.doubles("\(path)/reminded_vectors"),
      tolerance: 1e-4,
      at: place)
    comparison.compare(
      "lifespan_increments", trace.lifespanIncrements, try file.doubles("\(path)/lifespan_increments"),
      tolerance: 5e-4, at: place)
    for (name, found) in [
      ("types_at_remind", trace.typesAtRemind.map { Int($0) }),
      ("short_term_candidates", trace.shortTermCandidates.values),
      ("short_term_selected", trace.shortTermSelected.values),
      ("long_term_starts", trace.longTermStarts.sorted.values),
      ("long_term_found", trace.longTermFound.sorted.values),
      ("long_term_selected", trace.longTermSelected.sorted.values),
      ("reminded_slots", trace.remindedSlots.sorted.values),
      ("counts_after_remind", trace.countsAfterRemind.map { Int($0) }),
    ] {
      comparison.compare(name, found, try file.integers("\(path)/\(name)"), at: place)
    }
    let rows = (0..<engrams.rows).map { engrams.snapshot(ofRow: $0) }
    comparison.compare(
      "vectors", rows.flatMap(\.vectors), try file.doubles("\(path)/after/vectors"), tolerance: 1e-4,
      at: place)
    comparison.compare(
      "lifespans", rows.flatMap(\.lifespans), try file.doubles("\(path)/after/lifespans"), tolerance: 5e-4,
      at: place)
    for (name, found) in [
      ("types", rows.flatMap { $0.kinds.map { Int($0.rawValue) } }),
      ("co_firing_counts", rows.flatMap { $0.counts.map { Int($0) } }),
      ("ages", rows.flatMap { $0.ages.map { Int($0) } }),
      ("identifiers", rows.flatMap { $0.identifiers.map { Int($0) } }),
    ] {
      comparison.compare(name, found, try file.integers("\(path)/after/\(name)"), at: place)
    }
  }
}
