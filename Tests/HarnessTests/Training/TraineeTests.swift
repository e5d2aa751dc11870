import Expectations
import Harness
import Models
import Records
import Tasks
import Tensors
import Testing

/// Looks at a trainee, whatever its model and its task.
private protocol TraineeExamination {
  associatedtype Found
  func found<M: SequenceModel, T: LearningTask>(in trainee: Trainee<M, T>) -> Found
}

extension TraineeExamination {
  func found(of specification: Specification) -> Found {
    func found<M: SequenceModel>(_ model: M.Type) -> Found {
      func found<T: LearningTask>(on task: T.Type) -> Found {
        self.found(
          in: Trainee<M, T>(
            specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
            specification.training, seed: specification.seed))
      }
      let task = specification.task
      return found(on: task)
    }
    let model = specification.model
    return found(model)
  }
}

/// Numbers of one batch's step.
private struct Step {
  let loss: Double
  let gradients: [[Float]?]
  let stateBytes: Int

  init(_ learned: Learned) {
    loss = learned.loss
    gradients = learned.gradients.map { $0?.values }
    stateBytes = learned.memory.stateBytes
  }

  /// Whether gradients are the same but for rounding, and nothing where the other's are nothing. A few are rounding
  /// alone, as that of a bias of keys, which no softmax notices.
  func isNear(_ other: Step, _ tolerance: Float) -> Bool {
    zip(gradients, other.gradients).allSatisfy { one, other in
      guard let one, let other else { return one == nil && other == nil }
      let largest = other.reduce(0) { max($0, abs($1)) }
      return zip(one, other).allSatisfy { abs($0 - $1) <= tolerance * largest + 1e-7 }
    }
  }
}

/// What is computed of a batch: what is needed, group by group.
@Suite struct TraineeTests {
  private struct Omitting: TraineeExamination {
    let omission: Omission

    func found<M, T>(in trainee: Trainee<M, T>) -> (
      step: Step?, operations: Double, evaluation: Evaluation?
    ) {
      var trainee = trainee
      trainee.omission = omission
      var learned: Learned?
      let operations = UsefulOperations.counted { learned = trainee.learn(from: [4, 0, 7]) }
      return (learned.map { Step($0) }, operations, trainee.evaluate(.test, keepsLog: true))
    }
  }

  /// Labels in the last segment, and in the last two.
  @Test(arguments: TinyModel.all, [28, 30])
  func `what is left out changes no loss and no answer, and gradients by rounding alone`(
    model: TinyModel, length: Int
  ) throws {
    let specification = try TinyRun.specification(["task.length": .integer(length)], of: model)
    let lean = Omitting(omission: .everythingNeedless).found(of: specification)
    let full = Omitting(omission: .nothing).found(of: specification)
    let (step, other) = (try #require(lean.step), try #require(full.step))
    #expect(step.loss == other.loss)
    #expect(step.isNear(other, 1e-5) as Bool)
    #expect(lean.operations < full.operations)
    let (found, expected) = (try #require(lean.evaluation), try #require(full.evaluation))
    #expect(found.loss == expected.loss && found.tally == expected.tally && found.right == expected.right)
    #expect((found.logs == expected.logs) as Bool)
  }

  private struct Grouping: TraineeExamination {
    let examples: [Int]

    func found<M, T>(in trainee: Trainee<M, T>) -> (
      groups: [Range<Int>], batch: Step, parts: [Step], together: Step
    ) {
      let groups = trainee.groups(of: examples.count)
      return (
        groups, Step(trainee.learn(from: examples)),
        groups.map { Step(trainee.learn(from: Array(examples[$0]), inBatchOf: examples.count)) },
        Step(trainee.learn(from: examples, inBatchOf: examples.count))
      )
    }
  }

  @Test(arguments: [TinyModel.memoria("long-term"), .compressiveTransformer, .infinityFormer])
  func `a batch is learned from group by group`(model: TinyModel) throws {
    var changes: [String: Value] = [
      "task.segment_length": .integer(1024), "task.length": .integer(1100), "training.batch": .integer(9),
    ]
    for key in ["model.positions", "model.compressive_transformer.segment_length"]
    where model.settings[key] != nil { changes[key] = .integer(1024) }
    let examples = [3, 1, 9, 0, 5, 2, 8, 4, 7]
    let found = Grouping(examples: examples).found(of: try TinyRun.specification(changes, of: model))
    #expect(found.groups == [0..<4, 4..<8, 8..<9])
    #expect(found.batch.loss == found.parts[0].loss + found.parts[1].loss + found.parts[2].loss)
    #expect(found.batch.stateBytes == found.parts.reduce(0) { $0 + $1.stateBytes })
    #expect(found.batch.stateBytes > 0)
    for (index, gradient) in found.batch.gradients.enumerated() {
      let parts = found.parts.compactMap { $0.gradients[index] }
      #expect(parts.count == (gradient == nil ? 0 : 3))
      guard let gradient, parts.count == 3 else { continue }
      expectSameBits(gradient, gradient.indices.map { parts[0][$0] + parts[1][$0] + parts[2][$0] })
    }
    // Every example weighs the same, in whatever group it is.
    #expect(abs(found.batch.loss - found.together.loss) < 1e-6)
    #expect(found.batch.isNear(found.together, 1e-3) as Bool)
  }

  @Test func `groups hold as many sequences as a bound of tokens allows, and one at least`() {
    func groups(_ count: Int, _ length: Int) -> [Range<Int>] {
      readingGroups(of: count, segmentLength: length, isWhole: false)
    }
    #expect(groups(8, 512) == [0..<8] && groups(9, 512) == [0..<8, 8..<9])
    #expect(groups(3, 1500) == [0..<2, 2..<3] && groups(2, 5000) == [0..<1, 1..<2] && groups(0, 16) == [])
    #expect(readingGroups(of: 9, segmentLength: 5000, isWhole: true) == [0..<9])
  }

  @Test func `sequences that look at each other stay together`() throws {
    let changes: [String: Value] = [
      "task.segment_length": .integer(4096), "task.length": .integer(4100), "model.positions": .integer(4096),
    ]
    struct Groups: TraineeExamination {
      func found<M, T>(in trainee: Trainee<M, T>) -> Int { trainee.groups(of: 3).count }
    }
    for (behaviour, count) in [("paper", 3), ("reference-1.0", 1), ("reference-1.1", 1)] {
      let specification = try TinyRun.specification(
        changes.merging(["model.memoria.behaviour": .text(behaviour)]) { $1 })
      #expect(Groups().found(of: specification) == count, "\(behaviour)")
    }
  }
}
