import Expectations
import Models
import Testing

/// Every model learns, and neither stopping nor looking on changes what it learns.
extension ConformanceTests {
  @Test(arguments: Specimen.all)
  func `every parameter gets a gradient when the task can give one`(specimen: Specimen) {
    var request = Request(examples: [5, 9, 2], length: 7 * 6)
    request.takesGradients = true
    let reading = specimen.read(request)
    #expect(reading.gradients.count == reading.parameters.count)
    for (path, values) in reading.gradients {
      let isUntrained = specimen.untrained.contains { path.hasSuffix($0) }
      #expect((values == nil) == isUntrained, "\(path)")
      if let values { #expect(values.contains { $0 != 0 } && values.allSatisfy(\.isFinite), "\(path)") }
    }
  }

  @Test(arguments: Specimen.all)
  func `loss falls on a tiny task`(specimen: Specimen) {
    let losses = specimen.learn(Lesson(steps: 80)).losses
    let (first, last) = (losses[0], losses.suffix(8).reduce(0, +) / 8)
    #expect(losses.allSatisfy { $0.isFinite })
    // Guessing among seven tokens costs log 7 = 1.95 nats; what follows is certain.
    #expect(first > 1.5 && last < 0.6 * first, "\(first) to \(last)")
  }

  @Test(arguments: Specimen.all)
  func `learning that was stored goes on as if never stopped`(specimen: Specimen) {
    let whole = specimen.learn(Lesson(steps: 6))
    for step in 1..<6 {
      expectSame(specimen.learn(Lesson(steps: 6, resumesAt: step)), whole, "stored before step \(step)")
    }
  }

  @Test(arguments: Specimen.all)
  func `evaluation between steps does not change training`(specimen: Specimen) {
    let evaluated = specimen.learn(Lesson(steps: 6, evaluatesBetween: true))
    expectSame(evaluated, specimen.learn(Lesson(steps: 6)), "with evaluation between")
  }

  private func expectSame(_ found: Lesson.Outcome, _ expected: Lesson.Outcome, _ what: String) {
    expectSameBits(found.losses, expected.losses, "losses, \(what)")
    for (one, other) in zip(found.parameters, expected.parameters) {
      expectSameBits(one.values, other.values, "\(one.path), \(what)")
    }
  }
}
