import Expectations
import Foundation
import Tensors
import Testing

@Suite struct TapeTests {
  @Test func `contributions are added in reverse order of recording`() {
    let tape = Tape()
    let x = tape.watch(Tensor([1], [1]))
    let (a, b, c) = (x * 1, x * 1e8, x * -1e8)
    // (-1e8 + 1e8) + 1, and not (1 + 1e8) - 1e8, which is 0.
    #expect(tape.gradients(of: (a + b + c).sum(), for: [x])[0]?.values == [1])
  }

  @Test func `the order is that of recording, not of use`() {
    let tape = Tape()
    let x = tape.watch(Tensor([1], [1]))
    let (c, b, a) = (x * -1e8, x * 1e8, x * 1)
    #expect(tape.gradients(of: (a + b + c).sum(), for: [x])[0]?.values == [0])
  }

  @Test func `operations on constants record nothing`() {
    let x = Tensor([2], [1, 2])
    #expect(!(x * x + x).softmax().isTraced)
    let tape = Tape()
    #expect(tape.watch(x).isTraced && (tape.watch(x) + x).isTraced)
    #expect(!x.isTraced)
  }

  @Test func `nothing flows through a detached tensor`() {
    let tape = Tape()
    let x = tape.watch(Tensor([1], [3]))
    let y = (x * x).detached
    #expect(!y.isTraced && y.values == [9])
    #expect(tape.gradients(of: (x * y).sum(), for: [x])[0]?.values == [9])
  }

  @Test func `where there is no path there is no gradient`() {
    let tape = Tape()
    let (x, y) = (tape.watch(Tensor([2], [1, 2])), tape.watch(Tensor([2], [3, 4])))
    _ = y * 2
    let gradients = tape.gradients(of: x.sum(), for: [y, x])
    #expect(gradients[0] == nil)
    #expect(gradients[1]?.values == [1, 1])
    let other = Tape()
    let z = other.watch(Tensor([1], [1]))
    #expect(other.gradients(of: Tensor([1], [5]), for: [z])[0] == nil)
  }

  @Test func `gradients are constants`() {
    let tape = Tape()
    let x = tape.watch(Tensor([2], [1, 2]))
    let gradient = tape.gradients(of: (x * x).sum(), for: [x])[0]
    #expect(gradient?.isTraced == false)
  }

  @Test func `the gradient of a watched number with respect to itself is one`() {
    let tape = Tape()
    let x = tape.watch(Tensor([], [7]))
    #expect(tape.gradients(of: x, for: [x])[0]?.values == [1])
  }

  @Test func `a tape of 300,000 operations is swept and let go of`() {
    let tape = Tape()
    let x = tape.watch(Tensor([1], [1]))
    var y = x
    for _ in 0..<300_000 { y = y * 1 }
    #expect(tape.gradients(of: y.sum(), for: [x])[0]?.values == [1])
    var forgotten: Tape? = Tape()
    var z = forgotten?.watch(Tensor([1], [1])) ?? x
    for _ in 0..<300_000 { z = z * 1 }
    // Dropped as it is, never swept.
    forgotten = nil
    z = x
    #expect(z.values == [1])
  }

  @Test func `a tape is released, and everything that it held`() {
    func resident() throws -> Int {
      let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
    weak var released: Tape?
    func work(sweeps: Bool) {
      let tape = Tape()
      released = tape
      let x = tape.watch(Tensor([1000, 1000], repeating: 1))
      let weight = tape.watch(Tensor([1000, 2], repeating: 0.1))
      let y = (x * 0.5 + x).gelu(.tanh).softmax().mapped(by: weight)
      if sweeps { _ = tape.gradients(of: y.sum(), for: [weight, x]) }
    }
    #expect(throws: Never.self) {
      work(sweeps: true)
      let before = try resident()
      // Forty megabytes each: what leaked would show among whatever other tests hold.
      for round in 0..<40 {
        work(sweeps: round.isMultiple(of: 2))
        #expect(released == nil)
      }
      #expect(try resident() - before < 800_000_000)
    }
  }
}
