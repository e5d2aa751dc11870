import Models
import Tasks

/// Times one early and one last segment and one optimizer step of a run, at its own sizes, on a first batch.
///
/// The early segment is the second: the first touches no memory. Its memory holds little, so a model whose memory
/// grows takes somewhat longer later.
package func measureSegments(_ specification: Specification) -> SegmentTimes {
  func measure<M: SequenceModel>(_ model: M.Type) -> SegmentTimes {
    func measure<T: LearningTask>(on task: T.Type) -> SegmentTimes {
      var trainee = Trainee<M, T>(
        specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
        specification.training, seed: specification.seed)
      return trainee.timeOneStep()
    }
    let task = specification.task
    return measure(on: task)
  }
  let model = specification.model
  return measure(model)
}
