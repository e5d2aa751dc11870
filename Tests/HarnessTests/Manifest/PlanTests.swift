import Archive
import Foundation
import Harness
import Records
import Testing

@Suite struct Plans {
  /// The sample's four runs, each as far as the list says.
  private func plan(
    _ progress: [RunProgress], costs: Costs = Costs(), retriesFailed: Bool = false
  ) throws -> Plan {
    let manifest = try Sample.project().manifest()
    return Plan(manifest, costs: costs, retriesFailed: retriesFailed) { run in
      progress[manifest.runs.firstIndex(of: run) ?? 0]
    }
  }

  @Test func `every run has an action and a reason`() throws {
    let plan = try plan([
      RunProgress(.done), RunProgress(.pending), RunProgress(.interrupted, step: 300),
      RunProgress(.failed(.crash, attempts: 2)),
    ])
    #expect(plan.steps.map(\.action) == [.nothing, .run, .resume, .leave])
    #expect(
      plan.steps.map(\.reason) == ["done", "missing", "interrupted at step 300", "failed ×2 (crash)"])
    #expect(plan.steps.map(\.label)[3] == "model.memory=long-term seed=2")
    #expect(plan.unmeasured == 2)
  }

  @Test func `accidents are tried again, failures only when asked`() throws {
    let states = [
      RunProgress(.failed(.killed, attempts: 1), step: 8), RunProgress(.failed(.io, attempts: 1)),
      RunProgress(.failed(.diverged, attempts: 1)), RunProgress(.corrupt("two bytes differ")),
    ]
    #expect(try plan(states).steps.map(\.action) == [.resume, .run, .leave, .inspect])
    #expect(try plan(states, retriesFailed: true).steps.map(\.action) == [.resume, .run, .run, .inspect])
    #expect(try plan(states).steps[0].reason == "failed ×1 (killed) at step 8")
    #expect(try plan(states).steps[3].reason == "corrupt: two bytes differ")
  }

  @Test func `what has one value is no axis`() throws {
    let project = try Sample.project("seed: [1, 2]", "seed: [1]")
    let plan = Plan(try project.manifest(), costs: Costs(), retriesFailed: false) { _ in RunProgress(.pending)
    }
    #expect(plan.axes.map(\.key) == ["model.memory"])
    #expect(plan.text.contains(": 2 runs = model.memory 2\n"))
  }

  @Test func `alike runs differ in the seed alone`() throws {
    let runs = try Sample.project().manifest().runs
    var costs = Costs()
    costs.add(runs[0].storedSettings, seconds: 10)
    costs.add(runs[1].storedSettings, seconds: 20)
    #expect(costs.seconds(of: runs[0]) == 15)
    #expect(costs.seconds(of: runs[1]) == 15)
    #expect(costs.seconds(of: runs[2]) == nil)
    let plan = try plan(Array(repeating: RunProgress(.pending), count: 4), costs: costs)
    #expect(plan.measuredSeconds == 30)
    #expect(plan.unmeasured == 2)
    // What is done costs nothing more.
    #expect(try self.plan(Array(repeating: RunProgress(.done), count: 4), costs: costs).measuredSeconds == 0)
  }

  @Test func `text is aligned and adds up`() throws {
    var costs = Costs()
    costs.add(try Sample.project().manifest().runs[0].storedSettings, seconds: 100)
    let text = try plan(
      [
        RunProgress(.done), RunProgress(.pending), RunProgress(.interrupted, step: 300),
        RunProgress(.pending),
      ], costs: costs
    ).text
    #expect(
      text == """
        sorting (tier quick), manifest 7a918d7fc726: 4 runs = model.memory 2 × seed 2
          c5e20dbc7110  model.memory=none seed=1       nothing  done
          4fa1fee9cbeb  model.memory=none seed=2       run      missing                  1 m 40 s
          48af1df25a9d  model.memory=long-term seed=1  resume   interrupted at step 300  unmeasured
          520049abc206  model.memory=long-term seed=2  run      missing                  unmeasured
        1 done, 2 to run, 1 to resume. Computing time: 1 m 40 s for 1 run, and 2 runs unmeasured.

        """)
  }

  @Test func `a finished manifest has nothing to compute`() throws {
    let text = try plan(Array(repeating: RunProgress(.done), count: 4)).text
    #expect(text.hasSuffix("4 done. Nothing to compute.\n"))
  }

  @Test func `json holds the same`() throws {
    let plan = try plan([RunProgress(.done), RunProgress(.done), RunProgress(.done), RunProgress(.pending)])
    let object = try JSONSerialization.jsonObject(with: Data(plan.json.utf8))
    let json = try #require(object as? [String: Any])
    #expect(json["manifest"] as? String == plan.manifest.hex)
    #expect(json["counts"] as? [String: Int] == ["nothing": 3, "run": 1])
    #expect(json["unmeasured"] as? Int == 1)
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.compactMap { $0["run"] as? String } == plan.steps.map(\.specification.run.hex))
    #expect(runs.compactMap { $0["reason"] as? String } == ["done", "done", "done", "missing"])
    #expect(plan.json.hasPrefix("{\n  \"axes\" : ["))
  }

  @Test(arguments: [
    (0.2, "0 s"), (12.4, "12 s"), (59.6, "1 m"), (200, "3 m 20 s"), (7500, "2 h 5 m"), (372_000, "4 d 7 h"),
    (1e300, "more than a lifetime"),
  ])
  func `durations have two units`(seconds: Double, text: String) {
    #expect(duration(seconds) == text)
  }
}
