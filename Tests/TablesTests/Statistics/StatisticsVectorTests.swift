import Foundation
import Tables
import Testing

/// Everything here against scipy, mpmath where scipy's own digits run out: `Reference/make_statistics.py`.
@Suite struct StatisticsVectorTests {
  struct Vector: Sendable {
    let function: String
    let arguments: [[Double]]
    let expected: [Double]
  }

  static let vectors: [Vector] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("Reference/statistics.csv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",")
      return Vector(
        function: String(fields[0]),
        arguments: fields[1].split(separator: ";").map { $0.split(separator: " ").compactMap { Double($0) } },
        expected: fields[2].split(separator: " ").compactMap { Double($0) })
    }
  }()

  /// What we say, for a line of the file; nil for a function nobody here knows.
  private func answer(_ vector: Vector) -> [Double]? {
    let lists = vector.arguments
    let first = lists.map { $0[0] }
    func whole(_ test: TTest?) -> [Double] {
      guard let test else { return [] }
      let interval = test.interval(confidence: 0.95)
      return [test.statistic, test.degrees, test.p(), interval.lowerBound, interval.upperBound]
    }
    func ofMoments(_ test: (Moments, Moments) -> TTest?) -> [Double] {
      let sides = lists.compactMap { Moments(mean: $0[0], deviation: $0[1], count: Int($0[2])) }
      guard let test = test(sides[0], sides[1]) else { return [] }
      return [test.statistic, test.p(), test.p(.upper), test.p(.lower)]
    }
    func ofSamples(_ test: (Moments, Moments) -> TTest?) -> TTest? {
      guard let a = Moments(of: lists[0]), let b = Moments(of: lists[1]) else { return nil }
      return test(a, b)
    }
    return switch vector.function {
    case "tail": [StudentT(degrees: first[0]).upperTail(first[1])]
    case "quantile": [StudentT(degrees: first[0]).quantile(upperTail: first[1])]
    case "beta": [IncompleteBeta.value(first[0], first[1], at: first[2])]
    case "welch": whole(ofSamples(TTest.welch))
    case "pooled": whole(ofSamples(TTest.pooled))
    case "paired": whole(TTest.paired(lists[0], lists[1]))
    case "welch-moments": ofMoments(TTest.welch)
    case "pooled-moments": ofMoments(TTest.pooled)
    case "equivalence": [ofSamples(TTest.welch)?.equivalence(margin: first[2]) ?? .nan]
    case "prediction": [Moments(of: lists[0]).flatMap { TTest.prediction(first[1], from: $0) }?.p() ?? .nan]
    case "permutation": [Permutation.p(lists[0], lists[1]) ?? .nan]
    case "signs": [Permutation.paired(lists[0]) ?? .nan]
    case "bh": Correction.bh.adjusted(lists[0])
    case "power": [Power(alpha: first[0], wanted: 0.8).power(noncentrality: first[1], degrees: first[2])]
    case "detectable":
      [Power(alpha: first[0], wanted: 0.8).detectable(standardError: 1, degrees: first[1])]
    default: nil
    }
  }

  /// Of the size of the number; differences of large numbers near zero are held to their own scale.
  private func tolerance(_ function: String) -> Double {
    switch function {
    case "tail", "quantile", "beta": 2e-11
    case "power", "detectable": 1e-8
    default: 1e-9
    }
  }

  @Test func `there are more than five hundred vectors of every kind`() {
    let kinds = Dictionary(grouping: Self.vectors, by: \.function).mapValues(\.count)
    #expect(Self.vectors.count > 500)
    #expect(kinds.count == 15)
    #expect(kinds.values.allSatisfy { $0 >= 12 })
  }

  @Test func `scipy says the same`() throws {
    var worst: [String: Double] = [:]
    var wrong: [String] = []
    for (line, vector) in Self.vectors.enumerated() {
      let found = try #require(answer(vector), "\(vector.function) in line \(line + 2)")
      try #require(found.count == vector.expected.count, "line \(line + 2)")
      for (ours, theirs) in zip(found, vector.expected) {
        let error = (ours - theirs).magnitude / max(theirs.magnitude, vector.function == "tail" ? 0 : 1e-12)
        worst[vector.function] = max(worst[vector.function] ?? 0, error)
        if !(error <= tolerance(vector.function)) {
          wrong.append("line \(line + 2), \(vector.function): \(ours), not \(theirs)")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(10).joined(separator: "\n"))\n\(worst)")
  }
}
