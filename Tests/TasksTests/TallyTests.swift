import Tasks
import Testing

@Suite struct Tallies {
  @Test func `accuracy is a micro average: labels weigh the same, whatever example they are in`() {
    var total = Tally()
    #expect(total.accuracy == nil)
    total += Tally(right: 1, labels: 1)
    total += Tally(right: 0, labels: 3)
    #expect(total.accuracy == 0.25)
  }

  @Test func `more right than there are labels stops the program`() async {
    await #expect(processExitsWith: .failure) { _ = Tally(right: 2, labels: 1) }
  }
}
