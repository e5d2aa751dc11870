import Harness
import Records
import Testing

@Suite struct AdmissionTests {
  private func refusal(
    _ offer: Offer, _ needs: RunNeeds = RunNeeds(), slots: [String: Int] = [:], memory: Int? = nil
  )
    throws -> String?
  {
    let bench = try TemporaryStore()
    let assignments = [try bench.assignment(seed: 1, slots: slots, memory: memory)]
    do throws(RunRefusal) {
      try Admission(offer, needs).check(assignments)
      return nil
    } catch {
      return error.description.replacing(assignments[0].run.short, with: "RUN")
    }
  }

  @Test func `a run that asks for more than there is of something is refused`() throws {
    #expect(
      try refusal(Offer(jobs: 1, slots: ["gpu": 1]), slots: ["gpu": 2])
        == "run RUN (seed=1) can never begin: resources.slots.gpu is 2, --slots offers 1; expected --slots gpu=2 or "
        + "more. Nothing was begun.")
    #expect(
      try refusal(Offer(jobs: 1, slots: ["gpus": 1]), slots: ["gpu": 1])
        == "run RUN (seed=1) can never begin: resources.slots.gpu is 1, --slots offers none; did you mean gpus?; "
        + "expected --slots gpu=1 or more. Nothing was begun.")
    #expect(try refusal(Offer(jobs: 1, slots: ["gpu": 2]), slots: ["gpu": 2]) == nil)
  }

  @Test func `so is one that needs more memory, by measure before by what it asks`() throws {
    var needs = RunNeeds()
    needs.add(specification(seed: 5).storedSettings, peakBytes: 3 << 30)
    let offer = Offer(jobs: 1, memory: 2 << 30)
    let measured = try refusal(offer, needs, memory: 1)
    #expect(
      measured?.contains("it needs 3.00 GiB (measured in earlier runs of its sizes), and there are 2.00 GiB")
        == true)
    let asked = try refusal(offer, memory: 4 << 30)
    #expect(asked?.contains("it needs 4.00 GiB (resources.memory of the manifest)") == true)
    #expect(try refusal(offer, memory: 1 << 30) == nil)
    #expect(try refusal(Offer(jobs: 1), needs) == nil)
  }

  @Test func `a disk that cannot hold what is to come is told of before`() throws {
    let bench = try TemporaryStore()
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    var needs = RunNeeds()
    needs.add(specification(seed: 5).storedSettings, peakBytes: nil, storedBytes: 1000)
    let admission = Admission(Offer(jobs: 1), needs)
    try admission.check(room: 3000, for: assignments, in: "store")
    let error = #expect(throws: RunRefusal.self) {
      try admission.check(room: 2999, for: assignments, in: "store")
    }
    #expect(error == .room(store: "store", runs: 3, bytes: 3000, free: 2999))
  }

  @Test func `memory that nobody knows is said to be unknown, where it could matter`() throws {
    let bench = try TemporaryStore()
    let assignments = try (1...3).map { try bench.assignment(seed: $0, memory: $0 == 1 ? 5 : nil) }
    let note = Admission(Offer(jobs: 2, memory: 10), RunNeeds()).noteOnMemory(assignments)
    #expect(note?.hasPrefix("memory of 2 of 3 runs is unmeasured") == true)
    #expect(Admission(Offer(jobs: 1, memory: 10), RunNeeds()).noteOnMemory(assignments) == nil)
  }
}
