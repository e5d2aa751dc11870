import Archive
import Glibc
import Harness
import Testing

@Suite struct VerdictTests {
  private func verdict(_ ending: Ending, _ state: RunState = .interrupted, wasAsked: Bool = false) -> Verdict
  {
    Verdict(ending, state: state, end: nil, wasAsked: wasAsked)
  }

  private func failure(_ verdict: Verdict) -> FailureClass? {
    if case .failed(let failure, _) = verdict { failure } else { nil }
  }

  @Test(arguments: [Ending.exited(0), .exited(1), .signalled(SIGKILL), .timedOut])
  func `a published result is success, however the process ended`(ending: Ending) {
    #expect(verdict(ending, .done) == .done)
  }

  @Test func `an exit without a result is none`() {
    #expect(failure(verdict(.exited(0))) == .noResult)
  }

  @Test(arguments: [SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE])
  func `a trap is a crash, and no accident`(signal: Int32) {
    #expect(failure(verdict(.signalled(signal))) == .crash)
    #expect(!verdict(.signalled(signal)).isAccident)
  }

  @Test func `a kill from outside is an accident, one that was asked for a stop`() {
    #expect(failure(verdict(.signalled(SIGKILL))) == .killed)
    #expect(verdict(.signalled(SIGKILL)).isAccident)
    #expect(verdict(.signalled(SIGKILL), wasAsked: true) == .stopped)
    #expect(verdict(.exited(3), wasAsked: true) == .stopped)
  }

  @Test func `a kill is one for want of memory where something shows it`() {
    for ending in [Ending.signalled(SIGKILL), .exited(137)] {
      let verdict = Verdict(
        ending, state: .interrupted, end: nil, wasAsked: false, wantOfMemory: "it held all")
      #expect(verdict == .failed(.outOfMemory, "killed for want of memory: it held all"))
      #expect(!verdict.isAccident)
      #expect(failure(self.verdict(ending)) == .killed)
      #expect(self.verdict(ending, wasAsked: true) == .stopped)
    }
    let crash = Verdict(
      .signalled(SIGSEGV), state: .interrupted, end: nil, wasAsked: false, wantOfMemory: "it held all")
    #expect(failure(crash) == .crash)
  }

  @Test func `75 means that somebody else has it, time means time`() {
    #expect(verdict(.exited(75)) == .elsewhere)
    #expect(failure(verdict(.timedOut)) == .timeout)
    #expect(verdict(.timedOut).isAccident)
  }

  @Test func `what the surroundings did is an accident, and nothing else is`() {
    #expect(FailureClass.allCases.filter(\.isAccident) == [.killed, .timeout, .io])
  }

  @Test func `what a worker said counts where it could write nothing down`() {
    let full = Verdict(
      .exited(2), state: .pending, end: nil, said: (.io, "the disk is full"), wasAsked: false)
    #expect(full == .failed(.io, "the disk is full") && full.isAccident)
  }
}
