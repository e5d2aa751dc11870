import Tasks
import Testing

@Suite struct TaskCatalogue {
  @Test func `every task has a name of its own, a lower-case word with hyphens`() throws {
    let names = taskCatalogue.map { $0.name }
    #expect(Set(names).count == names.count)
    for name in names { #expect(try #/[a-z][a-z0-9]*(-[a-z0-9]+)*/#.wholeMatch(in: name) != nil) }
  }

  @Test func `sorting is in it`() {
    #expect(taskCatalogue.contains { $0.name == "sorting" })
  }
}
