package import Records

/// What came of a repetition, for people, for programs and for the exit status.
package struct ReproductionReport: Sendable {
  package struct Line: Sendable {
    package let run: Digest
    package let label: String
    package let finding: Reproduction.Finding
    /// Nil where nothing was compared.
    package let code: CodeComparison?

    package init(run: Digest, label: String, finding: Reproduction.Finding, code: CodeComparison?) {
      (self.run, self.label, self.finding, self.code) = (run, label, finding, code)
    }
  }

  /// What the runs are of, and how they were taken from it; nil for a single run, and for all of them.
  package let manifest: Digest?
  package let sample: RunSample?
  package let lines: [Line]
  package let interruptions: Int
  package let isStopped: Bool
  /// What to type about what is damaged.
  private let mending: String

  package init(
    manifest: Digest?, sample: RunSample?, lines: [Line], interruptions: Int = 0, isStopped: Bool = false,
    mending: String = DamageNotes.next(in: "Results/store")
  ) {
    self.mending = mending
    (self.manifest, self.sample, self.lines) = (manifest, sample, lines)
    (self.interruptions, self.isStopped) = (interruptions, isStopped)
  }

  /// 0 identical, 1 something differs, 2 something could not be compared, 3 stopped before the end.
  package var status: ExitStatus {
    if interruptions > 1 { return .interrupted }
    if isStopped { return .stopped }
    if lines.contains(where: { if case .differs = $0.finding { true } else { false } }) { return .finding }
    let isWhole = lines.allSatisfy { if case .identical = $0.finding { true } else { false } }
    return isWhole ? .done : .unable
  }

  private var hasDamage: Bool {
    lines.contains {
      switch $0.finding {
      case .corrupt, .weightsLost: true
      case .identical, .differs, .incomparable: false
      }
    }
  }

  /// One line a run, what differs below it, and the whole in a word behind several.
  package var text: String {
    // What is the same for all runs is said once.
    let codes = Set(lines.compactMap { line in line.code.map { sentence(about: $0, line.finding) } })
    let isOne = codes.count == 1 && lines.count > 1
    var text = lines.map { line in
      head(of: line) + "\n" + details(of: line, withCode: !isOne).map { "  \($0)\n" }.joined()
    }.joined()
    if isOne, let code = codes.first, let code { text += "\(code)\n" }
    if hasDamage { text += "next: \(mending)\n" }
    guard lines.count > 1 || sample != nil else { return text }
    let identical = lines.count { if case .identical = $0.finding { true } else { false } }
    let verdict =
      identical == lines.count
      ? "\(counted(identical, "run")): identical"
      : "\(identical) of \(counted(lines.count, "run")) are identical"
    return text + verdict + (sample.map { "; \($0.text)" } ?? "") + "\n"
  }

  private func head(of line: Line) -> String {
    let name = line.run.short + (line.label.isEmpty ? "" : "  \(line.label)")
    switch line.finding {
    case .identical(let digest, let byDigest):
      let note = byDigest.map { "; weights compared by digest only: \($0)" } ?? ""
      return "identical     \(name)  result \(digest.short)\(note)"
    case .differs(let comparison): return "differs       \(name)  first in \(comparison.first)"
    case .incomparable(let why): return "not compared  \(name)  \(why)"
    case .corrupt(let sentence): return "corrupt       \(name)  \(sentence)"
    case .weightsLost(let sentence):
      return "not compared  \(name)  the result is identical; \(sentence)"
    }
  }

  private func details(of line: Line, withCode: Bool) -> [String] {
    var details: [String] = []
    if case .differs(let comparison) = line.finding {
      if let tensor = comparison.tensor, tensor != comparison.first { details.append("first in \(tensor)") }
      if let parameters = comparison.parameters { details.append(parameters.text) }
    }
    if withCode, let code = line.code, let sentence = sentence(about: code, line.finding) {
      details.append(sentence)
    }
    return details
  }

  /// Nil where there is nothing worth a line: the same bits from the same code.
  private func sentence(about code: CodeComparison, _ finding: Reproduction.Finding) -> String? {
    if case .identical = finding {
      return code.differences.isEmpty ? nil : "the same bits from other code: \(code.text)"
    }
    if !code.differences.isEmpty { return "from other code: \(code.text)" }
    return code.unrecorded.contains("executable")
      ? "by what code the published one was computed is not recorded"
      : "from the same code, machine and options, which should have given the same bits"
  }

  /// A list of objects, each with its run.
  package var json: String { jsonText(lines.map(members)) }

  private func members(of line: Line) -> [String: FactValue] {
    var members = RerunSelection.origin(manifest, sample)
    members["run"] = .text(line.run.hex)
    members["label"] = .text(line.label)
    switch line.finding {
    case .identical(let digest, let byDigest):
      members["verdict"] = .text("identical")
      members["result"] = .text(digest.hex)
      if let byDigest { members["reason"] = .text("weights compared by digest only: \(byDigest)") }
    case .differs(let comparison):
      members["verdict"] = .text("differs")
      add(comparison.first, "", to: &members)
      if let tensor = comparison.tensor { add(tensor, "tensor.", to: &members) }
      if let parameters = comparison.parameters {
        members["parameters.count"] = .integer(parameters.count)
        members["parameters.differing"] = .list(
          parameters.differences.map { one in
            .object([
              "name": .text(one.name),
              "published": one.published.map { FactValue.text($0.hex) } ?? FactValue.none,
              "again": one.again.map { FactValue.text($0.hex) } ?? FactValue.none,
            ])
          })
      }
    case .incomparable(let why):
      members["verdict"] = .text("incomparable")
      members["reason"] = .text(why)
    case .corrupt(let sentence):
      members["verdict"] = .text("corrupt")
      members["reason"] = .text(sentence)
      members["next"] = .text(mending)
    case .weightsLost(let sentence):
      members["verdict"] = .text("incomparable")
      members["reason"] = .text("the result is identical; \(sentence)")
      members["next"] = .text(mending)
    }
    if let code = line.code {
      members["code.differences"] = .list(
        code.differences.map {
          .object(["part": .text($0.part), "published": .text($0.published), "again": .text($0.again)])
        })
      members["code.unrecorded"] = .list(code.unrecorded.map(FactValue.text))
    }
    return members
  }

  /// A difference under keys that begin with `head`.
  private func add(
    _ difference: ResultDifference, _ head: String, to members: inout [String: FactValue]
  ) {
    members["\(head)place"] = .text(difference.place)
    members["\(head)published"] = .text(difference.published)
    members["\(head)again"] = .text(difference.again)
    if let bits = difference.bits {
      members["\(head)published_bits"] = .text(bits.published)
      members["\(head)again_bits"] = .text(bits.again)
      members["\(head)ulps"] = bits.ulps.map { FactValue.integer(Int(clamping: $0)) } ?? FactValue.none
    }
    switch difference.subject {
    case .metric(let name, let step):
      members["\(head)metric"] = .text(name)
      if let step { members["\(head)step"] = .integer(Int(clamping: step)) }
    case .weight(let tensor, let element):
      members["\(head)name"] = .text(tensor)
      members["\(head)element"] = .integer(element)
    case .other: break
    }
  }
}
