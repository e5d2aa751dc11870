import Archive
import Harness
import Testing

@Suite struct NumberBytesTests {
  @Test func `the first other number is told with both in hexadecimal`() {
    let expected = NumberBytes("weight", [Float(1), 2, 3])
    let found = NumberBytes("weight", [Float(1), Float(2).nextUp, 4])
    #expect(
      expected.difference(in: found)
        == BitsDifference("weight, element 1", expected: "0x40000000", found: "0x40000001"))
    #expect("\(expected.difference(in: found)!)".contains("weight, element 1: expected 0x40000000, found 0x"))
  }

  @Test func `numbers that are equal but not the same are told apart`() {
    let zeros = (NumberBytes("x", [0.0]), NumberBytes("x", [-0.0]))
    #expect(zeros.0.difference(in: zeros.1)?.found == "0x8000000000000000")
    let notNumbers = NumberBytes("x", [Float.nan])
    #expect(notNumbers.difference(in: notNumbers) == nil)
  }

  @Test func `another length and another name are differences`() {
    let one = NumberBytes("x", [Int32(1), 2])
    #expect(one.difference(in: NumberBytes("x", [Int32(1)]))?.found == "1 numbers")
    #expect(one.difference(in: NumberBytes("y", [Int32(1), 2]))?.found == "y")
    #expect(firstDifference([one], [one, one])?.found == "2 tensors")
    #expect(firstDifference([one, one], [one, one]) == nil)
    #expect(NumberBytes("x", [Float]()).difference(in: NumberBytes("x", [Float]())) == nil)
  }

  @Test func `every kind of stored numbers is compared`() {
    let kinds: [(Elements, Elements)] = [
      (.float32([1, 2]), .float32([1, 3])), (.float64([1, 2]), .float64([1, 3])),
      (.uint8([1, 2]), .uint8([1, 3])),
      (.int32([1, 2]), .int32([1, 3])), (.uint32([1, 2]), .uint32([1, 3])),
      (.int64([1, 2]), .int64([1, 3])),
      (.uint64([1, 2]), .uint64([1, 3])),
    ]
    for (one, other) in kinds {
      #expect(NumberBytes("x", one).difference(in: NumberBytes("x", one)) == nil)
      #expect(NumberBytes("x", one).difference(in: NumberBytes("x", other))?.place == "x, element 1")
    }
    #expect(
      NumberBytes("x", .texts(["ab", "c"])).difference(in: NumberBytes("x", .texts(["a", "bc"]))) != nil)
  }
}
