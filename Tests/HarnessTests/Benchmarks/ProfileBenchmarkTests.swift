import Foundation
import Testing

@testable import Harness

@Suite struct ProfileBenchmarkTests {
  private func kernel(
    _ name: String, _ seconds: Double, least: Double, operations: Double = 0, differs: Bool = false
  ) -> KernelTimes {
    KernelTimes(
      name: name, calls: 40, seconds: seconds, least: least, operations: operations, differs: differs)
  }

  private func table(_ kernels: [KernelTimes], operations: Double, threads: Int) throws -> BenchmarkTable {
    let run = try StepSizes(.quick64).specification(of: "transformer")
    let profile = StepProfile(
      kernels: kernels, seconds: 0.01, plainSeconds: 0.009, clockSeconds: 15e-9, betweenKernels: 0.002,
      operations: operations,
      threads: threads, bestRate: 100e9, undisturbedRate: 125e9)
    let conditions = StepBenchmark.Conditions(
      instructionSet: "avx2", threads: threads, times: 3, omission: .nothing)
    return ProfileBenchmark([.init("transformer", run)], conditions, [profile]).table(notes: ["sizes"])
  }

  @Test func `kernels, what is between them, the whole step and its least`() throws {
    let found = try table(
      [
        kernel("matmul", 0.006, least: 0.005, operations: 0.4e9),
        kernel("softmax", 0.002, least: 0.0015, differs: true),
      ], operations: 0.4e9, threads: 1)
    let lines = found.text.split(separator: "\n")
    #expect(
      lines.dropFirst(1) == [
        "sizes", "everything computed (--full)",
        "the first step of a run, 3 times with a clock around every kernel, in turn with as many without; reading it takes 15 ns, which is no call's",
        "least: every call as fast as it was in any of these steps; of bound: what useful operations take at the best product's rate, its fastest try for the last row, of the time",
        "transformer: steps differ in calls of softmax; their least is that of a whole step",
        "model        kernel                  calls      ms  of step  least ms  useful GFLOP  of bound",
        "transformer  matmul                     40   6.000   60.0 %     5.000         0.400      67 %",
        "transformer  softmax                    40   2.000   20.0 %     1.500             –         –",
        "transformer  between kernels             –   2.000   20.0 %         –             –         –",
        "transformer  whole step                  –  10.000  100.0 %         –         0.400      40 %",
        "transformer  whole step, no clock        –   9.000   90.0 %         –         0.400      44 %",
        "transformer  kernels at their least      –       –        –     6.500         0.400      49 %",
      ])
  }

  @Test func `on several threads times are added up, and work that is done twice is said`() throws {
    let found = try table(
      [kernel("matmul", 0.018, least: 0.016, operations: 0.9e9)], operations: 0.8e9, threads: 2)
    let lines = found.text.split(separator: "\n")
    #expect(
      lines[5]
        == "times are those of all 2 threads added up; between kernels they also wait, as in the bound's products"
    )
    #expect(
      lines[6].hasPrefix("transformer: kernels do 0.900 GFLOP where 0.800 are useful: threads that read"))
    #expect(
      lines[8]
        == "transformer  matmul                     40  18.000   90.0 %    16.000         0.900     100 %")
    #expect(
      lines[10]
        == "transformer  whole step                  –  20.000  100.0 %         –         0.800      80 %")
    #expect(
      lines.last
        == "transformer  kernels at their least      –       –        –    16.000         0.800      80 %")
  }

  @Test func `a saved profile stands beside, kernel by kernel`() throws {
    let before = try table([kernel("matmul", 0.006, least: 0.004)], operations: 1e9, threads: 1)
    let now = try table([kernel("matmul", 0.003, least: 0.002)], operations: 1e9, threads: 1)
    let saved = try SavedBenchmark(path: "saved.json", Data(before.json.utf8))
    let text = try now.beside(saved).text
    #expect(
      text.contains(/transformer +matmul +40 +3.000 +6.000 +2.00 +30.0 % +2.000 +4.000 +2.00/), "\(text)")
  }
}
